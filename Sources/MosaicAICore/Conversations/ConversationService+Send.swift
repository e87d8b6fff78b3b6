/// A question that is stored and waits for its reply.
public struct Exchange: Sendable {
  let question: StoredQuestion
  /// What the model is asked.
  public let request: ConverseRequest
  /// What tells of it.
  public let start: ReplyStart
}

extension ConversationService {
  /// The most messages the model is shown, the new one among them.
  private static let maximumContext = 20

  /// Stores a message at the end of the conversation that is meant, which is created if need be: in one transaction, so
  /// that of two processes only one begins a conversation.
  ///
  /// - Parameter message: as `Rules.message` gives it
  /// - Throws: `Failure` with code `usage`, `invalid_input`, `not_found`, `ambiguous` or `forbidden`; as `Store.write`;
  ///   nothing is stored then
  public func begin(_ message: String, _ request: SendRequest, personas: PersonaCatalog) throws -> Exchange {
    try store.settle()
    return try store.write { try begin(message, request, personas, $0) }
  }

  /// Reopens the last exchange of the conversation that is meant, if it has no whole reply.
  ///
  /// - Throws: `Failure` with code `usage`, `not_found`, `ambiguous`, `forbidden`, or `busy` where another process is
  ///   at it; as `Store.write`
  public func beginRetry(_ request: SendRequest, personas: PersonaCatalog) throws -> Exchange {
    try store.settle()
    return try store.write { try beginRetry(request, personas, $0) }
  }

  /// What the model would be asked; nothing is stored.
  ///
  /// - Parameter message: nil for a retry
  /// - Throws: as `begin` and `beginRetry`
  public func preview(_ message: String?, _ request: SendRequest, personas: PersonaCatalog) throws -> ConverseRequest {
    try store.rehearse { transaction in
      try transaction.settleAbandonedMessages()
      let exchange =
        try message.map { try begin($0, request, personas, transaction) } ?? beginRetry(request, personas, transaction)
      // Whoever only looks does not keep others from answering.
      store.liveness?.release(exchange.question.id)
      return exchange.request
    }
  }

  /// Asks for the reply, and keeps it as it comes.
  ///
  /// - Parameters:
  ///   - retryOptions: what the command that asks again needs besides the conversation, after a space
  ///   - client: makes the client; called when the start has been told, so that the message is safe whatever is wrong
  ///     with the configuration of AWS
  /// - Throws: `ReplyFailure`, when what has come is stored
  public func answer(
    _ exchange: Exchange, to sink: any ReplySink, retryOptions: String = "", client: () throws -> BedrockClient
  ) throws {
    let retry = ConversationService.retryCommand(exchange.question.conversationID) + retryOptions
    let recorder = ReplyRecorder(
      id: makeID(), question: exchange.question, modelID: exchange.request.modelID, store: store, now: now)
    let relay = ReplyRelay(sink, recorder)
    var ended: ConverseOutcome?
    do {
      let outcome: ConverseOutcome
      do {
        try sink.start(exchange.start)
        outcome = try client().converse(exchange.request, to: relay)
        ended = outcome
        // What came behind the last flush, before something that spoils nothing any more.
        relay.record()
        try ConversationService.check(outcome, hasText: recorder.hasText)
      } catch {
        relay.record()
        throw keep(recorder, Failure.from(error), retry, outcome: ended)
      }
      do { try recorder.finish(ReplyEnding(.complete, outcome)) } catch {
        throw ConversationService.unstored(error, retry)
      }
      try sink.done(
        ReplyDone(
          messageID: recorder.id, conversationID: exchange.question.conversationID, stopReason: outcome.stopReason,
          usage: outcome.usage, latency: outcome.latency, firstChunk: relay.firstChunk))
    } catch {
      let failure = Failure.from(error)
      // What is not found is the conversation: it was deleted, and the reply with it.
      throw ReplyFailure(
        failure: failure, conversationID: exchange.question.conversationID, userMessageID: exchange.question.id,
        messageID: recorder.isStored && failure.code != .notFound ? recorder.id : nil)
    }
  }

  /// Stores what has come of a reply that failed. Gives the failure, its hint telling what is kept.
  ///
  /// - Parameter retry: the command that asks again
  private func keep(_ recorder: ReplyRecorder, _ failure: Failure, _ retry: String, outcome: ConverseOutcome?)
    -> Failure
  {
    var ending = ReplyEnding(failure.code == .blocked ? .blocked : .interrupted, outcome)
    ending.errorCode = failure.code.rawValue
    do {
      try recorder.finish(ending)
    } catch {
      // The first failure tells more, unless it was the database all along; what was written before stays.
      return failure.code == .interrupted ? failure : ConversationService.unstored(error, retry)
    }
    return failure.keeping(recorder.hasText, retry)
  }

