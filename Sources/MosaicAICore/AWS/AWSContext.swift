/// The outside world as the AWS code sees it. It shows none of its values in a print: variables hold secrets.
public struct AWSContext: Sendable, CustomStringConvertible, CustomReflectable {
  /// The process environment. An empty variable counts as one that is not set.
  public var variables: [String: String]
  /// The user's home folder, of `~/.aws`.
  public var home: String
  /// `--profile`.
  public var profileFlag: String?
  /// `profile` of mosaic-ai's own configuration file.
  public var configuredProfile: String?
  /// Reaches the credential services.
  public var transport: any HTTPTransport
  /// What ends a wait early.
  public var cancellation: Cancellation
  /// The clock.
  public var now: @Sendable () -> Timestamp
  /// At least 0 and below 1: spreads the waits between attempts.
  public var random: @Sendable () -> Double
  /// Asks for an MFA code on the terminal, with the question to show; nil where there is no terminal.
  public var askCode: (@Sendable (String) throws -> Secret?)?
  /// Where temporary credentials are kept if the AWS CLI's own cache cannot be written.
  public var cacheFolder: String?

  /// A context; what has a default is rarely anything else outside tests.
  public init(
    variables: [String: String], home: String, transport: any HTTPTransport, profileFlag: String? = nil,
    configuredProfile: String? = nil,
    cancellation: Cancellation = .never, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    askCode: (@Sendable (String) throws -> Secret?)? = nil,
    cacheFolder: String? = nil
  ) {
    self.variables = variables
    self.home = home
    self.transport = transport
    self.profileFlag = profileFlag
    self.configuredProfile = configuredProfile
    self.cancellation = cancellation
    self.now = now
    self.random = random
    self.askCode = askCode
    self.cacheFolder = cacheFolder
  }

  /// Nothing of its contents.
  public var description: String { "<AWS context>" }
  /// Nothing of its contents.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// A variable that is set and not empty.
  func variable(_ name: String) -> String? {
    guard let value = variables[name], !value.isEmpty else { return nil }
    return value
  }

  /// A file whose path a variable gives, else one below the home folder.
  func file(variable name: String, else path: String) -> LocalFile {
    LocalFile(variable(name) ?? path, expandingWith: variables, home: home)
  }
}
