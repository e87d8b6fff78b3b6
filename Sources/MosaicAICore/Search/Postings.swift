/// Which messages of a block have a word, and how often.
package struct Postings: Equatable, Sendable {
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

  /// As they are stored: for each entry twice the distance from the one before, plus 1 if a count follows, which is else
  /// 1. Numbers are stored as in LEB128.
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
  package init(bytes: some Sequence<UInt8>) {
    entries = []
    var place = 0
    Postings.read(bytes) { distance, count in
      place += distance
      entries.append(Entry(place: place, count: count))
      place += 1
    }
  }

  private static func read(_ bytes: some Sequence<UInt8>, _ body: (_ distance: Int, _ count: Int) -> Void) {
    var iterator = bytes.makeIterator()
    func number() -> Int? {
      var (number, shift) = (0, 0)
      while let byte = iterator.next(), shift < 35 {
        number |= Int(byte & 0x7f) << shift
        if byte < 0x80 { return number }
        shift += 7
      }
      return nil
    }
    while let head = number() {
      guard head & 1 == 1 else {
        body(head >> 1, 1)
        continue
      }
      guard let count = number() else { return }
      body(head >> 1, count)
    }
  }
}

/// What search knows of the messages of a block without reading them.
package struct SearchDocuments: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    /// The number of the conversation; 0 if there is no message at this place.
    package var conversation = 0
    /// When it was created, in seconds since 1970, as far as 32 bits go.
    package var time = 0
    package var isReply = false
    /// How many words it has.
    package var length = 0

    package init() {}

    package init(conversation: Int, createdAt: Timestamp, isReply: Bool, length: Int) {
      self.conversation = conversation
      time = min(max(0, Int(createdAt.milliseconds / 1000)), Int(UInt32.max))
      self.isReply = isReply
      self.length = length
    }
  }

  /// By place.
  package var entries: [Entry]

  package init(count: Int) { entries = Array(repeating: Entry(), count: count) }

  private static let size = 12

  /// As they are stored: for each entry three numbers of four bytes, the lowest byte first.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.count * SearchDocuments.size)
    for entry in entries {
      for number in [entry.conversation, entry.time, entry.length << 1 | (entry.isReply ? 1 : 0)] {
        let number = UInt32(truncatingIfNeeded: number)
        for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
      }
    }
    return bytes
  }

  /// - Parameter bytes: as `bytes` gives them; an incomplete entry at the end is left out
  package init(bytes: [UInt8]) {
    entries = bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / SearchDocuments.size).map { index in
        func number(_ field: Int) -> Int {
          Int(
            UInt32(
              littleEndian: bytes.loadUnaligned(
                fromByteOffset: index * SearchDocuments.size + field * 4, as: UInt32.self)))
        }
        var entry = Entry()
        entry.conversation = number(0)
        entry.time = number(1)
        entry.isReply = number(2) & 1 == 1
        entry.length = number(2) >> 1
        return entry
      }
    }
  }
}
