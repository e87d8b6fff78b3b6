/// The id of one kind of thing: a random UUID (RFC 9562, version 4) in lower case. Ids of different kinds do not mix.
package struct Identifier<Kind>: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  package let rawValue: String

  /// - Parameter rawValue: not checked; see `isValid(_:)`
  package init(rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  /// The first eight characters, which are enough to name it by hand.
  package var short: String { String(rawValue.prefix(8)) }

  /// The first eight characters, or as many more as tell it apart from the others.
  package func short(among others: some Sequence<Identifier>) -> String {
    var length = 8
    for other in others where other != self {
      length = max(length, zip(rawValue.utf8, other.rawValue.utf8).prefix { $0 == $1 }.count + 1)
    }
    return String(rawValue.prefix(length))
  }

  /// Whether `text` is a UUID in lower case, of any version.
  package static func isValid(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isValid(UnsafeRawBufferPointer($0)) }
  }

  /// The same for UTF-8.
  static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count == 36 else { return false }
    for index in 0..<36 {
      let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
      let byte = text[index]
      guard isHyphen ? byte == 0x2d : byte &- 0x30 < 10 || byte &- 0x61 < 6 else { return false }
    }
    return true
  }

  /// The first and the last id that begin like that; nil if none does.
  static func bounds(prefix: String) -> (first: Identifier, last: Identifier)? {
    func filled(_ filler: String) -> String { prefix + filler.dropFirst(prefix.count) }
    let first = filled("00000000-0000-0000-0000-000000000000")
    guard isValid(first) else { return nil }
    return (Identifier(rawValue: first), Identifier(rawValue: filled("ffffffff-ffff-ffff-ffff-ffffffffffff")))
  }
}

/// The id of a user.
package typealias UserID = Identifier<UserKind>
/// The id of a legacy.
package typealias LegacyID = Identifier<LegacyKind>
/// The id of a conversation.
package typealias ConversationID = Identifier<ConversationKind>
/// The id of a message.
package typealias MessageID = Identifier<MessageKind>

/// Marks the ids of users.
package enum UserKind {}
/// Marks the ids of legacies.
package enum LegacyKind {}
/// Marks the ids of conversations.
package enum ConversationKind {}
/// Marks the ids of messages.
package enum MessageKind {}

/// Makes ids.
package struct IDGenerator: Sendable {
  private let makeUUID: @Sendable () throws -> String

  /// - Parameter makeUUID: a new UUID in lower case at each call
  package init(_ makeUUID: @escaping @Sendable () throws -> String) { self.makeUUID = makeUUID }

  /// Random ids (RFC 9562, version 4).
  ///
  /// `Foundation.UUID()` reads /dev/urandom and gives the same id every time if that cannot be opened; the standard
  /// library's generator ends the process if the kernel gives nothing.
  package static let random = IDGenerator {
    var bytes = try RandomBytes.make(16)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let digits = hexadecimal(bytes)
    var groups: [Substring] = []
    var rest = digits[...]
    for length in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return groups.joined(separator: "-")
  }

  /// A new id of whatever kind is asked for.
  ///
  /// - Throws: `Failure` with code `storage_failed` without random numbers
  package func next<Kind>() throws -> Identifier<Kind> { Identifier(rawValue: try makeUUID()) }
}
