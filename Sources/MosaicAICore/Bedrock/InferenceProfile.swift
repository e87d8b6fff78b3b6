/// The id of a cross-region inference profile: a part of the world and the model in it, `us.anthropic.…` ("Supported
/// Regions and models for inference profiles", Amazon Bedrock User Guide).
struct InferenceProfile: Equatable, Sendable {
  /// `us`, `eu`, `global`.
  let prefix: String
  /// The foundation model's id.
  let modelID: String

  /// Nil for an id that names no part of the world: a foundation model, an ARN.
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
    case _ where region.hasPrefix("us-gov-"): ["us-gov"]
    case _ where region.hasPrefix("us-") || region.hasPrefix("ca-"): ["us", "global"]
    case _ where region.hasPrefix("eu-"): ["eu", "global"]
    case _ where region.hasPrefix("ap-"): ["apac", "global"]
    default: ["global"]
    }
  }

  /// `--model eu.MODEL or --model global.MODEL`: the profiles of a model to try in a region.
  static func suggestion(for modelID: String, in region: String) -> String {
    prefixes(in: region).map { "--model \($0).\(modelID)" }.joined(separator: " or ")
  }

  /// What to say of a profile that the region does not have; nil where it has it.
  func misfit(in region: String) -> (message: String, hint: String)? {
    guard !InferenceProfile.prefixes(in: region).contains(prefix) else { return nil }
    return (
      "\(region) has no inference profiles that begin with \"\(prefix).\"",
      "try \(InferenceProfile.suggestion(for: modelID, in: region)), or another --region"
    )
  }

  /// All prefixes there are.
  private static let known: Set = ["us", "us-gov", "eu", "apac", "au", "jp", "global"]
}
