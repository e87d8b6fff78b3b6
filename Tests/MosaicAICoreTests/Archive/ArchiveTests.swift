import Foundation
import SQLite
import TestSupport
import Testing

@testable import MosaicAICore

/// What one user has said about a legacy, taken out of one database and into another.
@Suite struct ArchiveTests {
  private let home: Household
  private let ada: ConversationService
  private let legacy: Legacy
  private let away: Household

  init() throws {
    home = try Household()
    away = try Household()
    ada = try home.service()
    legacy = try ada.addLegacy(name: "Rose", evenIfKnown: false).legacy
    _ = try ada.addLegacy(name: "Ben", evenIfKnown: false)
  }

  /// Of every kind: retried, failed, broken off, blocked, odd.
  private func fill() throws {
    let first = try ada.send(
      "She sang.\u{9b}\u{202e} e\u{301}🌻", .stream([.text("Which")], then: .lost), to: about)
    let named = Selection.conversation(first.conversationID)
    try ada.send(nil, .reply("Which song?\0\u{1b}[31m\u{2066}\u{feff} 🌻\n"), to: named)
    home.clock.now = home.clock.now + 61
    try ada.send("I forgot.", .failing(.refused), to: named)
    try ada.send("A lullaby.", .reply("Ah", stop: "guardrail_intervened"), to: named)
    try ada.send("Or a hymn.", .stream([.text("A hymn")], then: .lost), to: named)
    try ada.send("Hello, friend.", .reply("Hello."), to: .to(legacy: "Rose", persona: "friend"))
    try ada.send("About another.", .reply("Yes."), to: .to(legacy: "Ben"))
    // Active again after the others.
    try ada.send("On we go.", .reply("Gladly.", stop: "max_tokens"), to: named)
  }

  private var about: Selection { .to(legacy: "Rose") }

  private func archive(_ service: ConversationService? = nil, _ conversation: String? = nil) throws -> WholeArchive {
    try (service ?? ada).archive(conversation: conversation, legacy: conversation == nil ? legacy.id.rawValue : nil)
  }

