/// A Bedrock API key in `AWS_BEARER_TOKEN_BEDROCK`, or one that is kept in its place. It beats everything else, as in
/// the AWS SDKs.
struct APIKeyProvider: CredentialsProvider {
  let context: AWSContext

  /// Whether the key is the one that is kept.
  var isKept: Bool {
    context.variable("AWS_BEARER_TOKEN_BEDROCK") == nil && context.keptAPIKey.map { LocalFile($0.path).exists } == true
  }

  var name: String { "API key (\(isKept ? "credentials.yaml" : "AWS_BEARER_TOKEN_BEDROCK"))" }

  func credentials() throws -> Credentials? {
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
