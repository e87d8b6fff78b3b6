/// A Bedrock API key in `AWS_BEARER_TOKEN_BEDROCK`, or one that is kept in its place. It beats everything else, as in
/// the AWS SDKs.
struct APIKeyProvider: CredentialsProvider {
  /// Where the key comes from, for people.
  enum Origin: String, CaseIterable {
    case typed = "as typed"
    case variable = "AWS_BEARER_TOKEN_BEDROCK"
    case file = "credentials.yaml"
  }

  let context: AWSContext

  var origin: Origin {
    if context.typedAPIKey != nil { return .typed }
    let isKept = context.keptAPIKey.map { LocalFile($0.path).exists } == true
    return context.variable(Origin.variable.rawValue) == nil && isKept ? .file : .variable
  }

  var name: String { "API key (\(origin.rawValue))" }

  func credentials() throws -> Credentials? {
    if let key = context.typedAPIKey { return .apiKey(key) }
    guard let key = context.variable("AWS_BEARER_TOKEN_BEDROCK") else {
      return try context.keptAPIKey?.key(context.cancellation).map { .apiKey($0) }
    }
    guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Failure(
        .configInvalid, "AWS_BEARER_TOKEN_BEDROCK contains white space or other characters that no API key has",
        advice: "set it to the key as Bedrock gave it, without quotes or a newline")
    }
    return .apiKey(Secret(key))
  }
}
