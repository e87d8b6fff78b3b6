import Dispatch
import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// What the service makes of any model's reply. What it makes of Bedrock's is in `ConversationServiceTests`.
@Suite struct AnsweringTests {
  private let household: Household
  private let service: ConversationService
  private let exchange: Exchange
  private let reply = RecordedReply()

  init() throws {
    household = try Household()
    service = try household.service()
    _ = try service.addLegacy(name: "Grace", evenIfKnown: false)
    exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
  }

  private func answer(_ model: ScriptedModel, _ cancellation: Cancellation = .never) throws {
    try service.answer(exchange, to: reply, cancellation) { model }
  }

  /// The failure of the reply.
  private func failing(_ model: ScriptedModel, _ cancellation: Cancellation = .never) throws -> ReplyFailure {
    try #require(throws: ReplyFailure.self) { try answer(model, cancellation) }
  }

  @Test("The model gets the request, and the receiver everything that comes, in order and in the same pieces")
  func everything() throws {
    let usage = TokenUsage(input: 1, output: 2, total: 3, cacheRead: 4)
    let slow = Failure(.throttled, "slow")
    let model = ScriptedModel(
      [.retry(slow), .retry(slow), .chunks(["One ", "two"]), .chunks([" 🌻"])], stop: "tomorrow", usage: usage,
      latency: .milliseconds(456))
    var calls = 0
    reply.onChunks = { calls += 1 }
    try answer(model)
    #expect(model.requests == [exchange.request])
    #expect(reply.chunks == ["One ", "two", " 🌻"])
    #expect(calls == 2, "pieces that came together are handed on together")
    #expect(reply.events.map(\.type) == ["start", "retry", "retry", "done"])
    #expect(reply.start == exchange.start)
    #expect(reply.retries.map(\.attempt) == [2, 3] && reply.retries.map(\.failure) == [slow, slow])
    let stored = try #require(try service.messages().last)
    #expect(stored.content == "One two 🌻" && stored.status == .complete)
    #expect(stored.stopReason == "tomorrow" && stored.tokenCount == 2 && stored.inputTokens == 1)
    let done = try #require(reply.done)
    #expect(done.messageID == stored.id && done.conversationID == stored.conversationID)
    #expect(done.stopReason == "tomorrow" && done.usage == usage && done.latency == .milliseconds(456))
    #expect(try #require(done.firstChunk) >= .zero)
  }

  @Test("A fast reply is not written piece by piece")
  func fewWrites() throws {
    func changes() throws -> Int {
      try household.store.queue.read { try Int.fetchOne($0, sql: "SELECT total_changes()") ?? 0 }
    }
    let before = try changes()
    try answer(ScriptedModel(Array(repeating: .chunks(["plum "]), count: 5000)))
    #expect(try service.messages().last?.content.utf8.count == 25_000)
    #expect(try changes() - before < 2500)
  }

  @Test("Without usage and latency the reply is whole all the same")
  func nothingKnown() throws {
    try answer(ScriptedModel([.chunks(["x"])]))
    let done = try #require(reply.done)
    #expect(done.usage == nil && done.latency == nil)
    #expect(try service.messages().map(\.tokenCount) == [nil, nil])
    #expect(try service.messages().map(\.status) == [.complete, .complete])
  }

  @Test("A wish to stop reaches the model, and what has come is kept", arguments: [false, true])
  func stopped(hasText: Bool) throws {
    let source = try CancellationSource(signal: { SIGTERM })
    let first: [ScriptedModel.Step] = hasText ? [.chunks(["half"])] : []
    let model = ScriptedModel(first + [.run { source.request() }, .stall])
    let failure = try failing(model, source.cancellation)
    #expect(failure.failure.code == .interrupted && failure.failure.signal == SIGTERM)
    let conversation = exchange.start.conversationID
    #expect(failure.failure.advises(.retry(conversation, saved: hasText ? .partOfReply : .message)))
    #expect(reply.events.map(\.type) == ["start"])
    #expect(try service.messages().map(\.status) == (hasText ? [.complete, .interrupted] : [.failed]))
    #expect(try service.messages().last?.errorCode == "interrupted")
    // The next reply is not stopped by the last wish.
    source.rearm()
    let again = try service.beginRetry(.to(), personas: builtInPersonas())
    try service.answer(again, to: RecordedReply(), source.cancellation) { ScriptedModel([.chunks(["whole"])]) }
    #expect(try service.messages().map(\.content) == ["Hi", "whole"])
  }

  @Test("An error other than a failure is a bug, and the text that came is kept")
  func bug() throws {
    struct Odd: Error {}
    let failure = try failing(ScriptedModel([.chunks(["half"]), .run { throw Odd() }]))
    #expect(failure.failure.code == .internal && failure.failure.advises(.reportBug))
    #expect(try service.messages().map(\.content) == ["Hi", "half"])
    #expect(try service.messages().map(\.status) == [.complete, .interrupted])
  }

