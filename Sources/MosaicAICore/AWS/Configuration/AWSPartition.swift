/// A group of regions with its own domains ("Partitions", AWS Fault Isolation Boundaries).
struct AWSPartition: Equatable, Sendable {
  /// The name in ARNs.
  let name: String
  /// The domain of its endpoints.
  let suffix: String
  /// The domain of endpoints that answer over IPv6 too.
  let dualStackSuffix: String
  /// The prefixes of its regions' names.
  private let prefixes: [String]

  /// The partition of a region; the commercial one if the name fits none.
  static func of(region: String) -> AWSPartition {
    all.first { partition in partition.prefixes.contains { partition.has(region, after: $0) } } ?? commercial
  }

  /// Whether a region may have that name: a partition's prefix, a direction and a number, such as `us-gov-west-1`.
  static func hasRegion(named name: String) -> Bool {
    guard let direction = name.split(separator: "-").dropLast().last, directions.contains(String(direction)) else {
      return all.contains { name == "\($0.name)-global" }
    }
    return all.contains { partition in partition.prefixes.contains { partition.has(name, after: $0) } }
  }

  /// Why no host has the name of a service's endpoint in a region.
  static func absence(of service: String, in region: String) -> String {
    hasRegion(named: region) ? "\(service) is not in the region \(region)" : "AWS has no region \(region)"
  }

  private static let directions: Set = [
    "central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west",
  ]

  /// `PREFIX-word-number`, or the partition's pseudo-region `NAME-global`.
  private func has(_ region: String, after prefix: String) -> Bool {
    if region == "\(name)-global" { return true }
    guard region.hasPrefix("\(prefix)-") else { return false }
    let parts = region.dropFirst(prefix.count + 1).split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty && parts[1].allSatisfy(\.isNumber)
  }

  /// The partition of most regions.
  private static let commercial = AWSPartition(
    name: "aws", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
    prefixes: ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"])

  /// Every partition that botocore knows.
  private static let all = [
    commercial,
    AWSPartition(
      name: "aws-cn", suffix: "amazonaws.com.cn", dualStackSuffix: "api.amazonwebservices.com.cn", prefixes: ["cn"]),
    AWSPartition(
      name: "aws-eusc", suffix: "amazonaws.eu", dualStackSuffix: "api.amazonwebservices.eu", prefixes: ["eusc-de"]),
    AWSPartition(name: "aws-iso", suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov", prefixes: ["us-iso"]),
    AWSPartition(name: "aws-iso-b", suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud", prefixes: ["us-isob"]),
    AWSPartition(
      name: "aws-iso-e", suffix: "cloud.adc-e.uk", dualStackSuffix: "api.cloud-aws.adc-e.uk", prefixes: ["eu-isoe"]),
    AWSPartition(
      name: "aws-iso-f", suffix: "csp.hci.ic.gov", dualStackSuffix: "api.aws.hci.ic.gov", prefixes: ["us-isof"]),
    AWSPartition(name: "aws-us-gov", suffix: "amazonaws.com", dualStackSuffix: "api.aws", prefixes: ["us-gov"]),
  ]
}
