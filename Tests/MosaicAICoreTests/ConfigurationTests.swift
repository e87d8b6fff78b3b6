import Testing

@testable import MosaicAICore

@Suite struct ConfigurationFileTests {
  private func file(_ text: String) throws -> ConfigurationFile {
    try ConfigurationFile(Array(text.utf8), path: "/c.yaml", formats: ["text", "json", "ndjson", "sse"])
  }

  @Test("every setting is read")
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
    #expect(file == expected)
  }

  @Test("an empty file sets nothing", arguments: ["", "# nothing\n", "---\n"])
  func empty(text: String) throws {
    #expect(try file(text) == ConfigurationFile())
  }

  @Test(
    "whatever is wrong is told with file, line and column",
    arguments: [
      ("databse: x\n", "1:1: unknown: databse", #"did you mean "database"?"#),
      ("user: x\nendpoint: y\n", "2:1: unknown: endpoint", #"did you mean "endpoint_url"?"#),
      ("output: xml\n", "1:9: output must be one of text, json, ndjson, sse", nil),
      ("user: x\nmax_tokens: 0\n", "2:13: max_tokens must be a whole number from 1 to 1000000", nil),
      ("max_attempts: 101\n", "1:15: max_attempts must be a whole number from 1 to 100", nil),
      ("max_attempts: [1]\n", "1:15: max_attempts must be a whole number from 1 to 100", nil),
      ("timeout: 0\n", "1:10: timeout must be a number of seconds", nil),
      ("timeout: -1\n", "1:10: timeout must be a number of seconds", nil),
      ("timeout: .nan\n", "1:10: timeout must be a number of seconds", nil),
      ("timeout: .inf\n", "1:10: timeout must be a number of seconds", nil),
      ("connect_timeout: 86401\n", "1:18: connect_timeout must be a number of seconds", nil),
      ("connect_timeout: soon\n", "1:18: connect_timeout must be a number of seconds", nil),
      ("user: {a: b}\n", "1:7: user must be a text", nil), ("user:\n", "1:6: user must be a text", nil),
      ("- user\n", "1:1: the file must be a mapping of names to values", nil),
      ("user: a\nuser: b\n", "2:1: given twice: user", "leave one of them out"),
      ("user: a\n# user: x\nlegacy: >\n  user: y\n\"user\" : b\n", "5:1: given twice: user", "leave one of them out"),
      ("{user: a, user: b}\n", "1:2: given twice: user", "leave one of them out"),
      ("user: a\nregion: x y\n", "2:9: region must be a region's name, such as us-east-1", nil),
      (
        "endpoint_url: foo\n",
        "1:15: endpoint_url must be an address such as https://bedrock-runtime.us-east-1.amazonaws.com", nil
      ),
    ] as [(String, String, String?)])
  func errors(text: String, message: String, hint: String?) throws {
    let failure = try failure { try file(text) }
    #expect(failure.code == .configInvalid)
    #expect(failure.message == "/c.yaml:\(message)")
    #expect(failure.hint == hint ?? "correct the file")
  }

  @Test("what is no YAML or no UTF-8 is refused")
  func unreadable() throws {
    let failure = try failure { try file("user: [") }
    #expect(failure.code == .configInvalid)
    #expect(failure.message.wholeMatch(of: /\/c\.yaml:\d+:\d+: .+/) != nil, "\(failure.message)")
    #expect(
      try MosaicAICoreTests.failure { try ConfigurationFile([0xff], path: "/c.yaml", formats: []) }.message
        == "/c.yaml: not valid UTF-8")
  }
}

@Suite struct SettingsTests {
  private let paths = Paths(variables: [:], home: "/home/ada")

  private func settings(
    _ flags: Settings.Flags = .init(), _ variables: [String: String] = [:], _ file: ConfigurationFile = .init()
  )
    -> Settings
  {
    Settings(flags: flags, variables: variables, file: file, paths: paths, home: "/home/ada", loginName: "login")
  }

  /// One setting at all the places where it can be made.
  struct Place: Sendable, CustomTestStringConvertible {
    let name: String
    let flag: WritableKeyPath<Settings.Flags, String?> & Sendable
    let file: WritableKeyPath<ConfigurationFile, String?> & Sendable
    let fallback: String?
    let setting: @Sendable (Settings) -> Sourced<String>?

    var testDescription: String { name }
  }

  static let places = [
    Place(
      name: "database", flag: \.database, file: \.database,
      fallback: "/home/ada/.local/share/mosaic-ai/mosaic-ai.sqlite3"
    ) {
      $0.database
    },
    Place(name: "user", flag: \.user, file: \.user, fallback: "login") { $0.user },
    Place(name: "legacy", flag: \.legacy, file: \.legacy, fallback: nil) { $0.legacy },
    Place(name: "persona", flag: \.persona, file: \.persona, fallback: "biographer") { $0.persona },
    Place(name: "model", flag: \.model, file: \.model, fallback: nil) { $0.model },
    Place(name: "output", flag: \.output, file: \.output, fallback: "text") { $0.output },
  ]

  @Test("a flag beats the environment, that the file, that the default, and each is told", arguments: places)
  func precedence(place: Place) {
    let variable = "MOSAIC_AI_\(place.name.uppercased())"
    var flags = Settings.Flags()
    flags[keyPath: place.flag] = "from flag"
    var file = ConfigurationFile()
    file[keyPath: place.file] = "from file"
    #expect(
      place.setting(settings(flags, [variable: "from variable"], file))
        == Sourced("from flag", from: .flag("--\(place.name)")))
    #expect(
      place.setting(settings(.init(), [variable: "from variable"], file))
        == Sourced("from variable", from: .variable(variable)))
    #expect(
      place.setting(settings(.init(), [variable: ""], file)) == Sourced("from file", from: .configuration(place.name)))
    #expect(place.setting(settings(.init(), [:], file)) == Sourced("from file", from: .configuration(place.name)))
    #expect(place.setting(settings()) == place.fallback.map { Sourced($0, from: .fallback) })
  }

  @Test("a tilde counts in the file, where no shell has seen it, and nowhere else")
  func tilde() {
    var file = ConfigurationFile()
    file.database = "~/my.db"
    #expect(settings(.init(), [:], file).database.value == "/home/ada/my.db")
    var flags = Settings.Flags()
    flags.database = "~/my.db"
    #expect(settings(flags).database.value == "~/my.db")
  }

  @Test(
    "the place of a setting reads like something one can find",
    arguments: [
      (SettingOrigin.flag("--region"), "--region"), (.variable("AWS_REGION"), "AWS_REGION"),
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
    "files are where XDG says, absolute folders alone counting",
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
    "a tilde at the beginning is the home folder",
    arguments: [
      ("~", "/h"), ("~/", "/h/"), ("~/a/b", "/h/a/b"), ("/a/~/b", "/a/~/b"), ("~ada/x", "~ada/x"), ("a", "a"), ("", ""),
    ])
  func tilde(path: String, expanded: String) {
    #expect(Paths.expandingTilde(path, home: "/h") == expanded)
  }
}
