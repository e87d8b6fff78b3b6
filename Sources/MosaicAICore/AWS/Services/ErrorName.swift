/// The names that AWS's services give their errors.
enum ErrorName {
  /// The name in the header `x-amzn-ErrorType`, otherwise in `code`, `Code` or `__type` of an answer in JSON.
  static func of(_ head: HTTPResponseHead, _ answer: JSON?) -> String? {
    let names = ["code", "Code", "__type"].lazy.compactMap { answer?[$0]?.string }
    return (head["x-amzn-ErrorType"] ?? names.first).flatMap(bare)
  }

  /// `com.amazon#ThrottlingException:http://…` → `ThrottlingException`.
  private static func bare(_ name: String) -> String? {
    let beforeColon = name.prefix { $0 != ":" }
    let bare = beforeColon.split(separator: "#").last.map(String.init) ?? ""
    return bare.isEmpty ? nil : bare
  }

  /// Too many requests, whatever the HTTP status: the list of the AWS SDKs ("Retry behavior", AWS SDKs and Tools
  /// Reference), and the two names of AWS SSO OIDC.
  static let throttling: Set = [
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
    "SlowDown", "SlowDownException", "ThrottledException", "Throttling", "ThrottlingException",
    "TooManyRequestsException", "TransactionInProgressException", "slow_down",
  ]

  /// Something that passes by itself: those of the AWS SDKs, and an identity provider that AWS STS cannot reach.
  static let transient: Set = ["IDPCommunicationError", "RequestTimeout", "RequestTimeoutException"]
}
