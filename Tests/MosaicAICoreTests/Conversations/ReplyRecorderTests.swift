import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// What of a reply is in the database, and when.
@Suite struct ReplyRecorderTests {
  private let household: Household
  private let service: ConversationService
  private let exchange: Exchange
  private let recorder: ReplyRecorder

  init() throws {
    household = try Household()
    service = try household.service()
    _ = try service.addLegacy(name: "Grace", evenIfKnown: false)
    exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
    recorder = ReplyRecorder(
      id: newID(), question: exchange.question, modelID: "m", store: household.store, now: Timestamp.now)
  }

  private func append(_ text: String) throws {
    recorder.append(text)
    try recorder.check()
  }

  /// What another process sees of the reply.
  private func seen() throws -> Message? {
    try household.anotherStore().read {
      try $0.messages(inConversation: exchange.question.conversationID, all: true, limit: nil, offset: 1).first
    }
  }

  /// Waits until `condition` holds. What never holds fails the test; how long it takes does not matter.
  private func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
    for _ in 0..<600 {
      if try condition() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("\(what): never")
  }

  @Test("While the stream stalls, the text so far is stored as a reply in progress")
  func stallingStream() async throws {
    try append("Once ")
    try await eventually("the first piece") { try seen()?.content == "Once " }
    #expect(try seen()?.status == .streaming)
    #expect(recorder.isStored)
    try append("upon a time")
    try await eventually("the second piece") { try seen()?.content == "Once upon a time" }
    try append("!")
    try recorder.finish(
      ReplyEnding(status: .complete, stopReason: "end_turn", usage: TokenUsage(input: 1, output: 3, total: 4)))
    let reply = try #require(try seen())
    #expect(reply.content == "Once upon a time!")
    #expect(reply.status == .complete)
    #expect(reply.tokenCount == 3)
    #expect(try service.messages().map(\.status) == [.complete, .complete])
  }

  @Test("White space alone is never stored, and with text after it all of it is")
  func whiteSpace() async throws {
    try append(" \n")
    try append("\u{a0}\t")
    // The schedule has run when a second recorder, begun later, has written.
    let other = try household.service("bob", store: household.anotherStore())
    _ = try other.addLegacy(name: "Ada", evenIfKnown: false)
    let later = ReplyRecorder(
      id: newID(), question: try other.begin("Hi", .to(), personas: builtInPersonas()).question, modelID: "m",
      store: other.store,
      now: Timestamp.now)
    later.append("x")
    try await eventually("the schedule") { later.isStored }
    #expect(!recorder.hasText)
    #expect(!recorder.isStored)
    #expect(try seen() == nil)
    try append("x")
    #expect(recorder.hasText)
    try recorder.finish(ReplyEnding(status: .complete))
    #expect(try seen()?.content == " \n\u{a0}\tx")
  }

  @Test("A reply of only white space leaves its message failed, with the reason")
  func nothingButSpace() throws {
    try append(" \n ")
    try recorder.finish(ReplyEnding(status: .interrupted, errorCode: "empty_reply"))
    #expect(!recorder.isStored)
    #expect(try service.messages().map(\.status) == [.failed])
    #expect(
      try service.messages().map(\.errorCode) == ["empty_reply"])
  }

  @Test("A database failure shows at a later chunk, and nothing is lost once it works again")
  func failingStore() async throws {
    try append("one ")
    try await eventually("the first piece") { recorder.isStored }
    try household.setDiskFull(true)
    var reported: Failure?
    try await eventually("the failure") {
      do {
        try append(String(repeating: "x", count: 100_000))
        return false
      } catch let failure as Failure {
        reported = failure
        return true
      }
    }
    #expect(reported?.code == .storageFailed)
    #expect(try failure { try recorder.finish(ReplyEnding(status: .interrupted)) }.code == .storageFailed)
    try household.setDiskFull(false)
    try recorder.finish(ReplyEnding(status: .interrupted))
    let reply = try #require(try seen())
    #expect(reply.content.wholeMatch(of: /one x+/) != nil)
    #expect(reply.content.utf8.count % 100_000 == 4, "no piece is there in part, or twice")
    #expect(reply.status == .interrupted)
  }

  @Test("Without space for a reply, the message is kept, and the advice is how to retry")
  func fullDisk() throws {
    let other = try household.service("bob")
    _ = try other.addLegacy(name: "Ada", evenIfKnown: false)
    let reply = RecordedReply()
    reply.onEvent = { if case .start = $0 { try household.setDiskFull(true) } }
    let sent = try other.send("Hi", .reply(String(repeating: "x", count: 100_000)), reply: reply)
    #expect(sent.failure?.failure.code == .storageFailed)
    #expect(sent.failure?.failure.advises(.retry(sent.conversationID, saved: .message)) == true)
    try household.setDiskFull(false)
  }

  @Test("A conversation deleted during its reply stays deleted, and that is reported")
  func deletedMeanwhile() throws {
    try append("secret words")
    try household.service(store: household.anotherStore()).deleteConversations(ids: [exchange.question.conversationID])
    #expect(try failure { try recorder.finish(ReplyEnding(status: .complete)) }.code == .notFound)
    #expect(try household.store.read { try $0.connection.integer("SELECT count(*) FROM ai_messages") } == 0)
    for name in ["db", "db-wal"] {
      #expect(household.folder.contents(name)?.contains(text: "secret words") != true)
    }
  }

  @Test("Once someone else asks the message again, nothing more of the reply is written")
  func askedAgain() throws {
    try append("Once upon")
    recorder.storeNow()
    // As after the lock file was removed: its process was taken for dead, and the message waits for another reply.
    try household.store.execute("UPDATE ai_messages SET status = 'interrupted' WHERE status = 'streaming'")
    recorder.append(" a time")
    #expect(try failure { try recorder.finish(ReplyEnding(status: .complete)) }.code == .busy)
    let reply = try #require(try seen())
    #expect(reply.content == "Once upon" && reply.status == .interrupted)
  }

  @Test("After the end, another process may retry the message")
  func released() throws {
    let other = try household.service(store: household.anotherStore())
    #expect(try code { try other.send(nil) } == .busy)
    try recorder.finish(ReplyEnding(status: .interrupted, errorCode: "connection"))
    #expect(try other.send(nil, .reply("x")).questionID == exchange.question.id)
  }
}

