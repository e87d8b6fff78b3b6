/// `~/.aws/config` and `~/.aws/credentials`, or the files that variables name instead, combined as botocore combines
/// them.
///
/// It shows nothing of its contents in a print: they hold secrets.
struct ConfigurationFiles: Sendable, CustomStringConvertible, CustomReflectable {
  /// The configuration file, there or not.
  let config: LocalFile
  /// The shared credentials file, there or not.
  let credentials: LocalFile
  /// Both files' profiles; a key of the credentials file beats the same of the configuration file.
  let profiles: [String: AWSProfile]
  /// The profiles as they stand in the configuration file.
  let configProfiles: [String: AWSProfile]
  /// The profiles as they stand in the credentials file, where every header is a profile's name.
  let credentialsProfiles: [String: AWSProfile]
  /// `[sso-session NAME]`.
  let ssoSessions: [String: AWSProfile]
  /// `[services NAME]`.
  let services: [String: AWSProfile]
  /// Files that are there and cannot be read; they count as absent, as for the AWS CLI.
  let unreadable: [String]

  /// Reads both files.
  ///
  /// - Throws: `Failure` with code `config_invalid`, file, line and column where a file is malformed.
  init(_ context: AWSContext) throws {
    config = context.file(variable: "AWS_CONFIG_FILE", else: "~/.aws/config")
    credentials = context.file(variable: "AWS_SHARED_CREDENTIALS_FILE", else: "~/.aws/credentials")
    unreadable = [config, credentials].filter { $0.isRegular && !$0.isReadable }.map(\.path)
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

  /// What a section of the configuration file describes.
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

  /// The sections of a file; none where it is not there.
  private static func sections(of file: LocalFile) throws -> [INIFile.Section] {
    guard file.isRegular, let bytes = file.contents() else { return [] }
    return try INIFile(bytes, path: file.path).sections
  }

  /// Nothing of its contents.
  var description: String { "<AWS configuration files>" }
  var customMirror: Mirror { Mirror(self, children: []) }
}

/// A named group of settings and the file each is in: a profile, an SSO session, a services section.
struct AWSProfile: Sendable, CustomStringConvertible, CustomReflectable {
  /// A value and where it is set.
  private struct Setting: Sendable {
    let entry: INIFile.Entry
    let file: String
  }

  /// What comes after the kind in its header.
  let name: String
  /// By key, in lower case.
  private let settings: [String: Setting]

  /// The entries of a section.
  init(name: String, section: INIFile.Section, file: String) {
    self.init(name: name, settings: section.entries.mapValues { Setting(entry: $0, file: file) })
  }

  /// Settings from wherever.
  private init(name: String, settings: [String: Setting]) {
    self.name = name
    self.settings = settings
  }

  /// A profile without settings.
  static func empty(_ name: String) -> AWSProfile { AWSProfile(name: name, settings: [:]) }

  /// Both profiles' settings; where both have one it is that of `other`.
  func overridden(by other: AWSProfile) -> AWSProfile {
    AWSProfile(name: name, settings: settings.merging(other.settings) { $1 })
  }

  /// What is set.
  var keys: [String] { settings.keys.sorted() }

  /// Whether a key is set, to whatever.
  func has(_ key: String) -> Bool { settings[key] != nil }

  /// The file a key is set in.
  func file(of key: String) -> String? { settings[key]?.file }

  /// The value of a key.
  ///
  /// - Throws: `Failure` with code `config_invalid` where the key has a nested table.
  func text(_ key: String) throws -> String? {
    guard let setting = settings[key] else { return nil }
    guard case .text(let text) = setting.entry.value else {
      throw Failure(
        .configInvalid,
        "\(setting.file):\(setting.entry.line): `\(key)` has indented lines below it instead of a value",
        hint: "write the value on the line of the key")
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

  /// The lines below a key.
  ///
  /// - Throws: `Failure` with code `config_invalid` where the key has a value and no nested table.
  func table(_ key: String) throws -> [String: String]? {
    guard let setting = settings[key] else { return nil }
    guard case .table(let table) = setting.entry.value else {
      if case .text("") = setting.entry.value { return nil }
      throw Failure(
        .configInvalid,
        "\(setting.file):\(setting.entry.line): `\(key)` has a value instead of indented lines below it",
        hint: "write `key = value` lines below it, indented")
    }
    return table
  }

  /// Its name only.
  var description: String { "<profile \(name)>" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
