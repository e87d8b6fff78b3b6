import MosaicAICore

extension Scenario {
  /// Errors instead of streams.
  static let errorScenarios: [Scenario] = [
    Scenario("throttle", .times, summary: "429 ThrottlingException.") { _ in .error(throttled) },
    Scenario(
      "throttle-retry-after", .number("SECONDS"), .times, summary: "429 ThrottlingException with Retry-After: SECONDS."
    ) { stage in
      var answer = Answer.error(throttled)
      answer.headers.append(("Retry-After", String(stage.arguments["SECONDS"] ?? 0)))
      return answer
    },
    Scenario(
      "throttle-retry-date", .number("SECONDS"), .times,
      summary: "429 ThrottlingException with Retry-After: the HTTP date SECONDS from now."
    ) { stage in
      // HTTP dates have no fractions of a second; rounded down, the wait would be too short.
      let date = Timestamp(milliseconds: stage.now.milliseconds + 999) + Int64(stage.arguments["SECONDS"] ?? 0)
      var answer = Answer.error(throttled)
      answer.headers.append(("Retry-After", date.httpDate))
      return answer
    },
    Scenario(
      "throttle-amz-retry-after", .number("MS"), .times, summary: "429 ThrottlingException with x-amz-retry-after: MS."
    ) { stage in
      var answer = Answer.error(throttled)
      answer.headers.append(("x-amz-retry-after", String(stage.arguments["MS"] ?? 0)))
      return answer
    },
    Scenario("throttle-daily", summary: "429 ThrottlingException because of the daily quota.") { _ in
      .error(
        ServiceError(
          status: 429, name: "ThrottlingException", message: "Too many tokens per day, please wait before trying again."
        ))
    },
    Scenario(
      "http", .choice("STATUS", httpErrors.map { String($0.status) }), .times,
      summary: "STATUS with its exception."
    ) {
      stage in
      let status = stage.arguments.word("STATUS").flatMap { Int($0) }
      var answer = Answer.error(httpErrors.first { $0.status == status } ?? throttled)
      if status == 407 { answer.headers.append(("Proxy-Authenticate", "Basic realm=\"simulator\"")) }
      return answer
    },
    Scenario("model-error", .times, summary: "424 ModelErrorException with the provider's own status and message.") {
      _ in
      .error(modelError)
    },
    Scenario("model-not-ready", .times, summary: "429 ModelNotReadyException.") { _ in
      .error(
        ServiceError(
          status: 429, name: "ModelNotReadyException",
          message: "Model is not ready for inference. Wait and try your request again."))
    },
    Scenario("quota", summary: "400 ServiceQuotaExceededException.") { _ in
      .error(
        ServiceError(
          status: 400, name: "ServiceQuotaExceededException",
          message: "Your request exceeds the service quota for your account."))
    },
    Scenario("expired-token", .times, summary: "403 ExpiredTokenException.") { _ in
      .error(
        ServiceError(
          status: 403, name: "ExpiredTokenException", message: "The security token included in the request is expired",
          namespace: ServiceError.frontDoor))
    },
    Scenario("access-denied", summary: "403 AccessDeniedException: the account has no access to the model.") { _ in
      .error(accessDenied)
    },
    Scenario("invalid-model", summary: "400 ValidationException: the model identifier is invalid.") { _ in
      .error(.invalidModel)
    },
    Scenario("on-demand", summary: "400 ValidationException: the model needs an inference profile.") { _ in
      .error(.onDemand("anthropic.claude-sonnet-4-5-20250929-v1:0"))
    },
    Scenario("html", .choice("STATUS", proxyStatuses), .times, summary: "STATUS with a proxy's HTML page as its body.")
    { stage in
      let status = stage.arguments.word("STATUS").flatMap { Int($0) } ?? 502
      var answer = Answer.document(status: status, type: "text/html", Array(page(status).utf8), verdict: "html")
      if status == 407 { answer.headers.append(("Proxy-Authenticate", "Basic realm=\"simulator\"")) }
      return answer
    },
    Scenario(
      "empty-body", .choice("STATUS", proxyStatuses), .times, summary: "STATUS with no body and no exception name."
    ) {
      stage in
      Answer(
        status: stage.arguments.word("STATUS").flatMap { Int($0) } ?? 500, framing: .contentLength,
        verdict: "empty-body")
    },
    Scenario(
      "huge-error", .choice("STATUS", proxyStatuses, isOptional: true),
      summary: "STATUS (default: 400) with a ValidationException whose message has 10 MB."
    ) {
      stage in
      let status = stage.arguments.word("STATUS").flatMap { Int($0) } ?? 400
      let body =
        Array("{\"message\":\"".utf8) + Array(repeating: UInt8(ascii: "m"), count: 10_000_000) + Array("\"}".utf8)
      var answer = Answer.document(status: status, type: "application/json", body, verdict: "huge-error")
      answer.headers.append(("x-amzn-ErrorType", "ValidationException"))
      return answer
    },
    Scenario("redirect", summary: "307 with /health as its location.") { _ in
      var answer = Answer.document(status: 307, type: "text/html", Array(page(307).utf8), verdict: "redirect")
      answer.headers.append(("Location", "/health"))
      return answer
    },
    Scenario(
      "wrong-content-type", .choice("KIND", ["html", "json"], isOptional: true),
      summary: "200 with HTML, or with JSON, instead of an event stream."
    ) {
      stage in
      stage.arguments.word("KIND") == "json"
        ? .document(
          status: 200, type: "application/json", Array("{\"message\":\"Hello.\"}".utf8), verdict: "wrong-content-type")
        : .document(status: 200, type: "text/html", Array(page(200).utf8), verdict: "wrong-content-type")
    },
    Scenario(
      "stale-clock", .number("SECONDS"),
      summary: "The server's clock, which judges signatures and sets Date, is SECONDS ahead.",
      clockOffset: { Int64($0["SECONDS"] ?? 0) }
    ) { $0.normalReply() },
    Scenario(
      "early-clock", .number("SECONDS"), summary: "The server's clock is SECONDS behind.",
      clockOffset: { -Int64($0["SECONDS"] ?? 0) }
    ) { $0.normalReply() },
  ]

