/// The region to ask Bedrock in, which decides the endpoint and the signature.
package struct AWSRegion: Equatable, Sendable {
  /// The name that signatures and endpoints use.
  let name: String
  /// Whether it was written with `fips-` or `-fips`, which asks for a FIPS endpoint.
  let isFIPS: Bool
  let origin: SettingOrigin

  /// The region: the option, `AWS_REGION`, `AWS_DEFAULT_REGION`, `config.yaml`, the profile's, else `us-east-1`.
  ///
  /// - Throws: `Failure` if the name is malformed, with code `usage` if it was typed, else `config_invalid`
  static func resolve(
    chosen preference: Preference<String> = .init(), settings: AWSProfileSettings, context: AWSContext
  ) throws -> AWSRegion {
    let name = context.chosen(preference, orVariable: ["AWS_REGION", "AWS_DEFAULT_REGION"])
    return try AWSRegion(name ?? settings.region ?? Sourced("us-east-1", from: .fallback))
  }

  /// - Throws: as `resolve(chosen:settings:context:)`
  init(_ name: Sourced<String>) throws {
    let written = try RegionName.checked(name)
    self.name = written.replacing("fips-", with: "").replacing("-fips", with: "")
    isFIPS = self.name != written
    origin = name.origin
  }
}
