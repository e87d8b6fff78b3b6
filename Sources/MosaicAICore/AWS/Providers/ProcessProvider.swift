/// `credential_process`: a program of the user's that prints credentials as JSON, run without a shell and without
/// standard input ("Source credentials with an external process", AWS CLI User Guide).
struct ProcessProvider: CredentialsProvider {
  /// How long the program may take.
  private static let timeLimit = Duration.seconds(60)

  private static let fullPath: Advice =
    "write the program's full path; no shell runs it, so `~` and variables are not replaced"

  let context: AWSContext
  let profile: AWSProfile

  var name: String { "credential_process (profile \(profile.name))" }

  func credentials() throws -> Credentials? {
    guard let command = try profile.text("credential_process") else { return nil }
    guard let words = shellWords(command), let program = words.first, !program.isEmpty else {
      throw Failure(
        .configInvalid, "credential_process of profile \(profile.name) is empty or has an open quote",
        advice: "set it to a program and its arguments")
    }
    return .accessKey(try accessKey(in: run(words)))
  }

  /// The credentials that a program printed.
  ///
  /// - Throws: `Failure` with code `credentials_failed` if it did not print any
  func accessKey(in output: [UInt8]) throws -> AccessKey {
    let json = JSON.reading(output)
    if let expiration = json?["Expiration"], expiration != .null, expiration.string == nil { throw unusableTime }
    guard let json, let answer = try? CredentialsJSON(json, .session),
      case .success(let version) = Result(catching: { try json.wholeNumber("Version") })
    else {
      throw failure("did not print credentials as JSON", advice: "run it by hand and see what it prints")
    }
    guard version == 1 else {
      throw failure(
        "printed version \(version.map { String($0) } ?? "none"), but only version 1 is supported",
        advice: "make it print \"Version\": 1")
    }
    guard let key = answer.accessKey else {
      throw failure("did not print both AccessKeyId and SecretAccessKey", advice: "make it print both")
    }
    guard answer.expiration != .malformed else { throw unusableTime }
    return key
  }

  private var unusableTime: Failure {
    failure("printed an Expiration that is not a time", advice: "make it print a time such as 2030-01-31T12:00:00Z")
  }

  private func failure(_ what: String, advice: Advice) -> Failure {
    Failure(.credentialsFailed, "credential_process of profile \(profile.name) \(what)", advice: advice)
  }

  /// What the program prints, once it has succeeded.
  private func run(_ words: [String]) throws -> [UInt8] {
    let child = ChildProcess(
      words: words, variables: context.variables, foreignVariables: context.foreignVariables,
      timeLimit: ProcessProvider.timeLimit)
    switch try child.run(context.cancellation) {
    case .missing:
      throw failure("could not be started: \(visible(words[0])): no such program", advice: ProcessProvider.fullPath)
    case .failed(let error):
      let what = "could not be started: \(visible(words[0]))"
      if let shortage = error.shortage("credential_process of profile \(profile.name) \(what)") { throw shortage }
      throw failure("\(what): \(error)", advice: ProcessProvider.fullPath)
    case .tookTooLong:
      throw failure(
        "was stopped after \(ProcessProvider.timeLimit.secondsText) s",
        advice: "run it by hand and see what it waits for")
    case .wroteTooMuch:
      throw failure(
        "printed more than \(ChildProcess.limit >> 20) MiB", advice: "run it by hand and see what it prints")
    case .ended(let status, let output, let errors):
      guard status != 0 else { return output }
      let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
      let lastLine = lines.map { pythonStripped(String($0)) }.last { !$0.isEmpty }
      throw failure(
        "failed with status \(status)\(lastLine.map { ": \(printable($0))" } ?? "")",
        advice: "run it by hand and see what it needs")
    }
  }
}
