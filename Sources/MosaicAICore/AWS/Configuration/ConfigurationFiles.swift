/// `~/.aws/config` and `~/.aws/credentials`, or the files that variables name instead, combined as botocore combines
/// them. A print shows none of their contents, which hold secrets.
struct ConfigurationFiles: Sendable, CustomStringConvertible, CustomReflectable {
  /// The configuration file, whether it exists or not.
  let config: LocalFile
  /// The shared credentials file, whether it exists or not.
  let credentials: LocalFile
  /// The profiles of both files; a key in the credentials file beats the same key in the configuration file.
  let profiles: [String: AWSProfile]
  /// The profiles of the configuration file alone.
  let configProfiles: [String: AWSProfile]
  /// The profiles of the credentials file alone, in which every header is a profile's name.
  let credentialsProfiles: [String: AWSProfile]
  /// `[sso-session NAME]`.
  let ssoSessions: [String: AWSProfile]
  /// `[services NAME]`.
  let services: [String: AWSProfile]
  /// Files that exist and cannot be read. They count as missing, as for the AWS CLI.
  let unreadable: [String]

  /// Reads both files.
  ///
  /// - Throws: `Failure` with code `config_invalid`, file, line and column if a file is malformed
  init(_ context: AWSContext) throws {
    config = context.file(variable: "AWS_CONFIG_FILE", else: "~/.aws/config")
    credentials = context.file(variable: "AWS_SHARED_CREDENTIALS_FILE", else: "~/.aws/credentials")
    unreadable = [config, credentials].filter(\.isForbidden).map(\.path)
    var groups: [Kind: [String: AWSProfile]] = [:]
    for section in try ConfigurationFiles.sections(of: config) {
      guard let (kind, name) = Kind.of(header: section.name) else { continue }
      groups[kind, default: [:]][name] = AWSProfile(name: name, section: section, file: config.path)
    }
    configProfiles = groups[.profile] ?? [:]
    ssoSessions = groups[.ssoSession] ?? [:]
    services = groups[.services] ?? [:]
    var credentialsProfiles: [String: AWSProfile] = [:]
    for section in try ConfigurationFiles.sections(of: credentials) {
      credentialsProfiles[section.name] = AWSProfile(name: section.name, section: section, file: credentials.path)
    }
    self.credentialsProfiles = credentialsProfiles
    profiles = configProfiles.merging(credentialsProfiles) { $0.overridden(by: $1) }
  }

  /// The kinds of sections in the configuration file.
  private enum Kind {
    case profile, ssoSession, services

    /// `[KIND NAME]`, and `[default]`, which is a profile; nil for any other header.
    static func of(header: String) -> (Kind, name: String)? {
      if header == "default" { return (.profile, header) }
      let kinds: [(prefix: String, kind: Kind)] = [
        ("profile", .profile), ("sso-session", .ssoSession), ("services", .services),
      ]
      guard let kind = kinds.first(where: { header.hasPrefix($0.prefix) })?.kind, let words = shellWords(header),
        words.count == 2
      else { return nil }
      return (kind, words[1])
    }
  }

  /// The sections of a file; none if it does not exist.
  private static func sections(of file: LocalFile) throws -> [INIFile.Section] {
    guard file.isRegular, let bytes = try file.readableContents() else { return [] }
    return try INIFile(bytes, path: file.path).sections
  }

  var description: String { "<AWS configuration files>" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// A named group of settings: a profile, an SSO session, a services section. A print shows only its name.
struct AWSProfile: Sendable, CustomStringConvertible, CustomReflectable {
  /// A value and the file that sets it.
  private struct Setting: Sendable {
    let entry: INIFile.Entry
    let file: String
  }

  let name: String
  /// By key, in lower case.
  private let settings: [String: Setting]

  init(name: String, section: INIFile.Section, file: String) {
    self.init(name: name, settings: section.entries.mapValues { Setting(entry: $0, file: file) })
  }

  private init(name: String, settings: [String: Setting]) {
    self.name = name
    self.settings = settings
  }

  /// A profile without settings.
  static func empty(_ name: String) -> AWSProfile { AWSProfile(name: name, settings: [:]) }

  /// The settings of both profiles; `other` wins if both have one.
  func overridden(by other: AWSProfile) -> AWSProfile {
    AWSProfile(name: name, settings: settings.merging(other.settings) { $1 })
  }

  /// The keys that are set.
  var keys: [String] { settings.keys.sorted() }

  /// Whether a key is set, even to an empty text.
  func has(_ key: String) -> Bool { settings[key] != nil }

  /// The file that sets a key.
  func file(of key: String) -> String? { settings[key]?.file }

  /// The value of a key.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the key has indented lines below it
  func text(_ key: String) throws -> String? {
    guard let setting = settings[key] else { return nil }
    guard case .text(let text) = setting.entry.value else {
      throw Failure(
        .configInvalid,
        "\(setting.file):\(setting.entry.line): `\(key)` has indented lines below it instead of a value",
        advice: "write the value on the line of the key")
    }
    return text
  }

  /// A text that is not empty.
  ///
  /// - Throws: as `text(_:)`
  func nonEmpty(_ key: String) throws -> String? {
    guard let text = try text(key), !text.isEmpty else { return nil }
    return text
  }

  /// The indented lines below a key.
  ///
  /// - Throws: `Failure` with code `config_invalid` if the key has a value instead
  func table(_ key: String) throws -> [String: String]? {
    guard let setting = settings[key] else { return nil }
    guard case .table(let table) = setting.entry.value else {
      if case .text("") = setting.entry.value { return nil }
      throw Failure(
        .configInvalid,
        "\(setting.file):\(setting.entry.line): `\(key)` has a value instead of indented lines below it",
        advice: "write `key = value` lines below it, indented")
    }
    return table
  }

  var description: String { "<profile \(name)>" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
