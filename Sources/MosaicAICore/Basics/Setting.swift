/// Something that can be set, by its key in `config.yaml`. Which option and which variable set it, each program knows.
package enum Setting: String, CaseIterable, Sendable {
  case database
  case user
  case legacy
  case persona
  case model
  case output
  case region
  case profile
  case endpointURL = "endpoint_url"
  case maximumTokens = "max_tokens"
  case modelFields = "model_fields"
  case timeout
  case connectTimeout = "connect_timeout"
  case maximumAttempts = "max_attempts"
  case promptCache = "prompt_cache"
  case recallTokens = "recall_tokens"
  /// Never set in a file: it says which file.
  case logFormat = "log_format"
  /// Only ever set in a file: there is one for each model.
  case prices
  /// Never set in a file: newer models refuse it.
  case temperature

  /// What `max_tokens` may be, wherever it is set.
  package static let maximumTokensRange = 1...1_000_000
  /// The same for `max_attempts`.
  package static let maximumAttemptsRange = 1...100
  /// The same for `recall_tokens`.
  package static let recallTokensRange = 0...100_000
}