  /// What is said where the end of a reply could not be written: the message is safe, unless it was deleted meanwhile.
  private static func unstored(_ error: any Error, _ retry: String) -> Failure {
    let failure = Failure.from(error)
    return [.storageFailed, .busy].contains(failure.code) ? failure.keeping(false, retry) : failure
  }

  /// The command that asks again for the last reply of a conversation.
  public static func retryCommand(_ conversationID: String) -> String {
    "mosaic-ai send --retry --conversation \(conversationID.prefix(8))"
  }

  /// - Throws: `Failure` for a reply that is whole as far as the stream goes, but no reply
  private static func check(_ outcome: ConverseOutcome, hasText: Bool) throws {
    switch outcome.stopReason {
    case .guardrailIntervened:
      throw Failure(.blocked, "a guardrail stopped the reply", hint: "say it in other words")
    case .contentFiltered:
      throw Failure(.blocked, "a content filter stopped the reply", hint: "say it in other words")
    case .malformedModelOutput, .malformedToolUse:
      throw Failure(.modelError, "the model's output was malformed (\(outcome.stopReason.rawValue))")
    case .toolUse:
      throw Failure(.protocolError, "the model asked for a tool, though none was offered", hint: "use another --model")
    default:
      guard hasText else { throw Failure(.emptyReply, "the reply was empty") }
    }
  }

  private func begin(
    _ message: String, _ request: SendRequest, _ personas: PersonaCatalog, _ transaction: StoreTransaction
  ) throws -> Exchange {
    let title = try request.title.map { try Rules.name($0, "the title") }
    let (conversation, legacy, isNew) = try conversation(for: request, personas, transaction)
    let persona = try personas.persona(id: conversation.personaID)
    if let title = title ?? (conversation.title == nil ? Rules.title(from: message) : nil) {
      try transaction.setTitle(title, ofConversation: conversation.id, at: time)
    }
    let question = try transaction.insertQuestion(
      id: makeID(), conversationID: conversation.id, content: message, at: time)
    return try exchange(question, message, request, legacy, persona, personas, isNew: isNew, transaction)
  }

  private func beginRetry(_ request: SendRequest, _ personas: PersonaCatalog, _ transaction: StoreTransaction) throws
    -> Exchange
  {
    let reference: String? = if case .conversation(let reference) = request.target { reference } else { nil }
    let user = try transaction.user(handle: handle)
    let conversation = try resolveConversation(
      reference, legacy: request.legacy?.value, personaID: request.persona.isExplicit ? request.persona.value : nil,
      for: user, transaction)
    let legacy = try resolveLegacy(conversation.legacyID, for: user, transaction)
    guard let last = try transaction.lastExchange(inConversation: conversation.id) else {
      throw Failure(.notFound, "there is nothing to retry: the conversation has no message")
    }
    if last.questionStatus == .pending {
      throw Failure(.busy, "the last message is being answered by another process", hint: "wait until it has finished")
    }
    if last.replyStatus == .complete {
      throw Failure(
        .notFound, "there is nothing to retry: the last message has its reply", hint: "`mosaic-ai history` shows it")
    }
    if let title = try request.title.map({ try Rules.name($0, "the title") }) {
      try transaction.setTitle(title, ofConversation: conversation.id, at: time)
    }
    let persona = try personas.persona(id: conversation.personaID)
    try transaction.reopenQuestion(last.question)
    return try exchange(last.question, last.content, request, legacy, persona, personas, isNew: false, transaction)
  }

  private func exchange(
    _ question: StoredQuestion, _ message: String, _ request: SendRequest, _ legacy: Legacy, _ persona: Persona,
    _ personas: PersonaCatalog, isNew: Bool, _ transaction: StoreTransaction
  ) throws -> Exchange {
    let pairs = try transaction.exchanges(before: question, limit: (ConversationService.maximumContext - 1) / 2)
    let converse = ConverseRequest(
      modelID: request.modelID ?? persona.modelID ?? Persona.defaultModelID,
      system: personas.systemPrompt(of: persona, legacyName: legacy.name),
      turns: pairs.flatMap { [.init(.user, $0.question), .init(.assistant, $0.reply)] } + [.init(.user, message)],
      maximumTokens: request.maximumTokens ?? persona.maximumTokens ?? Persona.defaultMaximumTokens,
      temperature: request.temperature, guardrail: request.guardrail)
    return Exchange(
      question: question, request: converse,
      start: ReplyStart(
        conversationID: question.conversationID, userMessageID: question.id, legacyID: legacy.id, personaID: persona.id,
        modelID: converse.modelID, isNewConversation: isNew))
  }

