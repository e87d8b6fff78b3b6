/// An inference profile: a model, and the regions that its requests go to.
struct InferenceProfile: Sendable {
  let id: String
  /// Its name for people.
  let name: String
  /// The id of the model.
  let model: String
  /// Where the model runs. An empty one stands for all regions.
  let regions: [String]
  /// Whether a customer made it, rather than AWS.
  let isApplication: Bool

  /// Finds the profile that `id` names; nil if it does not name one.
  ///
  /// - Parameter region: the region that was asked
  init?(_ model: ModelID, in region: String) {
    guard let profile = model.inferenceProfile else { return nil }
    id = String(profile.name)
    isApplication = profile.isApplication
    let parts = profile.name.split(separator: ".", maxSplits: 1)
    if profile.isApplication, model.scenarioName == nil {
      self.model = "anthropic.claude-sonnet-4-6"
      regions = [region]
      name = id
    } else if let own = parts.first, let regions = InferenceProfile.regions[own], parts.count == 2 {
      self.model = String(parts[1])
      self.regions = regions.isEmpty ? [region, ""] : regions
      let title = ModelName(parts[1])
      name = "\(own.uppercased()) \(title.provider) \(title.model)"
    } else {
      // A scenario: what is asked about the model next is asked about the scenario again.
      self.model = id
      regions = [region]
      name = "Simulator"
    }
  }

  /// The regions of each geography, by the prefix of its profiles. The global ones add all regions to the one asked.
  private static let regions: [Substring: [String]] = [
    "us": ["us-east-1", "us-east-2", "us-west-2"], "us-gov": ["us-gov-east-1", "us-gov-west-1"],
    "eu": ["eu-central-1", "eu-north-1", "eu-south-1", "eu-west-1", "eu-west-3"],
    "apac": ["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
    "au": ["ap-southeast-2", "ap-southeast-4"], "jp": ["ap-northeast-1", "ap-northeast-3"],
    "in": ["ap-south-1", "ap-south-2"], "ca": ["ca-central-1", "ca-west-1"], "global": [],
  ]
}
