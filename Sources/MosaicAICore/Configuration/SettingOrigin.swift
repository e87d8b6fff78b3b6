/// Where a setting was made.
public enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
  /// An option of the command line, with its dashes.
  case flag(String)
  /// An environment variable.
  case variable(String)
  /// mosaic-ai's own configuration file, and the key there.
  case configuration(String)
  /// A profile of the AWS CLI and the file its value is in.
  case profile(String, file: String)
  /// A `[services]` section of the AWS CLI's configuration file.
  case services(String, file: String)
  /// Not set: what holds then.
  case fallback

  /// For people: `AWS_REGION`, `~/.aws/config [profile x]`.
  public var description: String {
    switch self {
    case .flag(let name), .variable(let name): name
    case .configuration(let key): "\(key) in config.yaml"
    case .profile(let name, let file): "profile \(name) in \(file)"
    case .services(let name, let file): "services \(name) in \(file)"
    case .fallback: "default"
    }
  }

  /// What a malformed value there is: wrong usage where it was typed, wrong configuration elsewhere.
  var code: FailureCode {
    if case .flag = self { .usage } else { .configInvalid }
  }
}

/// A setting and where it was made.
public struct Sourced<Value: Equatable & Sendable>: Equatable, Sendable {
  public let value: Value
  public let origin: SettingOrigin

  public init(_ value: Value, from origin: SettingOrigin) {
    self.value = value
    self.origin = origin
  }
}
