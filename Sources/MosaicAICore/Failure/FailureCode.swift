/// What went wrong, as scripts see it: the `code` of an error, of which exit status and `retryable` follow.
public enum FailureCode: String, CaseIterable, Sendable {
  /// The command line asks for something that is not offered.
  case usage
  /// The message, a name or a file breaks a rule of ours.
  case invalidInput = "invalid_input"
  /// The model's own validation refused the request.
  case validation
  /// A guardrail or content filter stopped the reply.
  case blocked
  /// No such persona, legacy or conversation, or not yours; or nothing to retry.
  case notFound = "not_found"
  /// An id prefix or a name that fits more than one.
  case ambiguous
  /// A quota of the account is used up.
  case quota
  /// The model does not exist, or no longer does.
  case modelUnavailable = "model_unavailable"
  /// The answer is not one that Bedrock gives.
  case protocolError = "protocol_error"
  /// The server's certificate was not trusted, or TLS could not be agreed on.
  case tlsFailed = "tls_failed"
  /// A bug in mosaic-ai.
  case `internal`
  /// The database could not be created, read or written, or is from a newer version.
  case storageFailed = "storage_failed"
  /// Standard output could not be written.
  case outputFailed = "output_failed"
  /// Too many requests or tokens.
  case throttled
  /// Something did not answer in time.
  case timeout
  /// The service is overloaded or has failed for the moment.
  case unavailable
  /// The connection could not be made, or was lost.
  case connection
  /// The stream was damaged on its way.
  case corruptStream = "corrupt_stream"
  /// The reply had no text.
  case emptyReply = "empty_reply"
  /// The model failed, or its output made no sense.
  case modelError = "model_error"
  /// The database stayed locked by another process for longer than one can wait.
  case busy
  /// The user may not do this with that legacy.
  case forbidden
  /// AWS, or a proxy on the way to it, refused the request.
  case accessDenied = "access_denied"
  /// A configured source of credentials refused or answered nonsense.
  case credentialsFailed = "credentials_failed"
  /// The credentials, or the login they come from, have expired.
  case credentialsExpired = "credentials_expired"
  /// No source of credentials is configured.
  case noCredentials = "no_credentials"
  /// A configuration file or a setting that cannot be used.
  case configInvalid = "config_invalid"
  /// The user's personas file cannot be used.
  case personaInvalid = "persona_invalid"
  /// The proxy asks for a login.
  case proxyAuth = "proxy_auth"
  /// A signal ended the command.
  case interrupted

  /// The process's exit status, after sysexits(3). For `interrupted` the one of SIGINT: see `Failure.exitStatus`.
  public var exitStatus: Int32 {
    switch self {
    case .usage: 64
    case .invalidInput, .validation, .blocked: 65
    case .notFound, .ambiguous: 66
    case .quota, .modelUnavailable, .protocolError, .tlsFailed: 69
    case .internal: 70
    case .storageFailed, .outputFailed: 74
    case .throttled, .timeout, .unavailable, .connection, .corruptStream, .emptyReply, .modelError, .busy: 75
    case .forbidden, .accessDenied, .credentialsFailed, .credentialsExpired: 77
    case .noCredentials, .configInvalid, .personaInvalid, .proxyAuth: 78
    case .interrupted: 130
    }
  }

  /// Whether doing the same again later may work: exactly the codes of status 75.
  public var isRetryable: Bool { exitStatus == 75 }
}
