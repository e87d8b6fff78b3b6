/// The id of one kind of thing: a random UUID (RFC 9562, version 4) in lower case. Ids of different kinds do not mix.
package struct Identifier<Kind>: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  package let rawValue: String

  /// - Parameter rawValue: not checked; see `isValid(_:)`
  package init(rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  /// The first eight characters, which are enough to name it by hand.
  package var short: String { String(rawValue.prefix(8)) }

  /// Whether `text` is a UUID in lower case, of any version.
  package static func isValid(_ text: String) -> Bool {
    guard text.utf8.count == 36 else { return false }
    var index = 0
    for byte in text.utf8 {
      let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
      guard isHyphen ? byte == 0x2d : (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return false }
      index += 1
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

package typealias UserID = Identifier<UserKind>
package typealias LegacyID = Identifier<LegacyKind>
package typealias ConversationID = Identifier<ConversationKind>
package typealias MessageID = Identifier<MessageKind>

package enum UserKind {}
package enum LegacyKind {}
package enum ConversationKind {}
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
  /// - Throws: `Failure` with code `storage_failed` if there are no random numbers
  package func next<Kind>() throws -> Identifier<Kind> { Identifier(rawValue: try makeUUID()) }
}
