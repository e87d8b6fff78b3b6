import Testing

@testable import BedrockSimulator

/// The normal reply shows what was understood.
struct ReplyComposerTests {
  @Test("The reply mentions the persona, the person, the context and the message")
  func mentionsEverything() {
    let request = ConverseInput(
      system:
        "Be kind.\n\nYou are The Biographer. You gather the life story of “Rose O’Neill” with the people who knew her.",
      messages: [
        .init(isFromUser: true, text: "Hello"), .init(isFromUser: false, text: "Good day"),
        .init(
          isFromUser: true,
          text: "She baked bread\nevery Sunday morning, and the whole street could smell it from the corner shop on."),
      ], maxTokens: nil)
    let text = ReplyComposer(request: request).text
    #expect(text.hasPrefix("This is The Biographer"))
    #expect(text.contains("Rose O’Neill"))
    #expect(text.contains("the 2 earlier messages"))
    #expect(text.contains("“She baked bread every Sunday morning, and the whole street…”"))
    #expect(text.split(separator: "\n\n").count == 2)
  }

  @Test("The chunks are the reply, a few words each, and always the same")
  func isStable() {
    let request = ConverseInput.asking("Hello", system: "You are The Friend, here for people who loved Rose.")
    let reply = ReplyComposer(request: request)
    #expect(reply.chunks.texts.joined() == reply.text)
    #expect(reply.chunks.texts.count > 8)
    #expect(reply.chunks.stopReason == "end_turn")
    #expect(reply.chunks.texts == ReplyComposer(request: request).chunks.texts)
  }

  @Test(
    "The first persona that is named speaks",
    arguments: [
      (
        "You are The Friend. You listen to people who miss Rose, not as The Biographer would.",
        RememberedPerson.Persona.friend
      ),
      ("You are The Biographer, a friend of stories. The Friend is somebody else.", .biographer),
      ("You are a biographer.", .biographer),
      ("You are a poet.", nil),
    ])
  func findsPersona(prompt: String, persona: RememberedPerson.Persona?) {
    #expect(RememberedPerson(prompt: prompt).persona == persona)
  }

  @Test(
    "The person is found after the words that announce a name",
    arguments: [
      ("The person remembered is “Anna-Maria née Weiß”.", "Anna-Maria née Weiß"),
      ("The person being remembered is named \"Rose\".", "Rose"),
      ("You help to tell the story of Rose Marie’s life.", "Rose Marie"),
      ("You talk about Grandpa Joe, gently.", "Grandpa Joe"),
      ("You help people remember “Rose”.", "Rose"),
      ("You are helping to gather the life story of ana de la Cruz from someone who knew them, so", "ana de la Cruz"),
      ("Someone is talking to you about rosa, whom they love. They", "rosa"),
      ("You talk about what matters, about “Li 李”.", "Li 李"),
      ("You talk about what matters.", nil),
      ("", nil),
    ])
  func findsPerson(prompt: String, name: String?) {
    #expect(RememberedPerson(prompt: prompt).name == name)
  }

  @Test(
    "A reply has no more tokens than the request allows",
    arguments: 1...70)
  func limitsTokens(limit: Int) {
    let reply = ReplyComposer(request: .asking("Hello", maxTokens: limit))
    let (texts, reason) = reply.chunks
    #expect(reply.text.hasPrefix(texts.joined()))
    #expect(!texts.joined().isEmpty)
    #expect(texts.reduce(0) { $0 + approximateTokens($1) } <= limit)
    #expect((reason == "end_turn") == (texts.joined() == reply.text))
  }
}
