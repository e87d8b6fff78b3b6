/// `credential_process`: a program of the user's that prints credentials as JSON, run without a shell and without
/// standard input ("Source credentials with an external process", AWS CLI User Guide).
struct ProcessProvider: CredentialsProvider {
  /// What the program prints.
  private struct Answer: Decodable {
    let version: Int?
    let accessKeyID: String?
    let secretAccessKey: String?
    let sessionToken: String?
    let expiration: String?

    private enum CodingKeys: String, CodingKey {
      case version = "Version"
      case accessKeyID = "AccessKeyId"
      case secretAccessKey = "SecretAccessKey"
      case sessionToken = "SessionToken"
      case expiration = "Expiration"
    }
  }

  /// How long the program may take.
  private static let seconds = 60

  let context: AWSContext
  let profile: AWSProfile

  var name: String { "credential_process (profile \(profile.name))" }

  func credentials() throws -> Credentials? {
    guard let command = try profile.text("credential_process") else { return nil }
    guard let words = shellWords(command), let program = words.first, !program.isEmpty else {
      throw Failure(
        .configInvalid, "credential_process of profile \(profile.name) is empty or has an open quote",
        hint: "write a program and its arguments")
    }
    return .accessKey(try accessKey(in: run(words)))
  }

  /// The credentials that a program printed.
  ///
  /// - Throws: `Failure` with code `credentials_failed` where it did not print any.
  func accessKey(in output: [UInt8]) throws -> AccessKey {
    guard let answer = fromJSON(Answer.self, output) else {
      throw failure("did not print credentials as JSON", hint: "run it by hand and see what it prints")
    }
    guard answer.version == 1 else {
      throw failure(
        "printed version \(answer.version.map { String($0) } ?? "none") where 1 is known",
        hint: "let it print \"Version\": 1")
    }
    guard let id = answer.accessKeyID, !id.isEmpty, let secret = answer.secretAccessKey, !secret.isEmpty else {
      throw failure("printed no AccessKeyId or no SecretAccessKey", hint: "let it print both")
    }
    let expiration = answer.expiration.map(Timestamp.init(rfc3339:))
    if case .some(nil) = expiration {
      throw failure("printed an Expiration that is not a time", hint: "let it print one such as 2030-01-31T12:00:00Z")
    }
    return AccessKey(
      id: id, secret: Secret(secret), sessionToken: answer.sessionToken.flatMap { $0.isEmpty ? nil : Secret($0) },
      expiration: expiration ?? nil)
  }

  /// A failure of the program.
  private func failure(_ what: String, hint: String) -> Failure {
    Failure(.credentialsFailed, "credential_process of profile \(profile.name) \(what)", hint: hint)
  }

  /// What the program prints, once it has succeeded.
  private func run(_ words: [String]) throws -> [UInt8] {
    let child = ChildProcess(words: words, variables: context.variables, seconds: ProcessProvider.seconds)
    switch try child.run(context.cancellation) {
    case .notStarted(let reason):
      throw failure(
        "could not be started: \(printable(words[0])): \(reason)",
        hint: "write the program's whole path; there is no shell, so `~` and variables mean nothing here")
    case .tookTooLong:
      throw failure("was stopped after \(ProcessProvider.seconds) s", hint: "run it by hand and see what it waits for")
    case .ended(let status, let output, let errors):
      guard status != 0 else { return output }
      let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
      let said =
        lines.last { !pythonStripped(String($0)).isEmpty }.map { ": \(printable(pythonStripped(String($0))))" } ?? ""
      throw failure("failed with status \(status)\(said)", hint: "run it by hand and see what it needs")
    }
  }
}
