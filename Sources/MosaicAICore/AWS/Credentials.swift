/// Proves to AWS who asks. A print shows no secrets.
package enum Credentials: Equatable, Sendable {
  /// An access key, for signatures (SigV4).
  case accessKey(AccessKey)
  /// A Bedrock API key, sent as a bearer token (`AWS_BEARER_TOKEN_BEDROCK`).
  case apiKey(Secret)

  /// When they stop working, if that is known.
  var expiration: Timestamp? {
    if case .accessKey(let key) = self { key.expiration } else { nil }
  }

  /// Whether this is that access key, whatever is known about its end: a cache has it in whole seconds.
  func isKey(_ other: AccessKey) -> Bool {
    guard case .accessKey(let key) = self else { return false }
    return key.id == other.id && key.secrets == other.secrets
  }

  /// The parts that must never be shown.
  var secrets: [Secret] {
    switch self {
    case .accessKey(let key): key.secrets
    case .apiKey(let secret): [secret]
    }
  }

  /// Whether all of it can be part of an HTTP header (RFC 9110 §5.5): a line break would begin another. A secret only
  /// signs, but with a line break it is not the one that AWS knows.
  var canBeSent: Bool {
    let id: [String] = if case .accessKey(let key) = self { [key.id] } else { [] }
    return (id + secrets.map(\.exposed)).allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
  }
}

/// An access key of AWS, long-lived or temporary.
package struct AccessKey: Equatable, Sendable {
  /// The part that is not secret.
  let id: String
  let secret: Secret
  /// Of temporary credentials only.
  let sessionToken: Secret?
  /// Of temporary credentials only, and only if their source says it.
  let expiration: Timestamp?

  init(id: String, secret: Secret, sessionToken: Secret? = nil, expiration: Timestamp? = nil) {
    self.id = id
    self.secret = secret
    self.sessionToken = sessionToken
    self.expiration = expiration
  }

  /// The parts that must never be shown.
  var secrets: [Secret] { [secret] + (sessionToken.map { [$0] } ?? []) }
}
