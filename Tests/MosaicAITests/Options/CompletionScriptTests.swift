import Testing

@testable import MosaicAI
@testable import MosaicAICore

@Suite struct CompletionScriptTests {
  private func conversation(
    _ number: Int, name: String? = nil, title: String?, legacy: String = "Rose"
  ) -> Conversation {
    let time = Timestamp(milliseconds: 0)
    return Conversation(
      id: ConversationID(rawValue: "abcd000\(number)-0000-4000-8000-000000000000"), userID: "u", legacyID: "l",
      legacyName: legacy, personaID: "friend", name: name, title: title, messageCount: 2, supersededCount: 0,
      lastMessageAt: time, createdAt: time, updatedAt: time)
  }

  private func values(_ conversations: [Conversation], typed: String = "") -> [String] {
    Candidate.conversations(conversations, typed: typed) { _ in "The Friend" }.map { String($0.value.prefix(8)) }
  }

  @Test("Conversations are offered by name and title, and by id if those name no other")
  func conversations() {
    let named = conversation(1, name: "family", title: "Jam")
    #expect(values([named]) == ["last", "family", "Jam"])
    #expect(values([]) == [])
    #expect(
      values([conversation(1, title: "Jam"), conversation(2, title: "JAM")]) == ["last", "abcd0001", "abcd0002"])
    #expect(values([named, conversation(2, name: "family", title: nil)]) == ["last", "Jam", "abcd0002"])
    for title in ["last", "-x", "dead-beef", "a\u{202e}b"] {
      #expect(values([conversation(1, title: title)]) == ["last", "abcd0001"], "\(title)")
    }
    // The name of one beats the title of another.
    #expect(values([named, conversation(2, title: "family")]) == ["last", "family", "Jam", "abcd0002"])
  }

  @Test("An id is offered once it has been begun")
  func ids() {
    #expect(values([conversation(1, title: "Jam")], typed: "ABC") == ["last", "Jam", "abcd0001"])
    #expect(values([conversation(1, title: "Jam")], typed: "abx") == ["last", "Jam"])
  }

  @Test("What says what it is cannot pass for more candidates")
  func lines() {
    let candidate = Candidate(value: #"a:b\'c"#, description: "x\ny: z")
    #expect(CompletionScript.line(candidate, for: .bash) == #"'a:b\'\''c'"#)
    #expect(CompletionScript.line(candidate, for: .zsh) == #"a\:b\\'c:x y: z"#)
    #expect(CompletionScript.line(candidate, for: .fish) == "a:b\\'c\tx y: z")
    #expect(CompletionScript.line(Candidate(value: "a"), for: .zsh) == "a")
    #expect(CompletionScript.line(Candidate(value: "a"), for: .fish) == "a\t")
  }

  @Test(
    "Database, configuration and user are those of the line",
    arguments: [
      ["mosaic-ai", "history", "--database", "'my db'", "--user=ann", ""],
      ["mosaic-ai", "history", "--database=my\\ db", "--user", "=", "ann", ""],
    ])
  func line(words: [String]) throws {
    let home = try TestHome()
    var context = CommandContext.live()
    context.variables = [:]
    context.home = home.path
    let settings = try CompletedLine(words: words, typed: "", context: context).session().settings
    #expect(settings.database.value == "my db" && settings.user.value == "ann")
  }
}
