/// The rules for names and messages.
package enum Rules {
  /// The most Unicode scalars a message may have.
  package static let maximumMessageLength = 10_000
  /// The most characters a legacy's name, a handle or a title may have.
  package static let maximumNameLength = 200
  /// The most Unicode scalars the key of a message may have.
  private static let maximumKeyLength = 255
  /// Where a title made from a message is cut, in characters.
  static let derivedTitleLength = 80

  /// The text of a message, trimmed at its end.
  ///
  /// - Throws: `Failure` with code `invalid_input` for bytes that are not UTF-8, contain a NUL, or are too few or too
  ///   many
  package static func message(from bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .invalidInput, "the message is not valid UTF-8", advice: "convert it first, for example with `iconv -t UTF-8`")
    }
    return try message(text)
  }

  /// The text of a message, trimmed at its end.
  ///
  /// - Parameters:
  ///   - what: how to call it in an error
  ///   - mayBeInvisible: allows a text without anything visible, as older versions did
  /// - Throws: `Failure` with code `invalid_input` for a text that contains a NUL, or is too short or too long
  package static func message(
    _ text: String, _ what: String = "the message", mayBeInvisible: Bool = false
  ) throws -> String {
    // The mark that some editors put at the beginning of a file is not a message, nor is what nobody sees.
    guard mayBeInvisible || !isBlank(text.utf8),
      let end = text.unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
    else {
      throw Failure(.invalidInput, "\(what) is empty", advice: "write something")
    }
    let trimmed = String(text.unicodeScalars[...end])
    // A text of no more bytes has no more characters either.
    let isShort = trimmed.utf8.count <= maximumMessageLength
    let count = isShort ? 0 : trimmed.unicodeScalars.count
    guard count <= maximumMessageLength else {
      throw Failure(
        .invalidInput,
        "\(what) has \(grouped(count)) characters; at most \(grouped(maximumMessageLength)) are allowed",
        advice: "send it in several parts")
    }
    guard !trimmed.containsNUL else {
      throw Failure(.invalidInput, "\(what) contains a NUL character", advice: "send text, not a binary file")
    }
    return trimmed
  }

  /// Whether a text has nothing to read in it: only white space, byte order marks and other invisible characters.
  package static func isBlank(_ bytes: some Collection<UInt8>) -> Bool {
    !String(decoding: bytes, as: UTF8.self).unicodeScalars.contains {
      isVisible($0) && $0.properties.generalCategory != .control
    }
  }

  /// Checks a legacy's name, a handle or a title: 1 to 200 characters on one line, no control characters, no hidden
  /// text. Gives it as `asReference` does, so that it is found by what was typed.
  ///
  /// - Parameters:
  ///   - what: how to call it in an error
  ///   - mayBeInvisible: allows a text without anything visible
  /// - Throws: `Failure` with code `invalid_input`
  package static func name(_ text: String, _ what: String, mayBeInvisible: Bool = false) throws -> String {
    let trimmed = text.asReference
    guard !trimmed.isEmpty else {
      throw Failure(.invalidInput, "\(what) is empty", advice: "give it 1 to \(maximumNameLength) characters")
    }
    try check(trimmed, what, mayBeInvisible: mayBeInvisible)
    return trimmed
  }

  /// Checks a conversation's name: by the rules for names, but white space at its ends stays, since it counts when
  /// names are compared.
  ///
  /// - Throws: `Failure` with code `invalid_input`
  package static func conversationName(_ text: String) throws -> String {
    let name = text.withoutByteOrderMarks
    try check(name, "the conversation's name", mayBeInvisible: false)
    return name
  }

  /// Whether two names of conversations are the same: exactly, but for byte order marks at their ends and for how
  /// accents are written, which differs between systems (Unicode: canonically equivalent).
  static func isSameConversationName(_ left: String, _ right: String) -> Bool {
    left.withoutByteOrderMarks == right.withoutByteOrderMarks
  }

  /// Checks a message's key: 1 to 255 Unicode scalars.
  ///
  /// - Throws: `Failure` with code `invalid_input`
  package static func key(_ text: String) throws -> IdempotencyKey {
    guard (1...maximumKeyLength).contains(text.unicodeScalars.count) else {
      throw Failure(
        .invalidInput, "the idempotency key must have 1 to \(maximumKeyLength) characters",
        advice: "use a hash if it would be longer")
    }
    return IdempotencyKey(rawValue: text)
  }

  /// Checks the length of a name, and what is in it.
  private static func check(_ trimmed: String, _ what: String, mayBeInvisible: Bool) throws {
    guard trimmed.count <= maximumNameLength, trimmed.unicodeScalars.count <= maximumNameLength * 8 else {
      throw Failure(
        .invalidInput, "\(what) is longer than \(maximumNameLength) characters", advice: "shorten it")
    }
    guard !trimmed.unicodeScalars.contains(where: isForbiddenInNames) else {
      throw Failure(
        .invalidInput, "\(what) must be one line without control characters",
        advice: "remove line breaks, tabs and the like")
    }
    guard mayBeInvisible || trimmed.unicodeScalars.contains(where: isVisible) else {
      throw Failure(.invalidInput, "\(what) has nothing visible in it", advice: "give it letters")
    }
    guard !trimmed.contains(where: hidesText) else {
      throw Failure(
        .invalidInput, "\(what) hides text in invisible characters", advice: "type it instead of pasting it")
    }
  }

  /// Whether it is visible. Joiners and other invisible characters are part of names in many scripts,
  /// but they are not a name by themselves.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint
  }

  /// Whether tag characters are in it: an invisible ASCII, which a model reads and nobody sees. They have their place
  /// in the flags of regions.
  private static func hidesText(_ character: Character) -> Bool {
    let scalars = character.unicodeScalars
    return scalars.contains { tags.contains($0.value) } && (scalars.first != "\u{1f3f4}" || scalars.count > 8)
  }

  /// Tag characters.
  private static let tags: ClosedRange<UInt32> = 0xe0000...0xe007f

  /// Control characters, line and paragraph separators, and what turns the direction of text around.
  private static func isForbiddenInNames(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
  }

  /// A title from a conversation's first message: one line, cut to 80 characters at a word.
  static func title(from message: String) -> String {
    let words = message.unicodeScalars.split {
      $0.properties.isWhitespace || isForbiddenInNames($0) || tags.contains($0.value)
    }
    .filter { $0.contains(where: isVisible) }.map { String($0) }
    var title = ""
    for word in words {
      let longer = title.isEmpty ? word : "\(title) \(word)"
      guard longer.count <= derivedTitleLength, longer.unicodeScalars.count <= maximumNameLength * 8 else { break }
      title = longer
    }
    guard title.isEmpty else { return title.asReference }
    // From where there is something to see; a character may be built of any number of scalars.
    let start = String(String.UnicodeScalarView((words.first ?? "…").unicodeScalars.drop { !isVisible($0) }))
    return String(
      String.UnicodeScalarView(start.prefix(derivedTitleLength).unicodeScalars.prefix(maximumNameLength * 8))
    ).asReference
  }
}
