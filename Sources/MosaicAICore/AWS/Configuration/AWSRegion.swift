/// Where Bedrock is asked, and so which endpoint and which signature.
public struct AWSRegion: Equatable, Sendable {
  /// The name as signatures and endpoints have it.
  public let name: String
  /// Whether it was written with `fips-` or `-fips`, which asks for a FIPS endpoint.
  public let isFIPS: Bool
  /// Where it was set.
  public let origin: SettingOrigin

  /// The region: `flag`, `AWS_REGION`, `AWS_DEFAULT_REGION`, `configured`, the profile's, else `us-east-1`.
  ///
  /// - Parameters:
  ///   - flag: `--region`
  ///   - configured: `region` of mosaic-ai's configuration file
  /// - Throws: `Failure` where the name is malformed: `usage` for a flag, else `config_invalid`.
  public static func resolve(
    flag: String? = nil, configured: String? = nil, settings: AWSProfileSettings, context: AWSContext
  ) throws -> AWSRegion {
    try AWSRegion(chosen(flag, configured, settings, context))
  }

  /// Whether `--region` is well-formed, before anything else is known.
  ///
  /// - Throws: `Failure` with code `usage` where `--region` is malformed
  public static func check(flag: String) throws { _ = try AWSRegion(Sourced(flag, from: .flag("--region"))) }

  /// A region by its name.
  ///
  /// - Throws: `Failure` where the name is malformed: `usage` for a flag, else `config_invalid`.
  init(_ name: Sourced<String>) throws {
    guard isRegionName(name.value) else {
      throw Failure(
        name.origin.code, "\(printable(name.value)) (\(name.origin)) is not a region's name",
        hint: "write one such as us-east-1")
    }
    self.name = name.value.replacing("fips-", with: "").replacing("-fips", with: "")
    isFIPS = self.name != name.value
    origin = name.origin
  }

  /// The first name that is given.
  private static func chosen(
    _ flag: String?, _ configured: String?, _ settings: AWSProfileSettings, _ context: AWSContext
  ) -> Sourced<String> {
    if let flag { return Sourced(flag, from: .flag("--region")) }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
      if let value = context.variable(name) { return Sourced(value, from: .variable(name)) }
    }
    if let configured { return Sourced(configured, from: .configuration("region")) }
    return settings.region ?? Sourced("us-east-1", from: .fallback)
  }
}

/// A host label of RFC 1123 that is not only digits.
private func isRegionName(_ name: String) -> Bool {
  let bytes = Array(name.utf8)
  let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
  let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
  let hyphen = UInt8(ascii: "-")
  return (1...63).contains(bytes.count) && bytes.first != hyphen && bytes.last != hyphen
    && !bytes.allSatisfy(digits.contains)
    && bytes.allSatisfy { digits.contains($0) || letters.contains($0) || capitals.contains($0) || $0 == hyphen }
}
