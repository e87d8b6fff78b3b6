/// Where a value was set.
package enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
  /// An option of the command line, as it is typed.
  case option(String)
  /// An environment variable.
  case variable(String)
  /// mosaic-ai's own configuration file, and the key there.
  case configuration(String)
  /// A profile of the AWS CLI, and the file its value is in.
  case profile(String, file: String)
  /// A `[services]` section of the AWS CLI's configuration file.
  case services(String, file: String)
  /// An `[sso-session]` section of the AWS CLI's configuration file.
  case ssoSession(String, file: String)
  /// A persona.
  case persona(String)
  /// The user's latest conversation about the legacy.
  case latestConversation
  /// Not set anywhere.
  case fallback

  /// For people: `AWS_REGION`, `profile x in ~/.aws/config`.
  package var description: String {
    switch self {
    case .option(let name), .variable(let name): name
    case .configuration(let key): "\(key) in config.yaml"
    case .profile(let name, let file): "profile \(name) in \(file)"
    case .services(let name, let file): "services \(name) in \(file)"
    case .ssoSession(let name, let file): "sso-session \(name) in \(file)"
    case .persona(let id): "persona \(id)"
    case .latestConversation: "your latest conversation"
    case .fallback: "default"
    }
  }

  /// What a malformed value is: wrong usage if it was typed, wrong configuration otherwise.
  package var code: FailureCode {
    if case .option = self { .usage } else { .configInvalid }
  }
}

/// A value, and where it was set.
package struct Sourced<Value: Equatable & Sendable>: Equatable, Sendable {
  package let value: Value
  package let origin: SettingOrigin

  package init(_ value: Value, from origin: SettingOrigin) {
    self.value = value
    self.origin = origin
  }

  /// The value changed, its origin kept.
  package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Sourced<Other> {
    Sourced<Other>(try transform(value), from: origin)
  }
}

/// A value that the command line and mosaic-ai's configuration file may set, with other sources between the two.
package struct Preference<Value: Equatable & Sendable>: Equatable, Sendable {
  /// Beats everything else.
  package var option: Sourced<Value>?
  /// From `config.yaml`: beats the AWS CLI's files, not the environment.
  package var configured: Sourced<Value>?

  package init(option: Sourced<Value>? = nil, configured: Sourced<Value>? = nil) {
    self.option = option
    self.configured = configured
  }
}

extension [String: String] {
  /// An environment variable that is set and not empty.
  package func variable(_ name: String) -> String? {
    guard let value = self[name], !value.isEmpty else { return nil }
    return value
  }
}
