/// What the path names: a model, an inference profile, or one of the simulator's scenarios.
struct ModelID: Equatable, Sendable {
  /// As the client meant it, percent-decoded.
  let text: String

  /// Reads one segment of a path.
  ///
  /// - Throws: the error that AWS answers with where it can be no identifier
  init(segment: some StringProtocol) throws(ServiceError) {
    guard let text = percentDecoded(segment), !text.isEmpty else { throw .invalidModel }
    guard text.count <= 2048 else {
      throw .constraint(jsonShort(text), at: "modelId", "have length less than or equal to 2048")
    }
    guard text.utf8.allSatisfy(ModelID.isAllowed) else { throw .invalidModel }
    self.text = text
  }

  /// The name in an ARN, else the identifier itself.
  private var name: Substring {
    text.hasPrefix("arn:")
      ? text[(text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex)...] : text[...]
  }

  /// What follows `simulator.`, up to the suffix that tests add to make an identifier unique.
  var scenarioName: Substring? {
    name.dropping(prefix: "simulator.")?.prefix { $0 != ":" }
  }

  /// Refuses what Bedrock would refuse.
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

  /// Type and name of the resource, where the ARN is one of Bedrock's that can be talked to.
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

  /// A bare model is invoked on demand, which newer Claude models do not offer.
  private static func checkModel(_ name: Substring, asAskedFor text: String) throws(ServiceError) {
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, providers.contains(parts[0]), !parts[1].isEmpty else { throw .invalidModel }
    let isOnDemand = onDemandClaude.contains { parts[1].hasPrefix($0) }
    if parts[0] == "anthropic" && !isOnDemand { throw .onDemand(text) }
  }

  /// What cross-region inference profiles begin with.
  private static let profilePrefixes: Set<Substring> = ["us", "us-gov", "eu", "apac", "au", "jp", "ca", "global"]
  /// Whose models Bedrock offers.
  private static let providers: Set<Substring> = [
    "ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "meta", "minimax", "mistral", "moonshot", "nvidia",
    "openai", "qwen",
    "writer",
  ]
  /// Resources of an account that can be talked to.
  private static let resourceKinds: Set<Substring> = [
    "inference-profile", "application-inference-profile", "provisioned-model", "custom-model",
    "custom-model-deployment", "imported-model",
    "prompt", "prompt-router", "default-prompt-router",
  ]
  /// Claude models that are offered without a profile.
  private static let onDemandClaude = [
    "claude-instant", "claude-v2", "claude-3-haiku", "claude-3-sonnet", "claude-3-opus", "claude-3-5-",
  ]

  /// Whether a byte may stand in an identifier.
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

/// `text` with every `%XX` as its byte; nil where that is no UTF-8 or an escape is cut short.
func percentDecoded(_ text: some StringProtocol) -> String? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    guard let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else {
      return nil
    }
    bytes.append(escaped)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self)
}

/// `text` quoted for an error message, cut where it is long.
func jsonShort(_ text: String) -> String { text.count > 80 ? "'\(text.prefix(80))…'" : "'\(text)'" }
