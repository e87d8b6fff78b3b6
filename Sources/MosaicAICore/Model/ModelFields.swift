/// Parameters that only some models have: a JSON object that is sent unchanged.
package struct ModelFields: Equatable, Sendable {
  /// The members of the object, in the order they were given.
  package let members: [JSON.Member]

  /// Nil for anything but an object.
  package init?(_ json: JSON) {
    guard let members = json.members else { return nil }
    self.members = members
  }

  /// Reads a JSON object.
  ///
  /// - Throws: `Malformed`
  package init(parsing text: String) throws {
    do {
      let json = try JSON(parsing: text.utf8, keepingNumbers: true, isRepairing: false)
      guard let fields = ModelFields(json) else { throw Malformed(description: "it must be a JSON object") }
      self = fields
    } catch is JSON.HalfCharacter {
      throw Malformed(description: "it has half of a surrogate pair, which is not a character")
    } catch let error as JSONCursor.Malformed {
      throw Malformed(description: "it is not JSON: look at byte \(error.offset + 1)")
    }
  }

  /// The object.
  package var json: JSON { .object(members) }

  /// Why a text is not a JSON object.
  package struct Malformed: Error, CustomStringConvertible {
    package let description: String
  }
}
