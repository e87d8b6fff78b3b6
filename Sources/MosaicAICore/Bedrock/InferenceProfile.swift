/// The id of a cross-region inference profile: a part of the world and the model in it, `us.anthropic.…` ("Supported
/// Regions and models for inference profiles", Amazon Bedrock User Guide).
struct InferenceProfile: Equatable, Sendable {
  /// `us`, `eu`, `global`.
  let prefix: String
  /// The foundation model's id.
  let modelID: String

  /// Nil for an id without a part of the world: a foundation model, an ARN.
  init?(_ id: String) {
    guard let dot = id.firstIndex(of: "."), InferenceProfile.known.contains(String(id[..<dot])) else { return nil }
    prefix = String(id[..<dot])
    modelID = String(id[id.index(after: dot)...])
  }

  /// The prefixes of the profiles that a region has, the nearest first.
  static func prefixes(in region: String) -> [String] {
    switch region {
    case "ap-southeast-2", "ap-southeast-4": ["au", "apac", "global"]
    case "ap-northeast-1", "ap-northeast-3": ["jp", "apac", "global"]
    case "ap-south-1", "ap-south-2": ["in", "apac", "global"]
    case _ where region.hasPrefix("us-gov-"): ["us-gov"]
    case _ where region.hasPrefix("us-") || region.hasPrefix("ca-"): ["us", "global"]
    case _ where region.hasPrefix("eu-"): ["eu", "global"]
    case _ where region.hasPrefix("ap-"): ["apac", "global"]
    default: ["global"]
    }
  }

  /// The profiles of a model to try in a region, the nearest first.
  static func candidates(for modelID: String, in region: String) -> [String] {
    prefixes(in: region).filter { $0 != "apac" || mayBeInAsiaPacific(modelID) }.map { "\($0).\(modelID)" }
  }

  /// Whether there may be an `apac.` profile of the model. Of Claude only models before Sonnet 4.5 have one.
  private static func mayBeInAsiaPacific(_ modelID: String) -> Bool {
    !modelID.hasPrefix("anthropic.") || modelID.hasPrefix("anthropic.claude-3")
      || modelID.hasPrefix("anthropic.claude-sonnet-4-2025")
  }

  /// What to say about a profile that does not exist in the region; nil if it may.
  func misfit(in region: String) -> (message: String, advice: Advice)? {
    guard !InferenceProfile.candidates(for: modelID, in: region).contains("\(prefix).\(modelID)") else { return nil }
    let owner = InferenceProfile.prefixes(in: region).contains(prefix) ? modelID : region
    return (
      "\(owner) has no inference profile \"\(prefix).\"",
      .either([
        .change(.model, to: InferenceProfile.candidates(for: modelID, in: region)), .change(.region, to: []),
      ])
    )
  }

  /// All prefixes.
  private static let known: Set = ["us", "us-gov", "eu", "apac", "au", "jp", "in", "global"]
}
