/// What proves to AWS who is asking. It has no description that shows its secrets.
public enum Credentials: Equatable, Sendable {
  /// An access key, signed with SigV4.
  case accessKey(AccessKey)
  /// A Bedrock API key, sent as a bearer token (`AWS_BEARER_TOKEN_BEDROCK`).
  case apiKey(Secret)

  /// When they stop working, where that is known.
  public var expiration: Timestamp? {
    if case .accessKey(let key) = self { key.expiration } else { nil }
  }

  /// What must be told to nobody.
  var secrets: [Secret] {
    switch self {
    case .accessKey(let key): key.secrets
    case .apiKey(let secret): [secret]
    }
  }

  /// Whether all of what is sent can stand in an HTTP header (RFC 9110 §5.5): a line break would begin another one.
  var canBeSent: Bool {
    let sent =
      switch self {
      case .accessKey(let key): [key.id] + (key.sessionToken.map { [$0.exposed] } ?? [])
      case .apiKey(let secret): [secret.exposed]
      }
    return sent.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
  }
}

/// An access key of AWS, long-lived or temporary.
public struct AccessKey: Equatable, Sendable {
  /// The public part.
  public let id: String
  public let secret: Secret
  /// Only of temporary credentials.
  public let sessionToken: Secret?
  /// Only of temporary credentials, and where the source tells.
  public let expiration: Timestamp?

  public init(id: String, secret: Secret, sessionToken: Secret? = nil, expiration: Timestamp? = nil) {
    self.id = id
    self.secret = secret
    self.sessionToken = sessionToken
    self.expiration = expiration
  }

  /// What must be told to nobody.
  var secrets: [Secret] { [secret] + (sessionToken.map { [$0] } ?? []) }
}

/// A text that never shows in a log, an error or a debugger's print.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text itself. Only what puts it on the wire asks for it.
  public let exposed: String

  public init(_ text: String) { exposed = text }

  public var description: String { "<secret>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