  @Test("Every message arrives in order with its status, title, times, counts, reason and bytes")
  func roundTrip() throws {
    try fill()
    let archive = try archive()
    #expect(
      archive.conversations.map(\.personaID) == ["friend", "biographer"], "the one with the latest activity last")
    #expect(
      archive.conversations[1].messages.map(\.status) == [
        .complete, .superseded, .complete, .failed, .complete, .blocked, .complete, .interrupted, .complete, .complete,
      ])
    #expect(archive.conversations[1].messageCount == 9)
    let zoe = try away.service("zoe")
    let summary = try zoe.add(archive)
    #expect(summary.isNewLegacy && summary.legacyID == legacy.id && summary.legacyName == "Rose")
    #expect(summary.addedConversations == 2 && summary.addedMessages == 12)
    let again = try self.archive(zoe)
    #expect(again == archive)
    for (left, right) in zip(archive.conversations.flatMap(\.messages), again.conversations.flatMap(\.messages)) {
      #expect(left.content.utf8.elementsEqual(right.content.utf8))
    }
    #expect(try zoe.legacies().map(\.role) == [.owner])
    #expect(try zoe.list().map(\.messageCount) == [9, 2])
    #expect(
      try zoe.list().map(\.title)
        == ada.conversations(legacy: "Rose").map(\.title))
    // It goes on there as it would have here.
    #expect(
      try zoe.context("Next?", .to(.conversation("last")))
        == ada.context("Next?", .conversation(archive.conversations[1].id)))
    try zoe.send("Next?", .reply("Next."), to: .to(.conversation("last")))
    #expect(try away.store.read { try $0.connection.rows("PRAGMA foreign_key_check") { _ in }.count } == 0)
  }

  @Test("An export can hold one conversation or an empty legacy, and never another user's")
  func parts() throws {
    try fill()
    let bob = try home.service("bob")
    _ = try ada.share("Rose", with: "bob", role: .member)
    try bob.send("Bob's own words.", .reply("Yes."), to: about)
    #expect(try archive().conversations.count == 2)
    #expect(try archive(bob).conversations.flatMap(\.messages).map(\.content) == ["Bob's own words.", "Yes."])
    let friend = try archive().conversations[0].id
    #expect(try archive(ada, friend.rawValue).conversations.map(\.id) == [friend])
    #expect(try archive(ada, friend.short).legacy.name == "Rose")
    #expect(try archive(ada, "last").conversations[0].personaID == "biographer")
    #expect(try failure { try archive(bob, friend.rawValue) }.code == .notFound)
    #expect(try failure { try archive(home.service("eve")) }.code == .forbidden)
    #expect(try failure { try ada.archive(conversation: nil, legacy: nil) }.code == .usage)
    _ = try ada.share("Rose", with: "carol", role: .member)
    #expect(try archive(home.service("carol")).conversations == [])
    _ = try ada.unshare("Rose", from: "bob")
    #expect(try archive(bob) == archive(bob, "last"))
    #expect(try archive(bob, "last").conversations.count == 1, "somebody unshared keeps their own to export")
  }

  @Test("A reply in progress is left out of an export and goes on")
  func underWay() throws {
    let exchange = try ada.begin("Hello.", about, personas: builtInPersonas())
    let entries = try archive().conversations[0].messages
    #expect(entries.map(\.status) == [.failed])
    #expect(entries[0].errorCode == "interrupted")
    try home.store.write {
      try $0.insertReply(
        id: newID(), to: exchange.question, content: Array("Good".utf8), modelID: "m", at: "2026-11-23T06:13:02.123Z")
    }
    #expect(try archive().conversations[0].messages == entries)
    #expect(try archive().conversations[0].messageCount == 1)
    #expect(try ada.messages().map(\.status) == [.pending, .streaming])
    // What would change it waits.
    var longer = try archive()
    longer.conversations[0] = longer.conversations[0].followed(by: question("And then?", in: longer))
    #expect(try failure { try ada.add(longer) }.code == .busy)
    #expect(try ada.messages().map(\.status) == [.pending, .streaming])
  }

  @Test(
    "During a retry, the reply before it is exported",
    arguments: [("lost", Message.Status.interrupted), ("block", .blocked)])
  func underWayAgain(ending: String, status: Message.Status) throws {
    try ada.send(
      "Hello.", ending == "lost" ? .stream([.text("Go")], then: .lost) : .reply("Go", stop: "guardrail_intervened"),
      to: about)
    let before = try archive()
    let exchange = try ada.beginRetry(.to(.conversation("last")), personas: builtInPersonas())
    #expect(try archive() == before)
    try home.store.write {
      try $0.insertReply(
        id: newID(), to: exchange.question, content: Array("Good".utf8), modelID: "m", at: "2026-11-23T06:13:02.123Z")
    }
    #expect(try archive().conversations[0].messages.map(\.status) == [.complete, status])
    #expect(try archive().conversations[0].messages == before.conversations[0].messages)
  }

  @Test("Importing twice adds nothing twice, and keeps what was added since")
  func idempotence() throws {
    try fill()
    let archive = try archive()
    let zoe = try away.service("zoe")
    _ = try zoe.add(archive)
    var summary = try zoe.add(archive)
    #expect(
      !summary.isNewLegacy && summary.addedConversations == 0 && summary.addedMessages == 0
        && summary.updatedConversations == 0)
    #expect(summary.skippedConversations == 2 && summary.skippedMessages == 12)
    #expect(try self.archive(zoe) == archive)
    // Continued, retried, renamed.
    try zoe.send("More.", .reply("More?"), to: .conversation(archive.conversations[0].id))
    _ = try zoe.renameLegacy("Rose", to: "Rosa")
    let continued = try self.archive(zoe)
    summary = try zoe.add(archive)
    #expect(summary.legacyName == "Rosa" && summary.skippedConversations == 2 && summary.addedMessages == 0)
    #expect(try self.archive(zoe) == continued)
  }

  @Test("Without disk space nothing is imported, and the error is a storage error")
  func fullDisk() throws {
    try ada.send("At length.", .reply(String(repeating: "x", count: 100_000)), to: about)
    let zoe = try away.service("zoe")
    try away.setDiskFull(true)
    let failure = try failure { try zoe.add(archive()) }
    #expect(failure.code == .storageFailed)
    try away.setDiskFull(false)
    #expect(try zoe.add(archive()).addedConversations == 1)
  }

  @Test("Importing what is already there needs no write lock")
  func nothingToWrite() throws {
    try fill()
    let zoe = try away.service("zoe")
    _ = try zoe.add(archive())
    let summary = try away.anotherStore().write { _ in try zoe.add(archive()) }
    #expect(summary.skippedMessages == 12)
  }

  @Test("Changes between the comparison and the import are seen")
  func writtenMeanwhile() throws {
    try fill()
    let archive = try archive()
    try DispatchQueue.concurrently(8) {
      let zoe = try away.service("zoe", store: away.anotherStore())
      let summary = try zoe.add(archive)
      #expect(summary.addedConversations + summary.skippedConversations == 2)
      try zoe.send("And then?", .reply("Then."), to: .to(legacy: "Rose", .new))
    }
    let zoe = try away.service("zoe")
    #expect(try zoe.list().count == 10)
    #expect(try zoe.add(archive).skippedConversations == 2)
  }

  @Test("A conversation that was continued elsewhere is brought up to date")
  func continued() throws {
    try fill()
    let zoe = try away.service("zoe")
    _ = try zoe.add(archive())
    let id = try archive().conversations[1].id
    try ada.send("Fails first.", .stream([.text("Not")], then: .lost), to: .conversation(id))
    _ = try zoe.add(archive())
    try ada.send(nil, .reply("Now whole."), to: .conversation(id))
    home.clock.now = home.clock.now + 3600
    try ada.send("New.", .reply("Yes."), to: .conversation(id))
    let summary = try zoe.add(archive())
    #expect(summary.updatedConversations == 1 && summary.skippedConversations == 1 && summary.addedConversations == 0)
    #expect(summary.addedMessages == 3 && summary.skippedMessages == 14)
    #expect(try archive(zoe) == archive())
  }

  @Test(
    "A conversation that went on differently is a conflict with its line, and nothing is stored")
  func diverged() throws {
    try fill()
    let archive = try archive()
    let zoe = try away.service("zoe")
    _ = try zoe.add(archive)
    try zoe.send("Said there.", .reply("Yes."), to: .conversation(archive.conversations[1].id))
    try ada.send("Said here.", .reply("Yes."), to: .conversation(archive.conversations[1].id))
    try ada.send("A third one.", .reply("Yes."), to: .to(legacy: "Rose", .new))
    let before = try self.archive(zoe)
    let failure = try failure { try zoe.add(self.archive()) }
    #expect(failure.code == .invalidInput)
    #expect(failure.message.hasPrefix("rose.ndjson:17: "))
    #expect(try self.archive(zoe) == before)
  }

  @Test("The same ID with other contents is a conflict")
  func conflicts() throws {
    try fill()
    let archive = try archive()
    let zoe = try away.service("zoe")
    _ = try zoe.add(archive)
    let before = try self.archive(zoe)
    func conflict(_ change: (inout WholeArchive) -> Void) throws -> String {
      var changed = archive
      change(&changed)
      let failure = try failure { try zoe.add(changed) }
      #expect(failure.code == .invalidInput)
      #expect(try self.archive(zoe) == before)
      return failure.message
    }
    let message = archive.conversations[1].placed[3]
    #expect(
      try conflict { $0.conversations[1].placed[3] = changed(message, content: "I remember.") }
        .hasPrefix("rose.ndjson:10: "))
    // Canonically equivalent is not the same.
    let odd = archive.conversations[1].placed[0]
    #expect(
      try conflict {
        $0.conversations[1].placed[0] = changed(
          odd, content: odd.message.content.replacing("e\u{301}", with: "\u{e9}"))
      }.hasPrefix("rose.ndjson:7:"))
    #expect(
      try conflict { $0.conversations[1] = renumbered($0.conversations[1], personaID: "friend") }
        .hasPrefix("rose.ndjson:6: "))
    // A new conversation that holds a message of another one.
    #expect(
      try conflict { archive in
        archive.conversations[0] = renumbered(archive.conversations[0], id: newID())
      }.hasPrefix("rose.ndjson:4: "))
  }

  @Test("Another user's conversation or legacy cannot be imported into")
  func others() throws {
    try fill()
    let archive = try archive()
    let eve = try home.service("eve")
    #expect(try failure { try eve.add(archive) }.code == .forbidden)
    _ = try ada.share("Rose", with: "eve", role: .pending)
    #expect(try failure { try eve.add(archive) }.code == .forbidden)
    _ = try ada.share("Rose", with: "eve", role: .member)
    let failure = try failure { try eve.add(archive) }
    #expect(failure.code == .invalidInput)
    // Their own they may bring.
    let conversation = renumbered(archive.conversations[0], id: newID(), all: true)
    var whole = archive
    whole.conversations = [conversation]
    let summary = try eve.add(whole)
    #expect(summary.addedConversations == 1 && !summary.isNewLegacy)
    #expect(try eve.list().count == 1)
    #expect(try ada.list().count == 3)
  }

  @Test("Names and idempotency keys arrive, and those that are taken are a conflict with its line")
  func namesAndKeys() throws {
    func ask(_ text: String, _ key: String, _ name: String, _ service: ConversationService) throws {
      let beginning = try service.begin(
        text, key: Rules.key(key), .to(legacy: "Rose", .named(name)), personas: builtInPersonas())
      guard case .asked(let exchange) = beginning else { throw Complaint("\(key) has a reply") }
      try service.answer(exchange, to: RecordedReply(), .never) { BedrockModel.scripted([.reply("Yes.")]) }
    }
    try ask("One.", "key 1", "letters", ada)
    try ask("Two.", "key 2", "letters", ada)
    let archive = try archive()
    #expect(archive.conversations.map(\.name) == ["letters"])
    #expect(archive.conversations[0].messages.map(\.idempotencyKey?.rawValue) == ["key 1", nil, "key 2", nil])
    let zoe = try away.service("zoe")
    _ = try zoe.add(archive)
    #expect(try self.archive(zoe) == archive)
    #expect(try zoe.storedReply("Two.", key: Rules.key("key 2"), personas: builtInPersonas())?.content == "Yes.")
    // The same name for the same legacy and persona, though another conversation.
    let before = try self.archive(zoe)
    var changed = archive
    changed.conversations = [renumbered(archive.conversations[0], id: newID(), all: true)]
    let taken = try failure { try zoe.add(changed) }
    #expect(taken.code == .invalidInput && taken.message.hasPrefix("rose.ndjson:3: "))
    // With another persona the name is free, but the keys are not.
    changed.conversations = [renumbered(archive.conversations[0], id: newID(), personaID: "friend", all: true)]
    let known = try failure { try zoe.add(changed) }
    #expect(known.code == .invalidInput && known.message.hasPrefix("rose.ndjson:4: "))
    #expect(try self.archive(zoe) == before)
    // Another user has keys and names of their own.
    _ = try zoe.share("Rose", with: "yan", role: .member)
    #expect(try away.service("yan").add(changed).addedMessages == 4)
  }

  @Test("The latest conversation stays the latest after an import")
  func order() throws {
    try fill()
    let zoe = try away.service("zoe")
    _ = try zoe.addLegacy(name: "Carl", evenIfKnown: false)
    try zoe.send("Mine.", .reply("Yes."))
    _ = try zoe.add(archive())
    #expect(try zoe.list().map(\.legacyName) == ["Carl", "Rose", "Rose"])
    #expect(try zoe.list().map(\.personaID) == ["biographer", "biographer", "friend"])
    try zoe.send("Newer.", .reply("Yes."), to: .to(legacy: "Rose", persona: "friend"))
    #expect(try zoe.list().map(\.legacyName) == ["Rose", "Carl", "Rose"])
  }

  private func changed(
    _ placed: PlacedMessage, id: MessageID? = nil, conversationID: ConversationID? = nil, replyTo: MessageID? = nil,
    content: String? = nil
  ) -> PlacedMessage {
    let old = placed.message
    return PlacedMessage(
      message: Message(
        id: id ?? old.id, conversationID: conversationID ?? old.conversationID, author: old.author,
        content: content ?? old.content, tokenCount: old.tokenCount, inputTokens: old.inputTokens,
        cacheReadInputTokens: old.cacheReadInputTokens, cacheWriteInputTokens: old.cacheWriteInputTokens,
        status: old.status, stopReason: old.stopReason, errorCode: old.errorCode, modelID: old.modelID,
        replyTo: replyTo ?? old.replyTo, idempotencyKey: old.idempotencyKey, createdAt: old.createdAt),
      place: placed.place)
  }

  /// A conversation with another id or persona; with `all` its messages have other ids too.
  private func renumbered(
    _ old: WholeArchive.Conversation, id: ConversationID? = nil, personaID: String? = nil, all: Bool = false
  ) -> WholeArchive.Conversation {
    let ids: [MessageID: MessageID] = Dictionary(
      uniqueKeysWithValues: old.messages.map { ($0.id, all ? newID() : $0.id) })
    var new = old
    new.header = Archive.Conversation(
      id: id ?? old.id, personaID: personaID ?? old.personaID, name: old.name, title: old.title,
      messageCount: old.messageCount, lastMessageAt: old.lastMessageAt, createdAt: old.createdAt,
      updatedAt: old.updatedAt)
    new.placed = old.placed.map { placed in
      changed(
        placed, id: ids[placed.message.id], conversationID: id, replyTo: placed.message.replyTo.flatMap { ids[$0] })
    }
    return new
  }

  private func question(_ text: String, in archive: WholeArchive) -> Message {
    Message(
      id: newID(), conversationID: archive.conversations[0].id, author: .user, content: text, tokenCount: nil,
      inputTokens: nil, cacheReadInputTokens: nil, cacheWriteInputTokens: nil, status: .failed, stopReason: nil,
      errorCode: nil, modelID: nil, replyTo: nil, idempotencyKey: nil, createdAt: "2026-11-23T06:13:02.123Z")
  }
}

extension WholeArchive.Conversation {
  /// The conversation with one more message of the user's.
  fileprivate func followed(by message: Message) -> WholeArchive.Conversation {
    var longer = self
    longer.header = Archive.Conversation(
      id: header.id, personaID: header.personaID, name: header.name, title: header.title,
      messageCount: header.messageCount + 1, lastMessageAt: header.lastMessageAt, createdAt: header.createdAt,
      updatedAt: header.updatedAt)
    longer.placed.append(
      PlacedMessage(message: message, place: (placed.last?.place ?? .start).next(message.author)))
    return longer
  }
}
