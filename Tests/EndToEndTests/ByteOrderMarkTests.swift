import Foundation
import TestSupport
import Testing

/// Files as editors on Windows write them: with a byte order mark, and lines that end in CRLF.
@Suite(.crowd, .inGoodTime) struct ByteOrderMarkTests {
  private static let mark = "\u{FEFF}"

  /// Writes a file as such an editor does.
  private func write(_ text: String, to name: String, _ home: Home) throws {
    try home.write(ByteOrderMarkTests.mark + text.replacing("\n", with: "\r\n"), to: name)
  }

  @Test("Every file of one's own is read, and messages go through")
  func everyFile() async throws {
    let home = try await Home.remembering("Rose", .none)
    try write("persona: aunt\nprofile: work\n", to: ".config/mosaic-ai/config.yaml", home)
    try write(
      "personas:\n  aunt:\n    name: The Aunt\n    description: Listens.\n    system_prompt: You listen.\n",
      to: ".config/mosaic-ai/personas.yaml", home)
    try write("[profile work]\nregion = us-east-1\n", to: ".aws/config", home)
    try write(
      "[work]\naws_access_key_id = AKIDSIMULATOR\naws_secret_access_key = simulator-secret\n", to: ".aws/credentials",
      home)
    let ended = try await home.mosaic("send", "--model", home.model("echo"), "-").with("AWS_REGION", nil)
      .reading(ByteOrderMarkTests.mark + "I miss her.").run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output == "I miss her.\n")
    #expect(try await home.messages().contents.first == "I miss her.")
    #expect(try await home.json("conversations").elements.first?["persona_id"].string == "aunt")
  }

  @Test("One's own questions are read", arguments: ["", "\u{FEFF}", "\u{FEFF}\n"])
  func questions(nothing: String) async throws {
    let home = try await Home.remembering()
    try write("chapters:\n  Own:\n  - Where did {name} sing?\n", to: ".config/mosaic-ai/questions.yaml", home)
    let own = try await home.json("questions", "--chapter", "Own").elements
    #expect(own.map { $0["question"].string } == ["Where did Rose sing?"])
    // Without anything in it, the file adds nothing.
    try home.write(nothing, to: ".config/mosaic-ai/questions.yaml")
    #expect(try await home.json("questions").elements.count >= 150)
  }

  @Test("A name that comes from such a file is the name without the mark")
  func names() async throws {
    let home = try await Home.remembering()
    let mark = ByteOrderMarkTests.mark
    #expect(
      try await home.mosaic("legacies", "add", "\(mark)Rose", "-o", "json").run().json()["created"] == .bool(false))
    try await home.succeed("legacies", "share", "Rose", "\(mark)zoë")
    try await home.succeed("send", "--model", home.model("echo"), "--user", "zoë", "Hello.")
    try await home.succeed("conversations", "rename", "last", "\(mark)Songs", "--user", "zoë\(mark)")
    #expect(try await home.json("conversations", "--user", "zoë").elements.map { $0["title"].string } == ["Songs"])
  }

  @Test("The API key that is kept is read")
  func apiKey() async throws {
    let home = try await Home.remembering("Rose", .none)
    try write("api_key: simulator-api-key\n", to: ".config/mosaic-ai/credentials.yaml", home)
    chmod("\(home.configurationFolder)/credentials.yaml", 0o600)
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
  }

  @Test("An export is imported")
  func export() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let text = try await home.succeed("export", "last", "-o", "ndjson").output
    try write(text, to: "rose.ndjson", home)
    try await home.succeed("import", "rose.ndjson", "--database", "\(home.path)/other.sqlite3")
    let other = try await home.json("history", "--database", "\(home.path)/other.sqlite3")
    #expect(other["messages"].elements.count == 2)
  }

  @Test("The mark is not part of the first column")
  func columns() async throws {
    let home = try await Home.remembering()
    for (name, text, place) in [
      ("config.yaml", "persna: friend\n", "config.yaml:1:1:"), ("config.yaml", "model: m\nmodel: m\n", ":2:1:"),
      ("personas.yaml", "persona: {}\n", "personas.yaml:1:1:"),
      ("questions.yaml", "chapter: {}\n", "questions.yaml:1:1:"),
    ] {
      try write(text, to: ".config/mosaic-ai/\(name)", home)
      let ended = try await home.mosaic(name == "questions.yaml" ? "questions" : "personas").run()
      #expect(ended.status == 78)
      #expect(ended.error.contains(place), "\(ended.error)")
      try FileManager.default.removeItem(atPath: "\(home.configurationFolder)/\(name)")
    }
  }

  @Test("A changed setting leaves the mark, the line ends and the comments")
  func changed() async throws {
    let home = try await Home.remembering()
    try write("persona: friend # hers\nmodel: >\n  m\n\n# the end\n", to: ".config/mosaic-ai/config.yaml", home)
    try await home.succeed("config", "set", "persona", "biographer")
    try await home.succeed("config", "set", "user", "ada")
    try await home.succeed("config", "unset", "model")
    let bytes = try #require(home.folder.contents(".config/mosaic-ai/config.yaml"))
    let expected = "\(ByteOrderMarkTests.mark)persona: biographer  # hers\r\n\r\n# the end\r\nuser: ada\r\n"
    #expect(bytes == Data(expected.utf8))
  }
}
