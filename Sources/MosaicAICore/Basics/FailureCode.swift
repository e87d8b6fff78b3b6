/// What went wrong, as scripts see it: the `code` of an error.
package enum FailureCode: String, CaseIterable, Sendable {
  /// The command line asks for something that is not offered.
  case usage
  /// The message, a name or a file breaks one of our rules.
  case invalidInput = "invalid_input"
  /// The model's own validation refused the request.
  case validation
  /// A guardrail or content filter stopped the reply.
  case blocked
  /// The persona, legacy or conversation does not exist or is not yours, or there is nothing to retry.
  case notFound = "not_found"
  /// An id prefix or a name fits more than one thing.
  case ambiguous
  /// A quota of the account is used up.
  case quota
  /// The model does not exist, or no longer exists.
  case modelUnavailable = "model_unavailable"
  /// The model used all of its output tokens without a word of text.
  case noText = "no_text"
  /// The answer is not one that Bedrock gives.
  case protocolError = "protocol_error"
  /// The server's certificate is not trusted, or TLS could not be negotiated.
  case tlsFailed = "tls_failed"
  /// A bug in mosaic-ai.
  case `internal`
  /// The database cannot be created, read or written, or a newer version made it.
  case storageFailed = "storage_failed"
  /// Standard output cannot be written.
  case outputFailed = "output_failed"
  /// Too many requests or tokens.
  case throttled
  /// Something did not answer in time.
  case timeout
  /// The service is overloaded or failing for the moment.
  case unavailable
  /// The connection could not be made, or was lost.
  case connection
  /// The stream was damaged on the way.
  case corruptStream = "corrupt_stream"
  /// The reply has no text.
  case emptyReply = "empty_reply"
  /// The model failed, or its output made no sense.
  case modelError = "model_error"
  /// Another process kept the database locked for too long, or is answering the same message.
  case busy
  /// The server that keeps the database cannot be reached, or does not let anyone write now.
  case databaseUnavailable = "database_unavailable"
  /// The tokens that a run may take are spent.
  case budget
  /// The user may not do this with that legacy.
  case forbidden
  /// AWS, or a proxy on the way to it, refused the request.
  case accessDenied = "access_denied"
  /// A configured source of credentials refused, or its answer made no sense.
  case credentialsFailed = "credentials_failed"
  /// The credentials, or the login they come from, have expired.
  case credentialsExpired = "credentials_expired"
  /// No source of credentials is configured.
  case noCredentials = "no_credentials"
  /// A configuration file or a setting cannot be used.
  case configInvalid = "config_invalid"
  /// The user's personas file cannot be used.
  case personaInvalid = "persona_invalid"
  /// The proxy asks for a login.
  case proxyAuth = "proxy_auth"
  /// The command was stopped.
  case interrupted

  /// Whether doing the same again later may work.
  package var isRetryable: Bool {
    switch self {
    case .throttled, .timeout, .unavailable, .connection, .corruptStream, .emptyReply, .modelError, .busy,
      .databaseUnavailable, .budget:
      true
    case .usage, .invalidInput, .validation, .blocked, .notFound, .ambiguous, .quota, .modelUnavailable, .protocolError,
      .tlsFailed, .noText, .internal, .storageFailed, .outputFailed, .forbidden, .accessDenied, .credentialsFailed,
      .credentialsExpired, .noCredentials, .configInvalid, .personaInvalid, .proxyAuth, .interrupted:
      false
    }
  }
}
