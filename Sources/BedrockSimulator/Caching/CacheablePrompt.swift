import MosaicAICore

/// A prompt as the cache sees it: blocks, one after the other, and the cache points between them.
struct CacheablePrompt: Equatable, Sendable {
  /// The end of a block, as a distance from the start of the prompt.
  struct Boundary: Equatable, Sendable {
    let bytes: Int
    let tokens: Int
  }

  /// A point up to which the prompt is to be cached.
  struct Point: Equatable, Sendable {
    /// The index of the boundary where the point is.
    let boundary: Int
    let lifetime: CacheLifetime
  }

  /// The blocks as JSON, without the cache points: moving a point does not change what comes before it.
  private(set) var bytes: [UInt8] = []
  private(set) var boundaries: [Boundary] = []
  private(set) var points: [Point] = []

  /// No blocks.
  init() {}

  /// Reads the blocks and checks the cache points.
  ///
  /// - Parameter body: a valid body of ConverseStream, except for its cache points
  /// - Throws: the error that AWS answers with
  init(_ body: JSON) throws(ServiceError) {
    try append(body["system"]?.elements ?? [], at: "system", role: "system")
    for (index, message) in (body["messages"]?.elements ?? []).enumerated() {
      let role = message["role"]?.string ?? ""
      try append(message["content"]?.elements ?? [], at: "messages.\(index).content", role: role)
    }
    guard points.count <= CacheablePrompt.mostPoints else {
      throw .refusedByModel(
        "A maximum of \(CacheablePrompt.mostPoints) blocks with cache_control may be provided. Found \(points.count).")
    }
  }

  private static let mostPoints = 4

  /// Appends a list of blocks.
  private mutating func append(_ blocks: [JSON], at path: String, role: String) throws(ServiceError) {
    for (index, block) in blocks.enumerated() {
      let blockPath = "\(path).\(index)"
      if let point = block["cachePoint"] {
        let lifetime = try CacheLifetime(point, at: "\(blockPath).cachePoint")
        guard index > 0, blocks[index - 1]["cachePoint"] == nil else {
          throw .validation("The cachePoint block at \(blockPath) must follow a content block.")
        }
        if lifetime == .oneHour, points.contains(where: { $0.lifetime == .fiveMinutes }) {
          throw .refusedByModel(
            "\(path).\(index - 1).cache_control.ttl: a ttl='1h' cache_control block must not come after "
              + "a ttl='5m' cache_control block. "
              + "Note that blocks are processed in the following order: `tools`, `system`, `messages`.")
        }
        points.append(Point(boundary: boundaries.count - 1, lifetime: lifetime))
      } else {
        JSON.array([.string(role), block]).append(to: &bytes)
        // A message costs a few tokens on top of its text, as in `ConverseInput.inputTokens`.
        let overhead = index == 0 && role != "system" ? ConverseInput.tokensPerMessage : 0
        let tokens = approximateTokens(block["text"]?.string ?? "") + overhead
        boundaries.append(Boundary(bytes: bytes.count, tokens: tokens + (boundaries.last?.tokens ?? 0)))
      }
    }
  }
}

/// How long the cache keeps a prompt after its last use.
enum CacheLifetime: String, Sendable {
  case oneHour = "1h"
  case fiveMinutes = "5m"

  var seconds: Int64 {
    switch self {
    case .oneHour: 3600
    case .fiveMinutes: 300
    }
  }

  /// Reads the `ttl` of a cache point, and checks the rest of it.
  fileprivate init(_ point: JSON, at path: String) throws(ServiceError) {
    guard let members = point.members else { throw .type(at: path, not: "a structure") }
    try ConverseInput.refuseUnknown(members, except: ["type", "ttl"], at: path)
    guard let type = point["type"] else { throw .constraint("null", at: "\(path).type", "not be null") }
    guard let type = type.string else { throw .type(at: "\(path).type", not: "a String") }
    guard type == "default" else {
      throw .constraint(quotedShort(type), at: "\(path).type", "satisfy enum value set: [default]")
    }
    guard let ttl = point["ttl"] else {
      self = .fiveMinutes
      return
    }
    guard let ttl = ttl.string else { throw .type(at: "\(path).ttl", not: "a String") }
    guard let lifetime = CacheLifetime(rawValue: ttl) else {
      throw .constraint(quotedShort(ttl), at: "\(path).ttl", "satisfy enum value set: [5m, 1h]")
    }
    self = lifetime
  }
}
