import Foundation
import TestSupport
import Testing

/// Many processes at once over one database.
@Suite(.crowd, .inGoodTime) struct ConcurrencyTests {
  @Test("Eight first messages at once make one conversation with eight exchanges")
  func firstMessages() async throws {
    let home = try await Home.remembering()
    let sends = try (0..<8).map {
      try home.mosaic("send", "-o", "json", "--model", home.model("echo"), "Message \($0).").start()
    }
    var conversations: Set<String?> = []
    var beginners = 0
    for (index, send) in sends.enumerated() {
      let ended = try await send.end()
      #expect(ended.status == 0)
      #expect(ended.errorLines.allSatisfy { $0.hasPrefix("Another reply of this conversation is still arriving") })
      let reply = try ended.json()
      #expect(reply["content"].string == "Message \(index).")
      conversations.insert(reply["conversation_id"].string)
      beginners += reply["conversation_created"].isTrue ? 1 : 0
    }
    #expect(conversations.count == 1)
    #expect(beginners == 1)
    #expect(try await home.conversationCount() == 1)
    let messages = try await home.messages()
    #expect(messages.count == 16)
    #expect(messages.statuses.allSatisfy { $0 == "complete" })
    for pair in stride(from: 0, to: 16, by: 2) {
      #expect(messages[pair].content == messages[pair + 1].content, "each reply follows its message")
      #expect(messages[pair + 1].replyTo == messages[pair].id)
    }
    #expect(Set(messages.contents).count == 8)
  }

  @Test("Sixteen processes that add the same legacy create one")
  func sameLegacy() async throws {
    let home = try Home()
    let adds = try (0..<16).map {
      try home.mosaic("legacies", "add", $0.isMultiple(of: 2) ? "Rose" : "ROSE", "-o", "json").start()
    }
    var ids: Set<String?> = []
    var created = 0
    for add in adds {
      let ended = try await add.end()
      #expect(ended.status == 0)
      #expect(ended.errorLines.allSatisfy { $0.hasPrefix("Another reply of this conversation is still arriving") })
      ids.insert(try ended.json()["id"].string)
      created += try ended.json()["created"].isTrue ? 1 : 0
    }
    #expect(ids.count == 1)
    #expect(created == 1)
    #expect(try await home.json("legacies").elements.count == 1)
  }

  @Test("Two users and two legacies at once never see each other's words")
  func users() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Ben", "--user", "bob")
    let sends = try (0..<12).map { index in
      let user = index.isMultiple(of: 2) ? [] : ["--user", "bob"]
      let sender = index.isMultiple(of: 2) ? "of mine" : "of bob's"
      return try home.mosaic(["send", "--model", home.model("echo"), "Words \(sender) \(index)."] + user).start()
    }
    let readers = try (0..<6).map { _ in try home.mosaic("history").start() }
    for running in sends {
      let ended = try await running.end()
      #expect(ended.status == 0)
      #expect(ended.errorLines.allSatisfy { $0.hasPrefix("Another reply of this conversation is still arriving") })
    }
    for reader in readers {
      let ended = try await reader.end()
      // It may have looked before there was anything.
      #expect([0, 66].contains(ended.status))
      #expect(!ended.output.contains("bob's"))
    }
    let mine = try await home.messages()
    let bobs = try await home.messages("--user", "bob")
    #expect(mine.count == 12 && mine.contents.allSatisfy { $0.contains("of mine") })
    #expect(bobs.count == 12 && bobs.contents.allSatisfy { $0.contains("of bob's") })
  }

  @Test("Of several retries one wins, and the others report why they did not")
  func retries() async throws {
    let home = try await Home.remembering()
    #expect(try await home.mosaic("send", "Hello.", "--model", home.model("quota")).run().status == 69)
    let retries = try (0..<6).map { _ in try home.mosaic("send", "--retry", "--model", home.model("slow-10")).start() }
    var statuses: [Int32] = []
    for retry in retries { statuses.append(try await retry.end().status) }
    #expect(statuses.filter { $0 == 0 }.count == 1)
    #expect(statuses.allSatisfy { [0, 66, 75].contains($0) })
    #expect(try await home.messages("--all").statuses == ["complete", "complete"])
  }

  @Test("Deleting a conversation during a reply is reported, and nothing comes back", arguments: [0, 1200])
  func deletedUnderReply(milliseconds: Int) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "-o", "ndjson", "--model", home.model("slow-500"), "A secret word: xylophone.")
      .start()
    try await send.shows("This is")
    // At once, before any of the reply is stored, or after some of it was.
    try await Task.sleep(for: .milliseconds(milliseconds))
    try await home.succeed("delete", "last", "--yes")
    let ended = try await send.end()
    #expect(ended.status == 66)
    #expect(try ended.jsonLines().last?["code"].string == "not_found")
    #expect(try await home.conversationCount() == 0)
    #expect(try !home.databaseBytes().contains(text: "xylophone"))
  }
}
