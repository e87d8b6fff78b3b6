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
    func append(_ number: Int) {
      var number = number
      while number >= 0x80 {
        bytes.append(UInt8(number & 0x7f) | 0x80)
        number >>= 7
      }
      bytes.append(UInt8(number))
    }
    for entry in entries {
      append((entry.place - next) << 1 | (entry.count > 1 ? 1 : 0))
      if entry.count > 1 { append(entry.count) }
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
    var index = 0
    func number() -> Int? {
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
    var place = 0
    while let head = number() {
      guard let count = head & 1 == 1 ? number() : 1 else { return }
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

  /// As they are stored: for each place the conversation in four bytes, the lowest first, and one byte: twice eight
  /// times the logarithm of the length and 1, to base 2, plus 1 for a reply.
  package private(set) var bytes: [UInt8]
  /// As they are stored: for each place the time in four bytes, the lowest first. Empty if they are not known.
  package private(set) var times: [UInt8]

  private static let (size, timeSize) = (5, 4)

  /// Places for `count` messages.
  package init(count: Int) {
    bytes = Array(repeating: 0, count: count * SearchDocuments.size)
    times = Array(repeating: 0, count: count * SearchDocuments.timeSize)
  }

  /// - Parameters:
  ///   - bytes: as `bytes` gives them
  ///   - times: as `times` gives them
  package init(bytes: [UInt8], times: [UInt8] = []) {
    self.bytes = bytes
    self.times = times
  }

  package var count: Int { bytes.count / SearchDocuments.size }

  /// The messages that are there.
  package var messages: [Entry] { (0..<count).map { self[$0] }.filter { $0.conversation > 0 } }

  /// The entry at a place.
  package subscript(place: Int) -> Entry {
    get {
      var entry = Entry()
      let start = place * SearchDocuments.size
      entry.conversation = SearchDocuments.number(bytes, start)
      entry.isReply = bytes[start + 4] & 1 == 1
      entry.length = SearchDocuments.lengths[Int(bytes[start + 4] >> 1)]
      let time = place * SearchDocuments.timeSize
      if time + SearchDocuments.timeSize <= times.count { entry.time = SearchDocuments.number(times, time) }
      return entry
    }
    set {
      let start = place * SearchDocuments.size
      SearchDocuments.put(newValue.conversation, &bytes, start)
      let length = UInt8(min(127, (8 * log2(Double(newValue.length + 1))).rounded()))
      bytes[start + 4] = length << 1 | (newValue.isReply ? 1 : 0)
      SearchDocuments.put(newValue.time, &times, place * SearchDocuments.timeSize)
    }
  }

  /// The length that each logarithm stands for.
  private static let lengths = (0..<128).map { Int((exp2(Double($0) / 8) - 1).rounded()) }

  private static func number(_ bytes: [UInt8], _ start: Int) -> Int {
    Int(bytes[start]) | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2]) << 16 | Int(bytes[start + 3]) << 24
  }

  private static func put(_ number: Int, _ bytes: inout [UInt8], _ start: Int) {
    for byte in 0..<4 { bytes[start + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
  }

  /// Puts the entries of another one there, from a place on.
  package mutating func replace(from place: Int, with other: SearchDocuments) {
    let (start, time) = (place * SearchDocuments.size, place * SearchDocuments.timeSize)
    bytes.replaceSubrange(start..<start + other.bytes.count, with: other.bytes)
    times.replaceSubrange(time..<time + other.times.count, with: other.times)
  }
}