  @Test("After an answer, however it ended, another process may answer the message", arguments: [true, false])
  func released(isWhole: Bool) throws {
    let other = try household.service(store: household.anotherStore())
    let busy = Mutex<FailureCode?>(nil)
    let model = ScriptedModel(
      [
        .run {
          let found = try code { try other.beginRetry(.to(), personas: builtInPersonas()) }
          busy.withLock { $0 = found }
        }
      ] + (isWhole ? [.chunks(["x"])] : []))
    if isWhole { try answer(model) } else { #expect(try failing(model).failure.code == .emptyReply) }
    #expect(busy.withLock { $0 } == .busy)
    #expect(try code { try other.beginRetry(.to(), personas: builtInPersonas()) } == (isWhole ? .notFound : nil))
  }

  @Test("A message whose context cannot be read is stored, free to be asked again, and named in the failure")
  func contextCannotBeRead() throws {
    let service = try household.service(store: ForgetfulStore(store: household.store))
    let failed = try #require(throws: ReplyFailure.self) {
      try service.begin("And then?", .to(), personas: builtInPersonas())
    }
    let stored = try #require(try self.service.messages().last)
    #expect(stored.content == "And then?" && stored.status == .failed)
    #expect(failed.userMessageID == stored.id && failed.conversationID == stored.conversationID)
    #expect(failed.failure.code == .storageFailed && failed.messageID == nil)
    #expect(failed.failure.advice == .retry(stored.conversationID, saved: .message))
    let retry = try self.service.beginRetry(.to(), personas: builtInPersonas())
    #expect(retry.start.userMessageID == stored.id)
  }
}

/// What is shown of a reply before it is stored, and what after.
@Suite struct ReplyRelayTests {
  private let household: Household
  private let exchange: Exchange
  private let recorder: ReplyRecorder

  init() throws {
    household = try Household()
    let service = try household.service()
    _ = try service.addLegacy(name: "Grace", evenIfKnown: false)
    exchange = try service.begin("Hi", .to(), personas: builtInPersonas())
    recorder = ReplyRecorder(
      id: newID(), question: exchange.question, modelID: "m", store: household.store, now: Timestamp.now)
  }

  /// What another process sees of the reply.
  private func stored() throws -> String? {
    try household.anotherStore().read {
      try $0.messages(inConversation: exchange.question.conversationID, all: true, limit: nil, offset: 1).first?.content
    }
  }

  @Test("The first text is shown although the database is locked, and stored right after")
  func firstText() throws {
    let shown = RecordedReply()
    let relay = ReplyRelay(shown, recorder)
    let (isLocked, isShown) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let other = try household.anotherStore()
    let wasShown = Mutex(false)
    Thread.detachNewThread {
      // Until the text is shown, nobody else can write.
      try? other.write { _ in
        isLocked.signal()
        let result = isShown.wait(timeout: .now() + 20)
        wasShown.withLock { $0 = result == .success }
      }
      isLocked.signal()
    }
    isLocked.wait()
    shown.onChunks = { isShown.signal() }
    try relay.receive(["One "])
    isLocked.wait()
    #expect(wasShown.withLock { $0 }, "shown while the database was locked")
    try recorder.check()
    #expect(try stored() == "One ", "stored before more is asked for")
    #expect(relay.firstChunk != nil)
  }

  @Test("White space is shown once text has come, piece by piece, and counts from then on")
  func whiteSpace() throws {
    let shown = RecordedReply()
    let relay = ReplyRelay(shown, recorder)
    try relay.receive([" ", "\n"])
    try relay.receive(["\t"])
    #expect(shown.text == "" && relay.firstChunk == nil)
    #expect(try stored() == nil)
    var pieces: [String] = []
    shown.onChunks = { pieces.append(shown.text) }
    try relay.receive(["One ", "two"])
    #expect(pieces.last == " \n\tOne two" && relay.firstChunk != nil)
    #expect(shown.chunks == [" ", "\n", "\t", "One ", "two"])
    #expect(try stored() == " \n\tOne two")
    try relay.receive([" "])
    #expect(shown.text == " \n\tOne two ")
  }

  @Test("Later text is stored before it is shown")
  func laterText() throws {
    let shown = RecordedReply()
    let relay = ReplyRelay(shown, recorder)
    try relay.receive(["One "])
    var seen: [String?] = []
    shown.onChunks = { seen.append(try stored()) }
    for piece in ["two ", "three"] {
      // What comes sooner after the last time may be shown first.
      Thread.sleep(forTimeInterval: 0.1 + ReplyRecorder.interval / .seconds(1))
      try relay.receive([piece])
    }
    #expect(seen == ["One two ", "One two three"])
    #expect(shown.text == "One two three")
  }

  @Test("Text that cannot be stored is not shown")
  func notStored() throws {
    let shown = RecordedReply()
    let relay = ReplyRelay(shown, recorder)
    try relay.receive(["One "])
    try household.setDiskFull(true)
    defer { try? household.setDiskFull(false) }
    Thread.sleep(forTimeInterval: 0.1 + ReplyRecorder.interval / .seconds(1))
    #expect(try code { try relay.receive([String(repeating: "x", count: 100_000)]) } == .storageFailed)
    #expect(shown.text == "One ")
  }

  @Test("Events are handed on as they are")
  func events() throws {
    let shown = RecordedReply()
    try ReplyRelay(shown, recorder).receive(.start(exchange.start))
    #expect(shown.start == exchange.start)
  }
}

/// Can be read only until something is written.
private final class ForgetfulStore: Store {
  private let store: SQLiteStore
  private let isWritten = Mutex(false)

  init(store: SQLiteStore) { self.store = store }

  var isWritable: Bool { store.isWritable }
  var hasNUL: Bool { store.hasNUL }

  func read<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    guard !isWritten.withLock({ $0 }) else { throw Failure(.storageFailed, "the disk is gone") }
    return try store.read(body)
  }

  func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result {
    defer { isWritten.withLock { $0 = true } }
    return try store.write(body)
  }

  func write<Result>(adding messages: Int, _ body: (StoreTransaction) throws -> Result) throws -> Result {
    try write(body)
  }

  func rehearse<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result { try store.rehearse(body) }
  func release(_ message: MessageID) { store.release(message) }
  func observe(_ cancellation: Cancellation) { store.observe(cancellation) }
  func linger(_ time: Duration) { store.linger(time) }
  func eraseDeleted() throws { try store.eraseDeleted() }
}
