import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct ConfigurationFileTests {
  private func file(_ text: String) throws -> ConfigurationFile {
    try ConfigurationFile(Array(text.utf8), path: "/c.yaml", formats: ["text", "json", "ndjson", "sse"])
  }

  @Test("Every setting is read")
  func everySetting() throws {
    let file = try file(
      """
      database: ~/x.db
      user: ada
      legacy: Grace Hopper
      persona: friend
      model: m:0
      output: sse
      region: eu-west-1
      profile: work
      endpoint_url: http://127.0.0.1:1
      max_tokens: 5
      timeout: 1.5
      connect_timeout: 2
      max_attempts: 1
      prompt_cache: false
      recall_tokens: 0
      prices:
        us.anthropic.claude: {input: 3, output: 15, cache_read: 0.3, cache_write: 3.75}
        "b": {input: 0.5, output: 1, currency: EUR}
      """)
    var expected = ConfigurationFile()
    expected.database = "~/x.db"
    expected.user = "ada"
    expected.legacy = "Grace Hopper"
    expected.persona = "friend"
    expected.model = "m:0"
    expected.output = "sse"
    expected.region = "eu-west-1"
    expected.profile = "work"
    expected.endpointURL = "http://127.0.0.1:1"
    expected.maximumTokens = 5
    expected.timeout = .milliseconds(1500)
    expected.connectTimeout = .seconds(2)
    expected.maximumAttempts = 1
    expected.promptCache = false
    expected.recallTokens = 0
    expected.prices = PriceList([
      ModelPrice(
        model: "us.anthropic.claude", input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, currency: "USD"),
      ModelPrice(model: "b", input: 0.5, output: 1, currency: "EUR"),
    ])
    #expect(file == expected)
  }

  @Test("An empty file sets nothing", arguments: ["", "# nothing\n", "---\n"])
  func empty(text: String) throws {
    #expect(try file(text) == ConfigurationFile())
  }

  @Test(
    "An error names file, line and column",
    arguments: [
      ("databse: x\n", "1:1", "databse", "database"),
      ("user: x\nendpoint: y\n", "2:1", "endpoint", "endpoint_url"),
      ("output: xml\n", "1:9", "output", ""),
      ("user: x\nmax_tokens: 0\n", "2:13", "max_tokens", ""),
      ("max_attempts: 101\n", "1:15", "max_attempts", ""),
      ("max_attempts: [1]\n", "1:15", "max_attempts", ""),
      ("timeout: 0\n", "1:10", "timeout", ""),
      ("timeout: -1\n", "1:10", "timeout", ""),
      ("timeout: .nan\n", "1:10", "timeout", ""),
      ("timeout: .inf\n", "1:10", "timeout", ""),
      ("connect_timeout: 86401\n", "1:18", "connect_timeout", ""),
      ("connect_timeout: soon\n", "1:18", "connect_timeout", ""),
      ("prompt_cache: 'false'\n", "1:15", "prompt_cache", ""), ("prompt_cache: no\n", "1:15", "prompt_cache", ""),
      ("prompt_cache: [true]\n", "1:15", "prompt_cache", ""), ("prompt_cache:\n", "1:14", "prompt_cache", ""),
      ("prices: 3\n", "1:9", "prices", ""), ("prices:\n  m: 3\n", "2:6", "m", ""),
      ("prices:\n  m: {input: 3}\n", "2:3", "output", ""),
      ("prices:\n  m: {input: x, output: 1}\n", "2:14", "input", ""),
      ("prices:\n  m: {input: 1, output: -1}\n", "2:25", "output", ""),
      ("prices:\n  m: {input: 1, output: .nan}\n", "2:25", "output", ""),
      ("prices:\n  m: {input: 1, output: 1, cached: 1}\n", "2:28", "cached", ""),
      ("prices:\n  m: {input: 1, output: 1, currency: dollars}\n", "2:38", "currency", ""),
      ("user: {a: b}\n", "1:7", "user", ""), ("user:\n", "1:6", "user", ""),
      ("- user\n", "1:1", "", ""),
      ("user: a\nuser: b\n", "2:1", "user", ""),
      ("user: a\n# user: x\nlegacy: >\n  user: y\n\"user\" : b\n", "5:1", "user", ""),
      ("{user: a, user: b}\n", "1:2", "user", ""),
      ("user: a\nregion: x y\n", "2:9", "region", ""),
      ("endpoint_url: foo\n", "1:15", "endpoint_url", ""),
    ])
  func errors(text: String, place: String, fact: String, suggestion: String) throws {
    let failure = try failure { try file(text) }
    #expect(failure.code == .configInvalid)
    #expect(failure.message.hasPrefix("/c.yaml:\(place): ") && failure.names(fact), "\(failure.message)")
    #expect(suggestion.isEmpty || failure.adviceText.contains(suggestion), "\(failure.adviceText)")
  }

  @Test("Bytes that are not YAML or not UTF-8 are refused")
  func unreadable() throws {
    let failure = try failure { try file("user: [") }
    #expect(failure.code == .configInvalid)
    #expect(failure.message.wholeMatch(of: /\/c\.yaml:\d+:\d+: .+/) != nil, "\(failure.message)")
    let notUTF8 = try TestSupport.failure { try ConfigurationFile([0xff], path: "/c.yaml", formats: []) }
    #expect(notUTF8.code == .configInvalid && notUTF8.message.hasPrefix("/c.yaml: "))
  }
}

@Suite struct SettingOriginTests {
  @Test(
    "The origin of a setting can be found by its name",
    arguments: [
      (SettingOrigin.option("--region"), "--region"), (.variable("AWS_REGION"), "AWS_REGION"),
      (.configuration("region"), "region in config.yaml"),
      (.profile("x", file: "~/.aws/config"), "profile x in ~/.aws/config"),
      (.services("s", file: "f"), "services s in f"),
      (.fallback, "default"),
    ])
  func origins(origin: SettingOrigin, text: String) {
    #expect("\(origin)" == text)
  }
}

@Suite struct PathsTests {
  @Test(
    "Files follow the XDG variables, and only absolute folders count",
    arguments: [
      ([:], "/h/.config/mosaic-ai", "/h/.local/share/mosaic-ai", "/h/.cache/mosaic-ai"),
      (
        ["XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/k"], "/c/mosaic-ai", "/d/mosaic-ai",
        "/k/mosaic-ai"
      ),
      (
        ["XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "./d", "XDG_CACHE_HOME": "~/k"], "/h/.config/mosaic-ai",
        "/h/.local/share/mosaic-ai",
        "/h/.cache/mosaic-ai"
      ),
      (["XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "/d"], "/h/.config/mosaic-ai", "/d/mosaic-ai", "/h/.cache/mosaic-ai"),
    ])
  func folders(variables: [String: String], configuration: String, data: String, cache: String) {
    let paths = Paths(variables: variables, home: "/h")
    #expect(paths.configurationFolder == configuration)
    #expect(paths.configurationFile == "\(configuration)/config.yaml")
    #expect(paths.personasFile == "\(configuration)/personas.yaml")
    #expect(paths.database == "\(data)/mosaic-ai.sqlite3")
    #expect(paths.cacheFolder == cache)
  }

  @Test(
    "A leading tilde is the home folder",
    arguments: [
      ("~", "/h"), ("~/", "/h/"), ("~/a/b", "/h/a/b"), ("/a/~/b", "/a/~/b"), ("~ada/x", "~ada/x"), ("a", "a"), ("", ""),
    ])
  func tilde(path: String, expanded: String) {
    #expect(Paths.expandingTilde(path, home: "/h") == expanded)
  }
}
