/// A Bedrock API key in `AWS_BEARER_TOKEN_BEDROCK`. It wins over everything else, as in the AWS SDKs.
struct APIKeyProvider: CredentialsProvider {
  let name = "API key (AWS_BEARER_TOKEN_BEDROCK)"
  let context: AWSContext

  func credentials() throws -> Credentials? {
    guard let key = context.variable("AWS_BEARER_TOKEN_BEDROCK") else { return nil }
    guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Failure(
        .configInvalid, "AWS_BEARER_TOKEN_BEDROCK has white space or other characters that no API key has",
        hint: "set it to the key as Bedrock gave it, without quotes or a newline")
    }
    return .apiKey(Secret(key))
  }
}
