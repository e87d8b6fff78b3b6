import TestSupport
import Testing

@testable import MosaicAICore

/// A temporary home folder, and the context in which AWS's settings are read there.
final class TemporaryHome: Sendable {
  private let folder: TemporaryFolder

  init() {
    do { folder = try TemporaryFolder() } catch { preconditionFailure("\(error)") }
  }

  var path: String { folder.path }

  /// Writes a file below the home folder.
  func write(_ name: String, _ text: String) {
    do { try folder.write(text, to: name) } catch { preconditionFailure("\(error)") }
  }

  /// What is in a file below the home folder; nil if there is no such file.
  func read(_ name: String) -> String? { folder.contents(name).map { String(decoding: $0, as: UTF8.self) } }

  /// The permission bits of a file below the home folder; nil if there is no such file.
  func mode(_ name: String) -> Int? { try? folder.mode(name) }

  func context(
    _ variables: [String: String] = [:], profile: String? = nil, configuredProfile: String? = nil,
    transport: any HTTPTransport = ScriptedTransport.unused
  ) -> AWSContext {
    AWSContext(
      variables: ["AWS_EC2_METADATA_DISABLED": "true"].merging(variables) { $1 }, home: path, transport: transport,
      profile: Preference(
        option: profile.map { Sourced($0, from: .option("--profile")) },
        configured: configuredProfile.map { Sourced($0, from: .configuration("profile")) }),
      now: { testTime }, backoff: Backoff { 0 })
  }
}

/// 2026-11-23T06:13:02.000Z
let testTime = Timestamp(milliseconds: 1_795_414_382_000)

extension AccessKey {
  init(_ id: String, _ secret: String, _ token: String? = nil) {
    self.init(id: id, secret: Secret(secret), sessionToken: token.map(Secret.init))
  }
}

/// What an option and `config.yaml` say about one setting.
func preference(_ key: String, _ option: String?, _ configured: String? = nil) -> Preference<String> {
  Preference(
    option: option.map { Sourced($0, from: .option("--\(key.replacing("_", with: "-"))")) },
    configured: configured.map { Sourced($0, from: .configuration(key)) })
}

extension AWSContext {
  func resolve(replacing refused: Credentials? = nil) throws -> CredentialsChain.Resolution {
    let settings = try AWSProfileSettings(self)
    let region = try AWSRegion.resolve(settings: settings, context: self)
    return try CredentialsChain(context: self, settings: settings, region: region).resolve(
      replacing: refused)
  }
}
