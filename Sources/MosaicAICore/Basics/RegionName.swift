/// The form of an AWS region's name: a host label (RFC 1123) that is not only digits.
package enum RegionName {
  /// The name.
  ///
  /// - Throws: `Failure` with code `usage` if the name was typed, else `config_invalid`
  package static func checked(_ name: Sourced<String>) throws -> String {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard EndpointURL.isLabel(name.value), !name.value.utf8.allSatisfy(digits.contains) else {
      throw Failure(
        name.origin.code, "the region (\(name.origin)) is not a region name: \(visible(name.value))",
        advice: "write a name such as us-east-1")
    }
    return name.value
  }
}