  private func conversation(
    for request: SendRequest, _ personas: PersonaCatalog, _ transaction: StoreTransaction
  ) throws -> (Conversation, Legacy, isNew: Bool) {
    let user = try transaction.user(handle: handle)
    if case .conversation(let reference) = request.target {
      let conversation = try resolveConversation(
        reference, legacy: request.legacy.flatMap { $0.isExplicit ? $0.value : nil },
        personaID: request.persona.isExplicit ? request.persona.value : nil, for: user, transaction)
      return (conversation, try resolveLegacy(conversation.legacyID, for: user, transaction), false)
    }
    let persona = try personas.persona(id: request.persona.value)
    let legacy =
      try request.legacy.map { try resolveLegacy($0.value, for: user, transaction) } ?? onlyLegacy(user, transaction)
    let known = try knownUser(transaction)
    let filter = ConversationFilter(legacyID: legacy.id, personaID: persona.id, limit: 1)
    if request.target == .latest, let latest = try transaction.conversations(of: known, filter).first {
      return (latest, legacy, false)
    }
    let (id, time) = (makeID(), time)
    let new = Archive.Conversation(
      id: id, personaID: persona.id, title: nil, lastMessageAt: nil, createdAt: time, updatedAt: time, entries: [])
    try transaction.insertConversation(
      new, user: known, legacyID: legacy.id, activity: transaction.nextActivity(of: known))
    return (try resolveConversation(id, legacy: nil, personaID: nil, for: known, transaction), legacy, true)
  }

  /// The user's only legacy; those they are only `pending` in leave the choice alone.
  private func onlyLegacy(_ user: User?, _ transaction: StoreTransaction) throws -> Legacy {
    let known = try user.map(transaction.legacies) ?? []
    let legacies = known.filter(\.role.mayChat)
    guard let legacy = legacies.first else {
      if let pending = known.first { try requireMembership(pending) }
      throw Failure(.usage, "there is no legacy yet", hint: "add one: mosaic-ai legacies add \"NAME\"")
    }
    guard legacies.count == 1 else {
      let names =
        legacies.prefix(3).map { "\"\($0.name)\"" }.joined(separator: ", ") + (legacies.count > 3 ? ", …" : "")
      throw Failure(
        .usage, "there are \(legacies.count) legacies, and none was chosen",
        hint: "choose one with --legacy or MOSAIC_AI_LEGACY: \(names)")
    }
    return legacy
  }
}

extension Failure {
  /// The same, its hint telling what is kept.
  fileprivate func keeping(_ hasReply: Bool, _ retry: String) -> Failure {
    var failure = self
    let kept =
      switch code {
      case _ where hasReply: "what came is kept; `\(retry)` asks again"
      case .validation: "your message is kept; with what was refused put right, `\(retry)` sends it again"
      default: "your message is kept; `\(retry)` sends it again"
      }
    failure.hint = hint.map { "\($0); \(kept)" } ?? kept
    return failure
  }
}

extension ReplyEnding {
  fileprivate init(_ status: Message.Status, _ outcome: ConverseOutcome?) {
    self.init(
      status: status, stopReason: outcome?.stopReason.rawValue, outputTokens: outcome?.usage?.output,
      inputTokens: outcome?.usage?.input)
  }
}

/// Hands a reply on to the recorder and to the screen.
private final class ReplyRelay: ConverseReceiver {
  /// From the beginning to the first piece of the reply, in milliseconds.
  private(set) var firstChunk: Int?
  private let sink: any ReplySink
  private let recorder: ReplyRecorder
  private let began = ContinuousClock.now
  /// Came since the last `flush`. The recorder gets it in one go: its lock is too dear for every piece.
  private var arrived: [UInt8] = []
  /// Whether a piece has been shown.
  private var hasShown = false
  /// Until then what comes is shown first and stored later.
  private var nextStore = ContinuousClock.now

  init(_ sink: any ReplySink, _ recorder: ReplyRecorder) {
    self.sink = sink
    self.recorder = recorder
  }

  func receive(retry: RetryNotice) throws { try sink.retry(retry) }

  func receive(text: UnsafeBufferPointer<UInt8>) throws {
    if firstChunk == nil { firstChunk = Int(began.duration(to: .now) / .milliseconds(1)) }
    arrived.append(contentsOf: text)
    try sink.chunk(text)
  }

  func flush() throws {
    guard !arrived.isEmpty else { return try sink.flush() }
    let isFirst = !hasShown
    record()
    // Of the first piece, for which somebody waits, storing begins when it is shown.
    if !isFirst { store() }
    try recorder.check()
    try sink.flush()
    hasShown = true
    if isFirst { store() }
  }

  /// Has it stored before it is shown, so that nothing is shown which a locked database keeps from being stored; but
  /// not more often than ten times a second, since each time whole pages are written, and for at most a tenth of the
  /// time.
  private func store() {
    let began = ContinuousClock.now
    guard began >= nextStore else { return }
    recorder.storeNow()
    let pause = max(began.duration(to: .now) * 10, .milliseconds(100))
    nextStore = began + min(pause, .milliseconds(ReplyRecorder.interval))
  }

  /// Gives the recorder what has come.
  func record() {
    guard !arrived.isEmpty else { return }
    recorder.append(arrived)
    arrived.removeAll(keepingCapacity: true)
  }
}
