/// An error as AWS reports it: its name and its text, wherever they are found.
struct ServiceError: Equatable {
  let name: String?
  let message: String?
  /// What the provider of the model said, if Bedrock passes it on.
  let originalMessage: String?

  /// - Parameter secrets: what went along with the request; a service may quote it
  init(name: String?, message: String?, originalMessage: String? = nil, hiding secrets: [Secret]) {
    // Before the text is cut, since a part of a secret is one too.
    func line(_ text: String) -> String { ServiceError.oneLine(hiding(secrets, in: text)) }
    self.name = name.map { hiding(secrets, in: $0) }
    self.message = message.map(line)
    self.originalMessage = originalMessage.map(line).flatMap { $0.isEmpty || $0 == message.map(line) ? nil : $0 }
  }

  /// Reads the name as `ErrorName` does, the text from `message` or `Message`, and the provider's own from
  /// `originalMessage`.
  init(head: HTTPResponseHead, body: [UInt8], hiding secrets: [Secret]) {
    // Anything but JSON, such as a proxy's HTML, tells nothing.
    let members = try? JSON(parsing: body)
    func text(_ names: String...) -> String? { names.lazy.compactMap { members?[$0]?.string }.first }
    self.init(
      name: ErrorName.of(head, members), message: text("message", "Message"),
      originalMessage: text("originalMessage"), hiding: secrets)
  }

  /// Whether a day's quota is used up, so that seconds of waiting do not help.
  var isDaily: Bool { message?.lowercased().contains("per day") == true }

  /// Whether AWS does not accept the key, the signature or the API key.
  var isAboutCredentials: Bool {
    switch name {
    case "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignatureException",
      "MissingAuthenticationTokenException":
      true
    default: isAboutAPIKey
    }
  }

  /// Whether AWS does not accept the API key. Such errors have no name of their own.
  var isAboutAPIKey: Bool {
    let message = message?.lowercased() ?? ""
    return message.contains("api key is valid") || message.contains("bearer token")
  }

  /// An exception in a stream: its type, which begins with a small letter there, and its payload, of which nothing but
  /// JSON tells anything.
  init(exception type: String?, payload: some Sequence<UInt8>, hiding secrets: [Secret]) {
    let members = try? JSON(parsing: payload)
    self.init(
      name: type.map(ServiceError.capitalized), message: (members?["message"] ?? members?["Message"])?.string,
      originalMessage: members?["originalMessage"]?.string, hiding: secrets)
  }

  /// An error frame of a stream.
  init(errorCode: String?, message: String?, hiding secrets: [Secret]) {
    self.init(name: errorCode.map(ServiceError.capitalized), message: message, hiding: secrets)
  }

  private static func capitalized(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

  /// At most 500 characters, with white space and line breaks folded.
  ///
  /// If a signature does not match, AWS quotes the request it would have signed, with the session token: that is cut
  /// off.
  private static func oneLine(_ text: String) -> String {
    let shown = text[..<(text.firstRange(of: "The Canonical String")?.lowerBound ?? text.endIndex)]
    return String(shown.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(500))
  }
}
