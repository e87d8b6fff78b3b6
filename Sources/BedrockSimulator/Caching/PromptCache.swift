import MosaicAICore

/// The prompts that were cached, in memory: an entry for each cache point. Another request hits an entry if its prompt
/// starts with exactly the same bytes.
struct PromptCache: Sendable {
  private struct Entry {
    let prefix: [UInt8]
    let lifetime: CacheLifetime
    var expiry: Timestamp
  }

  /// How many blocks before a cache point are looked at for an entry that an earlier request left there.
  private static let lookBack = 20

  /// By model id.
  private var entries: [String: [Entry]] = [:]

  /// What a request for `model` would read and write.
  func use(of prompt: CacheablePrompt, for model: String, at now: Timestamp) -> CacheUse {
    let points = cacheable(prompt, by: model)
    let hits = (entries[model] ?? []).filter { $0.expiry > now && isHit($0, by: prompt, points) }
    let longest = hits.map(\.prefix.count).max()
    var use = CacheUse()
    use.read = prompt.boundaries.first { $0.bytes == longest }?.tokens ?? 0
    var end = use.read
    for point in points {
      let tokens = prompt.boundaries[point.boundary].tokens
      guard tokens > end else { continue }
      use.written[point.lifetime, default: 0] += tokens - end
      end = tokens
    }
    return use
  }

  /// Does what `use(of:for:at:)` says: renews the entries that are read and adds the new ones.
  mutating func remember(_ prompt: CacheablePrompt, for model: String, at now: Timestamp) {
    let points = cacheable(prompt, by: model)
    var kept = (entries[model] ?? []).filter { $0.expiry > now }
    for index in kept.indices where isHit(kept[index], by: prompt, points) {
      kept[index].expiry = now + kept[index].lifetime.seconds
    }
    for point in points {
      let prefix = Array(prompt.bytes.prefix(prompt.boundaries[point.boundary].bytes))
      guard !kept.contains(where: { $0.prefix == prefix }) else { continue }
      kept.append(Entry(prefix: prefix, lifetime: point.lifetime, expiry: now + point.lifetime.seconds))
    }
    entries[model] = kept
  }

  /// The cache points that have an effect. One after too few tokens has none, and is not an error.
  private func cacheable(_ prompt: CacheablePrompt, by model: String) -> [CacheablePrompt.Point] {
    let fewest = PromptCache.fewestTokens(of: model)
    return prompt.points.filter { prompt.boundaries[$0.boundary].tokens >= fewest }
  }

  /// After how many tokens a model has its first cache point.
  private static func fewestTokens(of model: String) -> Int {
    fewestTokens.first { model.contains($0.name) }?.tokens ?? 1024
  }

  /// By a part of the model's id; 1,024 for all others.
  private static let fewestTokens: [(name: String, tokens: Int)] = [
    ("claude-sonnet-5-5", 512), ("claude-opus-5", 512), ("claude-haiku-5-5", 512), ("claude-opus-4-5", 4096),
    ("claude-opus-4-6", 4096), ("claude-opus-4-7", 4096), ("claude-haiku-4-5", 4096),
  ]

  /// Whether `prompt` starts with the entry, which ends at one of these points or a few blocks before it.
  private func isHit(_ entry: Entry, by prompt: CacheablePrompt, _ points: [CacheablePrompt.Point]) -> Bool {
    let ends = points.contains { point in
      prompt.boundaries[max(0, point.boundary - PromptCache.lookBack)...point.boundary].contains {
        $0.bytes == entry.prefix.count
      }
    }
    return ends && prompt.bytes.starts(with: entry.prefix)
  }
}
