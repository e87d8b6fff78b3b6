import MosaicAICore
import Testing

@testable import BedrockSimulator

@Suite struct PromptCacheTests {
  func prompt(_ text: String, ttl: String? = nil) throws -> CacheablePrompt {
    var point: JSON = ["type": "default"]
    if let ttl { point = ["type": "default", "ttl": .string(ttl)] }
    return try CacheablePrompt(["system": [["text": .string(text)], ["cachePoint": point]], "messages": []])
  }

  @Test("An entry lives for five minutes after its last use, or for an hour")
  func lifetime() throws {
    for (ttl, life) in [(nil, 300), ("5m", 300), ("1h", 3600)] as [(String?, Int64)] {
      var cache = PromptCache()
      let start = Timestamp(milliseconds: 1_795_414_382_123)
      let prompt = try prompt(String(repeating: "x", count: 5000), ttl: ttl)
      #expect(cache.use(of: prompt, for: "m", at: start).totalWritten == 1250)
      cache.remember(prompt, for: "m", at: start)
      let later = start + (life - 1)
      #expect(cache.use(of: prompt, for: "m", at: later).read == 1250)
      #expect(cache.use(of: prompt, for: "n", at: later).read == 0)
      cache.remember(prompt, for: "m", at: later)
      #expect(cache.use(of: prompt, for: "m", at: start + (2 * life - 2)).read == 1250)
      #expect(cache.use(of: prompt, for: "m", at: later + life).read == 0)
      #expect(cache.use(of: prompt, for: "m", at: later + life).totalWritten == 1250)
    }
  }

  @Test("An entry is found up to twenty blocks before a point")
  func lookback() throws {
    var cache = PromptCache()
    let start = Timestamp(milliseconds: 0)
    let long = JSON.string(String(repeating: "x", count: 5000))
    func prompt(_ further: Int) throws -> CacheablePrompt {
      let blocks = [JSON.object([JSON.Member("text", long)])] + (0..<further).map { ["text": .string("\($0)")] }
      return try CacheablePrompt(["system": .array(blocks + [["cachePoint": ["type": "default"]]])])
    }
    cache.remember(try prompt(0), for: "m", at: start)
    #expect(cache.use(of: try prompt(20), for: "m", at: start).read == 1250)
    #expect(cache.use(of: try prompt(21), for: "m", at: start).read == 0)
  }

  @Test(
    "A point after fewer tokens than the model needs has no effect",
    arguments: [
      ("us.anthropic.claude-sonnet-4-6", 1024), ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", 1024),
      ("us.anthropic.claude-sonnet-5", 1024), ("us.anthropic.claude-opus-4-8", 1024), ("anything", 1024),
      ("us.anthropic.claude-sonnet-5-5", 512), ("global.anthropic.claude-opus-5", 512),
      ("eu.anthropic.claude-haiku-5-5", 512), ("us.anthropic.claude-opus-4-5-20251101-v1:0", 4096),
      ("us.anthropic.claude-opus-4-6-v1", 4096), ("us.anthropic.claude-opus-4-7", 4096),
      ("us.anthropic.claude-haiku-4-5-20251001-v1:0", 4096),
    ])
  func fewTokens(model: String, fewest: Int) throws {
    let cache = PromptCache()
    let start = Timestamp(milliseconds: 0)
    let enough = try prompt(String(repeating: "x", count: fewest * 4))
    #expect(cache.use(of: enough, for: model, at: start).totalWritten == fewest)
    let tooFew = try prompt(String(repeating: "x", count: fewest * 4 - 4))
    #expect(cache.use(of: tooFew, for: model, at: start) == CacheUse())
  }

  @Test("SHA-256 and its HMAC are those of the standards")
  func digests() {
    #expect(hexadecimal(SHA256.digest(of: [])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      hexadecimal(SHA256.digest(of: [UInt8](repeating: 0x61, count: 1_000_000)))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    for count in 50...70 { #expect(SHA256.digest(of: [UInt8](repeating: 1, count: count)).count == 32) }
    #expect(
      hexadecimal(SHA256.authenticationCode(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }
}
