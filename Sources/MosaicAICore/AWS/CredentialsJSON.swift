/// An access key as services, programs and caches write it in JSON.
///
/// Members that are missing or null are nil, and so are empty texts.
struct CredentialsJSON {
  /// The names of the members, which differ from writer to writer.
  struct Form {
    let id: String
    let secret: String
    let token: String
    let expiration: String
    /// Whether times are milliseconds since 1970 instead of text.
    var hasNumericTimes = false

    /// Of the services of containers and instances.
    static let metadata = Form(
      id: "AccessKeyId", secret: "SecretAccessKey", token: "Token", expiration: "Expiration")
    /// Of `credential_process` and of the AWS CLI's cache.
    static let session = Form(
      id: "AccessKeyId", secret: "SecretAccessKey", token: "SessionToken", expiration: "Expiration")
    /// Of `aws login`.
    static let login = Form(
      id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken", expiration: "expiresAt")
    /// Of IAM Identity Center.
    static let identityCenter = Form(
      id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken", expiration: "expiration",
      hasNumericTimes: true)
  }

  /// Until when the credentials are valid.
  enum Expiration: Equatable {
    case unknown
    case at(Timestamp)
    /// There is a text or a number that is not a time.
    case malformed
  }

  let id: String?
  let secret: String?
  let token: String?
  let expiration: Expiration

  /// - Throws: `JSON.WrongType` if `json` is not an object, or a member has a type that it cannot have
  init(_ json: JSON, _ form: Form) throws {
    func text(_ name: String) throws -> String? { try json.text(name).flatMap { $0.isEmpty ? nil : $0 } }
    id = try text(form.id)
    secret = try text(form.secret)
    token = try text(form.token)
    if form.hasNumericTimes {
      // Four digits are enough for the year.
      let times = 0..<253_402_300_800_000
      expiration =
        try json.wholeNumber(form.expiration).map { number in
          times.contains(number) ? .at(Timestamp(milliseconds: Int64(number))) : .malformed
        } ?? .unknown
    } else {
      expiration =
        try json.text(form.expiration).map { text in Timestamp(aws: text).map { .at($0) } ?? .malformed }
        ?? .unknown
    }
  }

  /// When the credentials expire, if there is a valid time.
  var time: Timestamp? { if case .at(let time) = expiration { time } else { nil } }

  /// The access key; nil if its id or its secret is missing.
  var accessKey: AccessKey? {
    guard let id, let secret else { return nil }
    return AccessKey(id: id, secret: Secret(secret), sessionToken: token.map(Secret.init), expiration: time)
  }

  /// The access key with a session token; nil if a part is missing.
  var temporaryKey: AccessKey? { token == nil ? nil : accessKey }
}

extension JSON {
  /// A member has another type than it must have.
  struct WrongType: Error {}

  /// What a service, a program or a file of the AWS CLI says: one JSON value, perhaps after a byte order mark; nil for
  /// anything else, half a surrogate pair included.
  static func reading(_ bytes: [UInt8]) -> JSON? {
    bytes.withUnsafeBytes { bytes in
      var cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: bytes.withoutByteOrderMark))
      guard let value = try? cursor.readValue(), (try? cursor.finish()) != nil, !cursor.hasReplacedText else {
        return nil
      }
      return value
    }
  }

  /// The text of a member; nil if it is missing or null.
  ///
  /// - Throws: `WrongType` if it is something else, or if this is not an object
  func text(_ name: String) throws -> String? {
    try present(name).map { value in
      guard let text = value.string else { throw WrongType() }
      return text
    }
  }

  /// The number of a member, whole but perhaps written as `1.0`; nil if it is missing or null.
  ///
  /// - Throws: `WrongType` if it is something else, or if this is not an object
  func wholeNumber(_ name: String) throws -> Int? {
    try present(name).map { value in
      switch value {
      case .integer(let number): return number
      case .number(let number):
        guard let whole = Int(exactly: number) else { throw WrongType() }
        return whole
      default: throw WrongType()
      }
    }
  }

  private func present(_ name: String) throws -> JSON? {
    guard members != nil else { throw WrongType() }
    return self[name].flatMap { $0 == .null ? nil : $0 }
  }
}
