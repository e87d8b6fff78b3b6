import MosaicAICore

/// What a path names: a model, an inference profile, or one of the simulator's scenarios.
struct ModelID: Equatable, Sendable {
  /// Percent-decoded.
  let text: String

  /// Reads one segment of a path.
  ///
  /// - Throws: the error that AWS answers with if it cannot be an identifier
  init(segment: some StringProtocol) throws(ServiceError) {
    guard let text = percentDecoded(segment), !text.isEmpty else { throw .invalidModel }
    guard text.count <= 2048 else {
      throw .constraint(quotedShort(text), at: "modelId", "have length less than or equal to 2048")
    }
    guard text.utf8.allSatisfy(ModelID.isAllowed) else { throw .invalidModel }
    self.text = text
  }

  /// The last part of an ARN, or the identifier itself.
  var name: Substring {
    text.hasPrefix("arn:")
      ? text[(text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex)...] : text[...]
  }

  /// What follows `simulator.`, without the suffix that clients add to make an identifier unique.
  var scenarioName: Substring? {
    name.dropping(prefix: "simulator.")?.prefix { $0 != ":" }
  }

  /// Refuses what Bedrock would refuse because there is no such model.
  ///
  /// - Throws: the error that AWS answers with
  func checkExistence() throws(ServiceError) {
    if scenarioName != nil { return }
    if text.hasPrefix("arn:") {
      guard let resource = arnResource else { throw .invalidModel }
      if resource.hasPrefix("foundation-model/") { try ModelID.checkModel(name, asAskedFor: text) }
      return
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count >= 3, ModelID.profilePrefixes.contains(parts[0]), ModelID.providers.contains(parts[1]) { return }
    try ModelID.checkModel(text[...], asAskedFor: text)
  }

  /// The id of the model, if the control plane could know it as a foundation model.
  var foundationModel: Substring? {
    if text.hasPrefix("arn:") { return arnResource?.hasPrefix("foundation-model/") == true ? name : nil }
    let provider = text.prefix { $0 != "." }
    return scenarioName != nil || (ModelID.providers.contains(provider) && text.count > provider.count + 1)
      ? text[...] : nil
  }

  /// The id of the profile, if the control plane could know it as one. A scenario is both a model and a profile.
  var inferenceProfile: (name: Substring, isApplication: Bool)? {
    if text.hasPrefix("arn:") {
      switch arnResource?.prefix(while: { $0 != "/" }) {
      case "inference-profile": return (name, false)
      case "application-inference-profile": return (name, true)
      default: return nil
      }
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isProfile =
      parts.count >= 3 && ModelID.profilePrefixes.contains(parts[0]) && ModelID.providers.contains(parts[1])
    return scenarioName != nil || isProfile ? (text[...], false) : nil
  }

  /// Type and name of the resource, if the ARN is of a kind that Converse accepts.
  private var arnResource: Substring? {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "bedrock", !parts[3].isEmpty
    else { return nil }
    let kind = parts[5].prefix { $0 != "/" }
    let isAccount = parts[4].count == 12 && parts[4].allSatisfy(\.isNumber)
    guard parts[5].count > kind.count + 1,
      kind == "foundation-model" ? parts[4].isEmpty : isAccount && ModelID.resourceKinds.contains(kind)
    else { return nil }
    return parts[5]
  }

  /// Refuses newer Claude models: a model without a profile is invoked on demand, which they do not offer.
  private static func checkModel(_ name: Substring, asAskedFor text: String) throws(ServiceError) {
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, providers.contains(parts[0]), !parts[1].isEmpty else { throw .invalidModel }
    let isOnDemand = onDemandClaude.contains { parts[1].hasPrefix($0) }
    if parts[0] == "anthropic" && !isOnDemand { throw .onDemand(text) }
  }

  /// What the ids of cross-region inference profiles start with.
  private static let profilePrefixes: Set<Substring> = ["us", "us-gov", "eu", "apac", "au", "jp", "in", "ca", "global"]
  /// The providers whose models Bedrock offers.
  private static let providers: Set<Substring> = [
    "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "meta", "minimax", "mistral", "moonshot", "nvidia",
    "openai", "qwen",
    "writer",
  ]
  /// The kinds of an account's resources that Converse accepts.
  private static let resourceKinds: Set<Substring> = [
    "inference-profile", "application-inference-profile", "provisioned-model", "custom-model",
    "custom-model-deployment", "imported-model",
    "prompt", "prompt-router", "default-prompt-router",
  ]
  /// What the names of Claude models start with that are offered without a profile.
  private static let onDemandClaude = [
    "claude-instant", "claude-v2", "claude-3-haiku", "claude-3-sonnet", "claude-3-opus", "claude-3-5-",
  ]

  /// Whether a byte is allowed in an identifier.
  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