/// What is left by a process that is killed, seen by the next one.
@Suite struct AbandonedMessageTests {
  private let household: Household
  private let service: ConversationService

  init() throws {
    household = try Household()
    service = try household.service()
    _ = try service.addLegacy(name: "Grace", evenIfKnown: false)
  }

  @Test("After a kill before the reply, the message is stored as failed and can be retried")
  func killedWhilePending() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = household.folder.path as String] in
      let service = try ConversationService(store: SQLiteStore.open(path: "\(path)/db"), handle: "ada")
      let exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
      try service.answer(exchange, to: RecordedReply(), .never) {
        kill(getpid(), SIGKILL)
        throw Failure(.internal, "not killed")
      }
    }
    #expect(try service.list().map(\.messageCount) == [1])
    #expect(try service.messages().map(\.status) == [.failed])
    #expect(try service.send(nil, .reply("x")).failure == nil)
    #expect(try service.messages().map(\.content) == ["Hi", "x"])
  }

  @Test("After a kill during a reply, the stored part is interrupted and can be retried")
  func killedWhileStreaming() async throws {
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = household.folder.path as String] in
      let store = try SQLiteStore.open(path: "\(path)/db")
      let service = try ConversationService(store: store, handle: "ada")
      let exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
      let reply = RecordedReply()
      reply.onChunks = {
        // It stalls here, as with a reader who does not read, until the first piece is in the database; then the
        // process dies.
        let other = try SQLiteStore.open(path: "\(path)/db")
        for _ in 0..<600 {
          let stored = try other.read {
            try $0.messages(inConversation: exchange.start.conversationID, all: true, limit: nil, offset: 1)
          }
          if stored.first?.content == "half" { kill(getpid(), SIGKILL) }
          usleep(50_000)
        }
      }
      try service.answer(exchange, to: reply, .never) { BedrockModel.scripted([.reply("half")]) }
    }
    #expect(try service.messages().map(\.status) == [.complete, .interrupted])
    #expect(try service.messages().map(\.content) == ["Hi", "half"])
    #expect(try service.context("More") == ["user: Hi", "assistant: half", "user: More"])
    try service.send(nil, .reply("whole"))
    #expect(try service.messages().map(\.content) == ["Hi", "whole"])
    #expect(try service.list().map(\.messageCount) == [2])
  }

  @Test(
    "The next reader settles abandoned messages and leaves those of living processes alone",
    arguments: ["list", "history", "send", "find"])
  func settling(by operation: String) async throws {
    await #expect(processExitsWith: .success) { [path = household.folder.path as String] in
      let service = try ConversationService(store: SQLiteStore.open(path: "\(path)/db"), handle: "ada")
      _ = try service.begin("abandoned", .to(), personas: builtInPersonas())
    }
    let living = try household.service(store: household.anotherStore())
    _ = try living.begin("held", .to(), personas: builtInPersonas())
    let looking = try household.service(store: household.anotherStore())
    switch operation {
    case "list": _ = try looking.list()
    case "history": _ = try looking.messages()
    case "send": try looking.send("Hi", .reply("x"))
    default: _ = try looking.findConversations(["last"])
    }
    let statuses = try household.store.read {
      try $0.connection.rows("SELECT status FROM ai_messages ORDER BY seq LIMIT 2") { try $0.text() }
    }
    #expect(statuses == ["failed", "pending"])
  }
}

extension ReplyRecorder {
  /// Takes what has come.
  func append(_ text: String) { Array(text.utf8).withUnsafeBufferPointer { append($0) } }
}
