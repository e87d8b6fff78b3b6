import Platform

/// Which messages of a block have a word, and how often.
package struct Postings: Equatable, Sendable {
  /// A message that has the word.
  package struct Entry: Equatable, Sendable {
    /// The place of the message in its block, from 0.
    package var place: Int
    /// How often it has the word; at least 1.
    package var count: Int

    package init(place: Int, count: Int) {
      self.place = place
      self.count = count
    }
  }

  /// By place.
  package var entries: [Entry]

  package init(_ entries: [Entry] = []) { self.entries = entries }

  /// Notes that the message at `place`, the last one or a later one, has the word once more.
  package mutating func count(_ place: Int) {
    if let last = entries.indices.last, entries[last].place == place {
      entries[last].count += 1
    } else {
      entries.append(Entry(place: place, count: 1))
    }
  }

  /// As they are stored: for each entry twice the distance from the one before, plus 1 if a count follows, which is
  /// else 1. Numbers are stored as in LEB128.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    var next = 0
    for entry in entries {
      bytes.append(number: (entry.place - next) << 1 | (entry.count > 1 ? 1 : 0))
      if entry.count > 1 { bytes.append(number: entry.count) }
      next = entry.place + 1
    }
    return bytes
  }

  /// Bytes that were not written here end the list.
  package init(bytes: [UInt8]) {
    entries = []
    Postings.forEach(in: bytes) { entries.append(Entry(place: $0, count: $1)) }
  }

  /// Passes on each place and count of a list as it is stored.
  package static func forEach(in bytes: [UInt8], _ body: (_ place: Int, _ count: Int) -> Void) {
    var reader = NumberReader(bytes)
    var place = 0
    while let head = reader.next() {
      guard let count = head & 1 == 1 ? reader.next() : 1 else { return }
      place += head >> 1
      body(place, count)
      place += 1
    }
  }
}

/// What search knows of the messages of a block without reading them.
package struct SearchDocuments: Equatable, Sendable {
  /// What is known of a message.
  package struct Entry: Equatable, Sendable {
    /// The number of the conversation; 0 if this place has no message.
    package var conversation = 0
    package var isReply = false
    /// How many words it has, to within a tenth or so.
    package var length = 0
    /// When it was created, in seconds since 1970, as far as 32 bits go; 0 if that is not known here.
    package var time = 0

    package init() {}

    package init(conversation: Int, createdAt: Timestamp, isReply: Bool, length: Int) {
      self.conversation = conversation
      self.isReply = isReply
      self.length = length
      time = min(max(0, Int(createdAt.milliseconds / 1000)), Int(UInt32.max))
    }
  }

  /// Of each place, the number of the conversation; 0 if it has no message.
  private var conversations: [UInt32]
  /// Of each place, twice eight times the logarithm of the length and 1, to base 2, plus 1 for a reply.
  private var marks: [UInt8]
  /// As they are stored: for each place the time in four bytes, the lowest first. Empty if they are not known.
  package private(set) var times: [UInt8]

  private static let timeSize = 4

  /// Places for `count` messages.
  package init(count: Int) {
    conversations = Array(repeating: 0, count: count)
    marks = Array(repeating: 0, count: count)
    times = Array(repeating: 0, count: count * SearchDocuments.timeSize)
  }

  /// Bytes that were not written here have fewer places, or none.
  ///
  /// - Parameters:
  ///   - bytes: as `bytes` gives them
  ///   - times: as `times` gives them
  package init(bytes: [UInt8], times: [UInt8] = []) {
    conversations = []
    var reader = NumberReader(bytes)
    let count = min(reader.next() ?? 0, bytes.count)
    conversations.reserveCapacity(count)
    while conversations.count < count, let length = reader.next(), let conversation = reader.next(),
      length <= count - conversations.count, let conversation = UInt32(exactly: conversation)
    {
      conversations.append(contentsOf: repeatElement(conversation, count: length))
    }
    marks = Array(bytes[reader.index...].prefix(conversations.count))
    conversations.removeLast(conversations.count - marks.count)
    let isComplete = times.count == marks.count * SearchDocuments.timeSize
    self.times =
      times.isEmpty || isComplete ? times : Array(repeating: 0, count: marks.count * SearchDocuments.timeSize)
  }

  /// As they are stored, without the times: how many places there are, for each run of places of one conversation its
  /// length and the conversation's number, all as in LEB128, and then the marks.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(marks.count + 64)
    bytes.append(number: marks.count)
    var start = 0
    while start < marks.count {
      let end = conversations[start...].firstIndex { $0 != conversations[start] } ?? marks.count
      bytes.append(number: end - start)
      bytes.append(number: Int(conversations[start]))
      start = end
    }
    return bytes + marks
  }

  package var count: Int { marks.count }

  /// The messages that are there.
  package var messages: [Entry] { (0..<count).map { self[$0] }.filter { $0.conversation > 0 } }

  /// The entry at a place.
  package subscript(place: Int) -> Entry {
    get {
      var entry = Entry()
      entry.conversation = Int(conversations[place])
      entry.isReply = marks[place] & 1 == 1
      entry.length = SearchDocuments.lengths[Int(marks[place] >> 1)]
      let time = place * SearchDocuments.timeSize
      if time + SearchDocuments.timeSize <= times.count {
        for byte in 0..<SearchDocuments.timeSize { entry.time |= Int(times[time + byte]) << (8 * byte) }
      }
      return entry
    }
    set {
      conversations[place] = UInt32(clamping: newValue.conversation)
      let length = UInt8(min(127, (8 * log2(Double(newValue.length + 1))).rounded()))
      marks[place] = length << 1 | (newValue.isReply ? 1 : 0)
      for byte in 0..<SearchDocuments.timeSize where !times.isEmpty {
        times[place * SearchDocuments.timeSize + byte] = UInt8(truncatingIfNeeded: newValue.time >> (8 * byte))
      }
    }
  }

  /// The length that each logarithm stands for.
  private static let lengths = (0..<128).map { Int((exp2(Double($0) / 8) - 1).rounded()) }

  /// Puts the entries of another one there, from a place on.
  package mutating func replace(from place: Int, with other: SearchDocuments) {
    let time = place * SearchDocuments.timeSize
    conversations.replaceSubrange(place..<place + other.count, with: other.conversations)
    marks.replaceSubrange(place..<place + other.count, with: other.marks)
    times.replaceSubrange(time..<time + other.times.count, with: other.times)
  }
}

/// Reads numbers as in LEB128.
private struct NumberReader {
  private let bytes: [UInt8]
  private(set) var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next number; nil at the end, or if it has more than 35 bits.
  mutating func next() -> Int? {
    var (number, shift) = (0, 0)
    while index < bytes.count, shift < 35 {
      let byte = bytes[index]
      index += 1
      number |= Int(byte & 0x7f) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}

extension [UInt8] {
  /// Appends a number as in LEB128.
  fileprivate mutating func append(number: Int) {
    var number = number
    while number >= 0x80 {
      append(UInt8(number & 0x7f) | 0x80)
      number >>= 7
    }
    append(UInt8(number))
  }
}