  /// The usual throttling.
  static let throttled = ServiceError(
    status: 429, name: "ThrottlingException", message: "Too many requests, please wait before trying again.",
    namespace: ServiceError.availability)

  /// The service is overloaded.
  static let unavailable = ServiceError(
    status: 503, name: "ServiceUnavailableException", message: "Bedrock is unable to process your request.",
    namespace: ServiceError.availability)

  /// The provider failed.
  private static let modelError = ServiceError(
    status: 424, name: "ModelErrorException",
    message: "The system encountered an unexpected error during processing. Try your request again.",
    details: originalError + [JSON.Member("resourceName", "simulator")])

  /// What the provider answered to Bedrock, which Bedrock passes on beside its own message.
  static let originalError = [
    JSON.Member("originalStatusCode", 529), JSON.Member("originalMessage", "The model is overloaded."),
  ]

  /// The model is not enabled for the account.
  private static let accessDenied = ServiceError(
    status: 403, name: "AccessDeniedException",
    message: "You don't have access to the model with the specified model ID.")

  /// The errors of Bedrock, and of gateways in front of it, by status.
  private static let httpErrors: [ServiceError] = [
    .validation("The model returned the following errors: the request is not valid for this model."),
    ServiceError(status: 401, name: "UnauthorizedException", message: "Unauthorized", namespace: nil),
    accessDenied,
    ServiceError(
      status: 404, name: "ResourceNotFoundException",
      message:
        "This model version has reached the end of its life. Please refer to the AWS documentation for more details."),
    ServiceError(
      status: 407, name: "ProxyAuthenticationRequired", message: "Proxy Authentication Required", namespace: nil),
    ServiceError(
      status: 408, name: "ModelTimeoutException", message: "The model took too long to respond. Try your request again."
    ),
    ServiceError(
      status: 413, name: "RequestEntityTooLargeException", message: "Request Entity Too Large", namespace: nil),
    ServiceError(
      status: 424, name: "ModelErrorException",
      message: "The system encountered an unexpected error during processing. Try your request again.",
      details: [JSON.Member("originalStatusCode", 500), JSON.Member("resourceName", "simulator")]),
    throttled,
    ServiceError(
      status: 500, name: "InternalServerException",
      message: "The system encountered an unexpected error during processing. Try your request again."),
    ServiceError(status: 502, name: "BadGatewayException", message: "Bad Gateway", namespace: nil),
    unavailable,
    ServiceError(status: 504, name: "GatewayTimeoutException", message: "Endpoint request timed out", namespace: nil),
  ]

  /// What a proxy or load balancer may answer.
  private static let proxyStatuses = ["400", "401", "403", "404", "407", "413", "429", "500", "502", "503", "504"]

  /// A proxy's error page.
  private static func page(_ status: Int) -> String {
    "<html>\r\n<head><title>\(status)</title></head>\r\n<body>\r\n<center><h1>\(status)</h1></center>\r\n"
      + "<hr><center>simulator proxy</center>\r\n</body>\r\n</html>\r\n"
  }
}
