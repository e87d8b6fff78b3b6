/// What a request read from the cache and wrote to it, in input tokens.
struct CacheUse: Equatable, Sendable {
  var read = 0
  /// By lifetime.
  var written: [CacheLifetime: Int] = [:]

  /// What was written, whatever its lifetime.
  var totalWritten: Int { written.values.reduce(0, +) }
}
