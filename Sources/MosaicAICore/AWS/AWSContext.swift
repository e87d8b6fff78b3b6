/// What the AWS code needs from outside. Printing it shows no values, since variables hold secrets.
package struct AWSContext: Sendable, CustomStringConvertible, CustomReflectable {
  /// The process environment. An empty variable counts as one that is not set.
  var variables: [String: String]
  /// `NAME=VALUE` in the environment that is not UTF-8, for programs that are started.
  var foreignVariables: [[UInt8]] = []
  /// The user's home folder, of `~/.aws`.
  var home: String
  /// The profile that was chosen; nil to leave it to the variables.
  var profile: Preference<String>
  /// Reaches the credential services.
  var transport: any HTTPTransport
  /// Ends a wait early.
  var cancellation: Cancellation
  /// The clock.
  var now: @Sendable () -> Timestamp
  /// The waits between attempts.
  var backoff: Backoff
  /// Asks for an MFA code on the terminal, with the question to show; nil without a terminal.
  var askCode: (@Sendable (String) throws -> Secret?)?
  /// The folder for temporary credentials if the AWS CLI's own cache cannot be written.
  var cacheFolder: String?
  /// How long to wait for another process that renews the same login.
  var renewalPatience = Duration.seconds(20)
  /// The pause between two looks for what another process does.
  var pause = Duration.milliseconds(20)
  /// The API key that is kept with mosaic-ai, in place of `AWS_BEARER_TOKEN_BEDROCK`; nil if it does not count.
  var keptAPIKey: APIKeyFile?
  /// An API key that was just typed, and overrides every other source.
  var typedAPIKey: Secret?

  init(
    variables: [String: String], home: String, transport: any HTTPTransport, profile: Preference<String> = .init(),
    cancellation: Cancellation = .never, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
    backoff: Backoff = Backoff(), askCode: (@Sendable (String) throws -> Secret?)? = nil, cacheFolder: String? = nil
  ) {
    self.variables = variables
    self.home = home
    self.transport = transport
    self.profile = profile
    self.cancellation = cancellation
    self.now = now
    self.backoff = backoff
    self.askCode = askCode
    self.cacheFolder = cacheFolder
  }

  package var description: String { "<AWS context>" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// A variable that is set and not empty.
  func variable(_ name: String) -> String? { variables.variable(name) }

  /// The option, otherwise the first of these variables that is set, otherwise the configured value.
  func chosen(_ preference: Preference<String>, orVariable names: [String]) -> Sourced<String>? {
    if let option = preference.option { return option }
    for name in names {
      if let value = variable(name) { return Sourced(value, from: .variable(name)) }
    }
    return preference.configured
  }

  /// The file at the path in a variable, else at `path`.
  func file(variable name: String, else path: String) -> LocalFile {
    LocalFile(variable(name) ?? path, expandingWith: variables, home: home)
  }
}
