extension ConversationService {
  /// Stores a message at the end of the selected conversation, which is created if necessary: in one transaction, so
  /// that only one of two processes starts a conversation.
  ///
  /// The text of the conversation's last message, if that has no reply yet, is that message again: nothing is stored
  /// twice.
  ///
  /// - Parameter message: as `Rules.message` gives it
  /// - Throws: `Failure` with code `usage`, `invalid_input`, `not_found`, `ambiguous` or `forbidden`; as `Store.write`;
  ///   nothing is stored then. `ReplyFailure` if the message is stored and what the model is to see cannot be read
  package func begin(
    _ message: String, _ selection: Selection, _ model: ModelChoice = ModelChoice(), personas: PersonaCatalog
  ) throws -> Exchange {
    let asking = Asking(model: model, personas: personas)
    return try beginning(asking) {
      try notingUnsaved { try store.write { try ask(storable(message), key: nil, selection, personas, $0) } }
    }
  }

  /// The exchange of the question that `body` stores, which is under way from then on.
  private func beginning(_ asking: Asking, _ body: () throws -> Asked) throws -> Exchange {
    try store.step(.begin) { note in
      let asked = try body()
      note(.underWay(asked.question.id))
      return try exchange(asked, asking)
    }
  }

  /// The exchange of a stored question. What the model is to see is read in a transaction of its own, so that others
  /// can write meanwhile.
  private func exchange(_ asked: Asked, _ asking: Asking) throws -> Exchange {
    do {
      return try store.find { try exchange(asked, asking, $0) }
    } catch {
      store.release(asked.question.id)
      let failure = Failure.from(error).saying(.message, of: asked.question, isLast: asked.isLast)
      throw ReplyFailure(
        failure, conversationID: asked.question.conversationID, userMessageID: asked.question.id)
    }
  }

  /// Gives what `body` gives. If the database fails, the failure says that the message was not saved.
  private func notingUnsaved<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch var failure as Failure where failure.code == .storageFailed {
      failure.message += "; your message was not saved"
      throw failure
    }
  }

  /// Stores a message with a key, or finds the one that has it: whatever becomes of that one is in its own
  /// conversation, not in the one that is selected now. A reply that is not complete is asked for again. In one
  /// transaction, so that only one of two processes asks.
  ///
  /// - Parameter message: as `Rules.message` gives it
  /// - Throws: as `begin(_:_:_:personas:)`; `Failure` with code `usage` if the message with the key has another text;
  ///   `ReplyFailure` with code `busy` if another process is answering it
  package func begin(
    _ message: String, key: IdempotencyKey, _ selection: Selection, _ model: ModelChoice = ModelChoice(),
    personas: PersonaCatalog
  ) throws -> Beginning {
    let message = storable(message)
    if let reply = try storedReply(message, key: key, personas: personas) { return .answered(reply) }
    return try begin(Asking(model: model, personas: personas)) { try begin(message, key: key, selection, personas, $0) }
  }

  /// As `begin(_:key:_:_:personas:)`, for a question of an interview, whose key also holds the conversation's name: as
  /// it was stored, however it was typed this time.
  package func begin(
    _ message: String, asking question: QuestionKey, _ selection: Selection, _ model: ModelChoice = ModelChoice(),
    personas: PersonaCatalog
  ) throws -> Beginning {
    try begin(Asking(model: model, personas: personas)) { transaction in
      let user = try transaction.user(handle: handle)
      let names = try self.names(
        ofInterview: question.interview, about: question.legacyID, for: user, transaction)
      return try begin(
        storable(message), key: question.key(under: names.first ?? question.interview),
        known: asked(question, under: names, for: user, transaction), selection, personas, transaction)
    }
  }

  /// The exchange of the question that `body` stores, or the reply that it finds.
  private func begin(_ asking: Asking, _ body: (StoreTransaction) throws -> KeyedQuestion) throws -> Beginning {
    try store.step(.begin) { note in
      switch try notingUnsaved({ try store.write(body) }) {
      case .answered(let reply): return .answered(reply)
      case .asked(let asked):
        note(.underWay(asked.question.id))
        return .asked(try exchange(asked, asking))
      }
    }
  }

  /// The stored reply to the message with a key; nil if it has no complete reply.
  ///
  /// - Throws: `Failure` with code `usage` if the message with the key has another text; as `Store.read`
  package func storedReply(
    _ message: String, key: IdempotencyKey, personas: PersonaCatalog
  ) throws -> StoredReply? {
    try find { transaction, user in
      guard let user, let asked = try transaction.exchange(ofKey: key, of: user) else { return nil }
      try ConversationService.check(storable(message), isThatOf: asked)
      return try storedReply(to: asked, of: user, personas, transaction)
    }
  }

  /// Passes on a stored reply as if it had just come.
  ///
  /// - Throws: what `receiver` throws
  package func replay(_ reply: StoredReply, to receiver: any ReplyReceiver) throws {
    try receiver.receive(.start(reply.start))
    var content = reply.content
    try content.withUTF8 { bytes in try receiver.receive(ReplyChunks(bytes, ends: [bytes.count])) }
    try receiver.receive(.done(reply.done))
  }

  /// Reopens the last exchange of the selected conversation if its reply is not complete.
  ///
  /// - Throws: `Failure` with code `usage`, `not_found`, `ambiguous`, `forbidden`, or `busy` if another process is
  ///   answering; as `Store.write`. `ReplyFailure` if what the model is to see cannot be read
  package func beginRetry(
    _ selection: Selection, _ model: ModelChoice = ModelChoice(), personas: PersonaCatalog
  ) throws -> Exchange {
    let asking = Asking(model: model, personas: personas)
    return try beginning(asking) { try store.write { try beginRetry(selection, personas, $0) } }
  }

  /// Reopens a message of the user's that has no complete reply, in its place.
  ///
  /// - Parameters:
  ///   - reference: its id, or a beginning of the id
  ///   - isKeepingOrder: leaves the conversation's place among the user's as it is
  /// - Throws: as `beginRetry(_:_:personas:)`
  package func beginRetry(
    ofMessage reference: String, _ model: ModelChoice = ModelChoice(), personas: PersonaCatalog,
    isKeepingOrder: Bool = false
  ) throws -> Exchange {
    let asking = Asking(model: model, personas: personas, isKeepingOrder: isKeepingOrder)
    return try beginning(asking) { try store.write { try beginRetry(ofMessage: reference, personas, $0) } }
  }

  /// The user's messages without a reply, about legacies that they may talk about, oldest first.
  ///
  /// - Throws: as `Store.read`
  package func unansweredMessages() throws -> [MessageID] {
    try find { transaction, user in try user.map(transaction.unansweredQuestions) ?? [] }
  }

  /// The place where a message would belong.
  ///
  /// - Throws: `Failure` with code `usage`, `not_found`, `ambiguous` or `forbidden`; as `Store.read`
  package func place(of selection: Selection, personas: PersonaCatalog) throws -> Place {
    try store.find { try destination(of: selection, personas, $0).place }
  }

  /// From now on, waiting for other processes ends with code `interrupted` as soon as `cancellation` is requested.
  package func observe(_ cancellation: Cancellation) { store.observe(cancellation) }

  /// What the model would be asked; nothing is stored.
  ///
  /// - Parameters:
  ///   - message: nil for a retry
  ///   - retried: the message to ask again; nil for the last one
  /// - Throws: as `begin` and `beginRetry`
  package func preview(
    _ message: String?, _ selection: Selection, _ model: ModelChoice = ModelChoice(), personas: PersonaCatalog,
    retrying retried: String? = nil
  ) throws -> ModelRequest {
    let asking = Asking(model: model, personas: personas)
    return try store.rehearse { transaction in
      let asked =
        if let message {
          try ask(storable(message), key: nil, selection, personas, transaction)
        } else if let retried {
          try beginRetry(ofMessage: retried, personas, transaction)
        } else {
          try beginRetry(selection, personas, transaction)
        }
      return try exchange(asked, asking, transaction).request
    }
  }

  /// What the model would be asked for a message with a key; nothing is stored.
  ///
  /// - Returns: nil if the message with the key has its reply, so that nothing would be asked
  /// - Throws: as `begin(_:key:_:_:personas:)`
  package func preview(
    _ message: String, key: IdempotencyKey, _ selection: Selection, _ model: ModelChoice = ModelChoice(),
    personas: PersonaCatalog
  ) throws -> ModelRequest? {
    try store.rehearse { transaction in
      let asking = Asking(model: model, personas: personas)
      guard case .asked(let asked) = try begin(storable(message), key: key, selection, personas, transaction) else {
        return nil
      }
      return try exchange(asked, asking, transaction).request
    }
  }

  /// Asks for the reply, and saves it as it comes.
  ///
  /// - Parameters:
  ///   - receiver: gets the start first, and the end last if the reply is complete
  ///   - model: makes the model; called after the start, so that the message is safe even if AWS is not
  ///     configured properly
  /// - Throws: `ReplyFailure`, once what has come is stored
  package func answer(
    _ exchange: Exchange, to receiver: any ReplyReceiver, _ cancellation: Cancellation,
    model: () throws -> any LanguageModel
  ) throws {
    try store.step(.answer(exchange.question.id)) { try ask(exchange, receiver, cancellation, $0, model) }
  }

  private func ask(
    _ exchange: Exchange, _ receiver: any ReplyReceiver, _ cancellation: Cancellation, _ note: @escaping ExchangeFacts,
    _ model: () throws -> any LanguageModel
  ) throws {
    let question = exchange.question
    store.observe(cancellation)
    let id: MessageID
    do {
      id = try ids.next()
    } catch {
      store.release(question.id)
      throw ReplyFailure(
        Failure.from(error).saying(.message, exchange), conversationID: question.conversationID,
        userMessageID: question.id, messageID: nil)
    }
    let recorder = ReplyRecorder(
      id: id, question: question, modelID: exchange.request.modelID, store: store, now: now,
      isKeepingOrder: exchange.isKeepingOrder)
    let relay = ReplyRelay(receiver, recorder, note)
    var ended: ModelReply?
    do {
      let reply = try reply(exchange, relay, recorder, cancellation, model, &ended)
      do {
        try recorder.finish(ReplyEnding(.complete, reply))
      } catch {
        throw ConversationService.notStored(error, exchange)
      }
      let done = ReplyDone(
        messageID: recorder.id, conversationID: question.conversationID, stopReason: reply.stopReason,
        usage: reply.usage, latency: reply.latency, firstChunk: relay.firstChunk)
      do {
        try receiver.receive(.done(done))
      } catch {
        // Trying again would ask a second time.
        var failure = Failure.from(error)
        failure.advice = Advice.text("the reply is saved").then(.showHistory)
        throw failure
      }
      indexIfDue()
    } catch {
      let failure = Failure.from(error)
      // If something is not found, it is the conversation: it was deleted, and the reply with it.
      throw ReplyFailure(
        failure, conversationID: question.conversationID, userMessageID: question.id,
        messageID: recorder.isStored && failure.code != .notFound && failure.advice?.saysDatabaseIsGone != true
          ? recorder.id : nil, usage: ended?.usage)
    }
  }

  /// The model's reply, passed on and recorded but not ended.
  ///
  /// - Parameter ended: becomes the reply even if it is not one to keep
  /// - Throws: `Failure`, once what has come is stored
  private func reply(
    _ exchange: Exchange, _ relay: ReplyRelay, _ recorder: ReplyRecorder, _ cancellation: Cancellation,
    _ model: () throws -> any LanguageModel, _ ended: inout ModelReply?
  ) throws -> ModelReply {
    do {
      try relay.receive(.start(exchange.start))
      let reply = try model().reply(to: exchange.request, relay, cancellation)
      ended = reply
      try ConversationService.check(reply, hasText: recorder.hasText)
      return reply
    } catch {
      throw keep(recorder, Failure.from(error), exchange, ended)
    }
  }

  /// Stores the part of a failed reply that came. Gives the failure; its advice says what is saved.
  private func keep(
    _ recorder: ReplyRecorder, _ failure: Failure, _ exchange: Exchange, _ reply: ModelReply?
  ) -> Failure {
    var ending = ReplyEnding(failure.code == .blocked ? .blocked : .interrupted, reply)
    ending.errorCode = ErrorCode(failure.code)
    do {
      try recorder.finish(ending)
    } catch {
      // The first failure says more, unless the database caused it. What was written before stays.
      let notStored = ConversationService.notStored(error, exchange)
      guard failure.code == .interrupted, notStored.advice?.saysDatabaseIsGone != true else { return notStored }
      return failure.saying(recorder.isStored ? .partOfReply : .message, exchange)
    }
    let saved: Advice.Saved =
      recorder.hasText ? .partOfReply : [.validation, .noText].contains(failure.code) ? .refusedMessage : .message
    return failure.saying(saved, exchange)
  }

  /// The failure if the end of a reply could not be written: the message is safe, unless it was deleted meanwhile.
  private static func notStored(_ error: any Error, _ exchange: Exchange) -> Failure {
    let failure = Failure.from(error)
    // It is gone with the database, or another process answers it.
    if failure.advice?.saysDatabaseIsGone == true || failure.advice == .showHistory { return failure }
    return [.storageFailed, .busy, .databaseUnavailable, .configInvalid].contains(failure.code)
      ? failure.saying(.message, exchange) : failure
  }

  /// - Throws: `Failure` for a stream that ended properly without being a reply
  private static func check(_ reply: ModelReply, hasText: Bool) throws {
    switch reply.stopReason {
    case .guardrailIntervened:
      throw Failure(.blocked, "a guardrail stopped the reply", advice: "say it in other words")
    case .contentFiltered:
      throw Failure(.blocked, "a content filter stopped the reply", advice: "say it in other words")
    case .malformedModelOutput, .malformedToolUse:
      throw Failure(.modelError, "the model's output was malformed (\(reply.stopReason.rawValue))")
    case .toolUse:
      throw Failure(
        .protocolError, "the model asked for a tool, although none was offered", advice: .change(.model, to: []))
    case .maximumTokens where !hasText:
      throw Failure(
        .noText, "the model used up its output tokens without a word of text",
        advice: .either([.raise(.maximumTokens), .thinkLess]))
    default:
      guard hasText else { throw Failure(.emptyReply, "the reply was empty") }
    }
  }
}

/// Beginning an exchange within a transaction.
extension ConversationService {
  /// Where a message belongs: a place, and the conversation there if it has begun.
  private struct Destination {
    let legacy: Legacy
    let persona: Persona
    var isPersonaOfLatest = false
    /// The persona that would have answered if it still existed.
    var missingPersonaID: String?
    let conversation: Conversation?
    /// Of a conversation that is yet to begin.
    var name: String?

    var place: Place {
      Place(
        legacyID: legacy.id, legacyName: legacy.name, personaID: persona.id, personaName: persona.name,
        isPersonaOfLatest: isPersonaOfLatest, missingPersonaID: missingPersonaID, conversationID: conversation?.id,
        name: conversation?.name ?? name, title: conversation?.title)
    }
  }

  /// The parts that every exchange of a command shares.
  private struct Asking {
    let model: ModelChoice
    let personas: PersonaCatalog
    var isKeepingOrder = false
  }

  /// A question that is stored, and that this process is to answer.
  private struct Asked {
    let question: StoredQuestion
    let message: String
    let destination: Destination
    /// Whether the message was stored before, and is asked again.
    let isRetry: Bool
    /// Whether the message is the last of its conversation.
    let isLast: Bool
  }

  /// What became of a message with a key.
  private enum KeyedQuestion {
    case asked(Asked)
    case answered(StoredReply)
  }

  private func begin(
    _ message: String, key: IdempotencyKey, _ selection: Selection, _ personas: PersonaCatalog,
    _ transaction: StoreTransaction
  ) throws -> KeyedQuestion {
    let known = try transaction.user(handle: handle).flatMap { try transaction.exchange(ofKey: key, of: $0) }
    return try begin(message, key: key, known: known, selection, personas, transaction)
  }

  /// - Parameter known: the question that was asked before; nil if it is a new one
  private func begin(
    _ message: String, key: IdempotencyKey, known: AskedExchange?, _ selection: Selection, _ personas: PersonaCatalog,
    _ transaction: StoreTransaction
  ) throws -> KeyedQuestion {
    guard let asked = known, let user = try transaction.user(handle: handle) else {
      return .asked(try ask(message, key: key, selection, personas, transaction))
    }
    try ConversationService.check(message, isThatOf: asked)
    if let reply = try storedReply(to: asked, of: user, personas, transaction) { return .answered(reply) }
    do {
      return .asked(try beginRetry(of: asked, personas, for: user, transaction))
    } catch let failure as Failure where failure.code == .busy {
      throw ReplyFailure(
        failure, conversationID: asked.question.conversationID, userMessageID: asked.question.id)
    }
  }

  /// - Throws: `Failure` with code `usage` if a key is used for another text
  private static func check(_ message: String, isThatOf asked: AskedExchange) throws {
    guard asked.content.hasSameBytes(as: message) else {
      throw Failure(
        .usage, "another message of yours has this idempotency key",
        advice: "use another key for another text; the message with this one is \(asked.question.id)")
    }
  }

  /// The reply to a question; nil if it has no complete reply.
  func storedReply(
    to asked: AskedExchange, of user: User, _ personas: PersonaCatalog, _ transaction: StoreTransaction
  ) throws -> StoredReply? {
    guard asked.replyStatus == .complete else { return nil }
    guard let reply = try transaction.reply(to: asked.question.id),
      let conversation = try transaction.conversation(asked.question.conversationID, of: user)
    else {
      throw Failure(.internal, "a reply that was just found is missing", advice: .reportBug)
    }
    return StoredReply(
      reply, to: asked.question, in: conversation, personaName: personas.name(of: conversation.personaID))
  }

  /// Stores a message at the end of the selected conversation. Without a key, the text of its last message, if
  /// that has no reply yet, is that message again.
  private func ask(
    _ message: String, key: IdempotencyKey?, _ selection: Selection, _ personas: PersonaCatalog,
    _ transaction: StoreTransaction
  ) throws -> Asked {
    let title = try selection.title.map { try Rules.name($0, "the title") }
    let (destination, conversation) = try store.step(.findConversation) { note in
      let destination = try self.destination(of: selection, personas, transaction)
      let conversation = try destination.conversation ?? start(destination, transaction)
      note(.conversation(conversation, isNew: destination.conversation == nil))
      return (destination, conversation)
    }
    if let title = title ?? (conversation.title == nil ? Rules.title(from: message) : nil) {
      try transaction.setTitle(title, ofConversation: conversation.id, at: now())
    }
    if key == nil, let last = try transaction.lastExchange(inConversation: conversation.id), last.isUnanswered,
      last.content.hasSameBytes(as: message)
    {
      // The same text again, after an error: nothing is stored twice.
      try reopen(last.question, transaction)
      return Asked(
        question: last.question, message: message, destination: destination, isRetry: true, isLast: true)
    }
    let question = try store.step(.saveMessage) { note in
      let question = try transaction.insertQuestion(
        id: try ids.next(), conversationID: conversation.id, content: message,
        key: try key.map { ($0, of: try knownUser(transaction)) }, at: now())
      note(.message(question.id, .user))
      return question
    }
    return Asked(question: question, message: message, destination: destination, isRetry: false, isLast: true)
  }

  private func beginRetry(
    _ selection: Selection, _ personas: PersonaCatalog, _ transaction: StoreTransaction
  ) throws -> Asked {
    let reference: String? = if case .conversation(let reference) = selection.target { reference } else { nil }
    let user = try transaction.user(handle: handle)
    let conversation = try resolveConversation(
      reference, legacy: selection.legacy?.bindingValue,
      personaID: persona(of: selection, personas, for: user, transaction), for: user, transaction)
    _ = try resolveLegacy(conversation.legacyID.rawValue, for: user, transaction)
    guard let last = try transaction.lastExchange(inConversation: conversation.id) else {
      throw Failure(.notFound, "there is nothing to retry: the conversation has no messages")
    }
    try ConversationService.checkRetry(last, "the last message")
    if let title = try selection.title.map({ try Rules.name($0, "the title") }) {
      try transaction.setTitle(title, ofConversation: conversation.id, at: now())
    }
    return try reopen(last, isLast: true, personas, for: user, transaction)
  }

  private func beginRetry(
    ofMessage reference: String, _ personas: PersonaCatalog, _ transaction: StoreTransaction
  ) throws -> Asked {
    let user = try transaction.user(handle: handle)
    let id = try resolveMessage(reference, by: .user, for: user, transaction).id
    guard let asked = try transaction.exchange(ofQuestion: id) else {
      throw Failure(.internal, "a message that was just found is missing", advice: .reportBug)
    }
    return try beginRetry(of: asked, personas, for: user, transaction)
  }

  private func beginRetry(
    of asked: AskedExchange, _ personas: PersonaCatalog, for user: User?, _ transaction: StoreTransaction
  ) throws -> Asked {
    try ConversationService.checkRetry(asked, "the message")
    let last = try transaction.lastExchange(inConversation: asked.question.conversationID)
    return try reopen(asked, isLast: last?.question.id == asked.question.id, personas, for: user, transaction)
  }

  /// - Throws: `Failure` with code `busy` or `not_found` if there is nothing to ask again
  private static func checkRetry(_ asked: AskedExchange, _ what: String) throws {
    if asked.questionStatus == .pending {
      throw Failure(.busy, "another process is answering \(what)", advice: "wait until it has finished")
    }
    if asked.replyStatus == .complete {
      throw Failure(.notFound, "there is nothing to retry: \(what) has a reply", advice: .showHistory)
    }
  }

  private func reopen(
    _ asked: AskedExchange, isLast: Bool, _ personas: PersonaCatalog, for user: User?, _ transaction: StoreTransaction
  ) throws -> Asked {
    let conversation = try store.step(.findConversation) { note in
      guard let conversation = try user.flatMap({ try transaction.conversation(asked.question.conversationID, of: $0) })
      else {
        throw Failure(.internal, "the conversation of a message is missing", advice: .reportBug)
      }
      note(.conversation(conversation, isNew: false))
      return conversation
    }
    let destination = Destination(
      legacy: try resolveLegacy(conversation.legacyID.rawValue, for: user, transaction),
      persona: try persona(of: conversation, personas), conversation: conversation)
    try reopen(asked.question, transaction)
    return Asked(
      question: asked.question, message: asked.content, destination: destination, isRetry: true, isLast: isLast)
  }

  private func reopen(_ question: StoredQuestion, _ transaction: StoreTransaction) throws {
    try store.step(.saveMessage) { note in
      note(.message(question.id, .user))
      try transaction.reopenQuestion(question)
    }
  }

  private func exchange(_ asked: Asked, _ asking: Asking, _ transaction: StoreTransaction) throws -> Exchange {
    let (question, message, destination) = (asked.question, asked.message, asked.destination)
    let (model, personas) = (asking.model, asking.personas)
    let (legacy, persona) = (destination.legacy, destination.persona)
    let (turns, recalled) = try store.step(.loadContext) { note in
      let window = try ContextWindow.exchanges(before: question, transaction)
      // Whatever happened before: they start and end with the user, and alternate.
      let turns =
        window.flatMap { [ModelRequest.Turn(.user, $0.question), .init(.assistant, $0.reply)] }
        + [.init(.user, message)]
      let recalled = try recall(
        for: question, message, about: legacy.id, window: window, model, personas, transaction)
      note(.context(messages: turns.count, recalled: recalled?.messages.count ?? 0))
      return (turns, recalled)
    }
    let request = ModelRequest(
      modelID: model.modelID ?? persona.modelID ?? Persona.defaultModelID,
      system: personas.systemPrompt(of: persona, legacyName: legacy.name),
      turns: turns,
      maximumTokens: model.maximumTokens ?? persona.maximumTokens ?? Persona.defaultMaximumTokens,
      temperature: model.temperature, guardrail: model.guardrail, fields: model.fields ?? persona.modelFields,
      cachesPrompt: model.cachesPrompt, reminder: recalled?.reminder)
    return Exchange(
      question: question, request: request,
      start: ReplyStart(
        conversationID: question.conversationID, userMessageID: question.id, legacyID: legacy.id,
        personaID: persona.id, modelID: request.modelID, isNewConversation: destination.conversation == nil,
        recalled: recalled?.messages ?? []),
      place: destination.place, unansweredBefore: try transaction.unansweredCount(before: question),
      recalledConversationCount: recalled?.conversationCount ?? 0,
      isAnotherArriving: try transaction.isAnotherUnderWay(than: question), isRetry: asked.isRetry,
      isLast: asked.isLast, isKeepingOrder: asking.isKeepingOrder)
  }

  /// The persona of a conversation that has begun.
  ///
  /// - Throws: `Failure` with code `not_found` if it no longer exists
  private func persona(of conversation: Conversation, _ personas: PersonaCatalog) throws -> Persona {
    guard let persona = personas[conversation.personaID] else {
      throw Failure(
        .notFound, "the conversation needs the persona \"\(conversation.personaID)\", which is gone",
        advice: "put it back into personas.yaml")
    }
    return persona
  }

  /// The id of the persona that a named conversation must match.
  private func persona(
    of selection: Selection, _ personas: PersonaCatalog, for user: User?, _ transaction: StoreTransaction
  ) throws -> String? {
    try selection.persona?.bindingValue.map {
      try ConversationService.personaID($0, in: personas, for: user, transaction)
    }
  }

  private func destination(
    of selection: Selection, _ personas: PersonaCatalog, _ transaction: StoreTransaction
  ) throws -> Destination {
    let user = try transaction.user(handle: handle)
    if case .conversation(let reference) = selection.target {
      let conversation = try resolveConversation(
        reference, legacy: selection.legacy?.bindingValue,
        personaID: persona(of: selection, personas, for: user, transaction), for: user, transaction)
      return Destination(
        legacy: try resolveLegacy(conversation.legacyID.rawValue, for: user, transaction),
        persona: try persona(of: conversation, personas), conversation: conversation)
    }
    let chosen = try selection.persona.map { try personas.persona(id: $0.value) }
    let legacy =
      try selection.legacy.map { try resolveLegacy($0.value, for: user, transaction) } ?? onlyLegacy(user, transaction)
    let name: String? = if case .named(let name) = selection.target { try Rules.conversationName(name) } else { nil }
    func latest(with personaID: String?) throws -> Conversation? {
      guard let user else { return nil }
      func first(_ filter: ConversationFilter) throws -> Conversation? {
        try transaction.conversations(of: user, filter).first
      }
      guard let personaID else { return try first(ConversationFilter(legacyID: legacy.id, limit: 1)) }
      return try first(ConversationFilter(legacyID: legacy.id, exactPersonaID: personaID, limit: 1))
        ?? first(ConversationFilter(legacyID: legacy.id, personaID: personaID, limit: 1))
    }
    let named =
      try user.flatMap { user in
        try name.map { try transaction.conversations(of: user, named: $0, about: legacy.id) }
      } ?? []
    func latestNamed(with personaID: String?) -> Conversation? {
      named.first { [Persona.key($0.personaID), nil].contains(personaID.map(Persona.key)) }
    }
    // A conversation is found by its name alone, no matter which conversation is the latest.
    let latestID = try chosen == nil ? (latestNamed(with: nil) ?? latest(with: nil))?.personaID : nil
    let latestPersona = latestID.flatMap { personas[$0] }
    let persona = try chosen ?? latestPersona ?? personas.persona(id: Persona.defaultID)
    let conversation: Conversation? =
      switch selection.target {
      case .latest: try latest(with: persona.id)
      case .named: latestNamed(with: persona.id)
      case .new, .conversation: nil
      }
    return Destination(
      legacy: legacy, persona: persona, isPersonaOfLatest: latestPersona != nil,
      missingPersonaID: latestPersona == nil ? latestID : nil, conversation: conversation, name: name)
  }

  /// Starts the conversation that is yet to begin.
  private func start(_ destination: Destination, _ transaction: StoreTransaction) throws -> Conversation {
    let user = try knownUser(transaction)
    let id: ConversationID = try ids.next()
    try transaction.startConversation(
      id: id, of: user, about: destination.legacy.id, with: destination.persona.id, name: destination.name, at: now())
    guard let started = try transaction.conversation(id, of: user) else {
      throw Failure(.internal, "a conversation that was just started is missing", advice: .reportBug)
    }
    return started
  }

  /// The user's only legacy. Those in which they are only `pending` do not count.
  func onlyLegacy(_ user: User?, _ transaction: StoreTransaction) throws -> Legacy {
    let known = try user.map(transaction.legacies) ?? []
    let legacies = known.filter(\.role.mayChat)
    guard let legacy = legacies.first else {
      if let pending = known.first { try requireMembership(pending) }
      if let former = try user.map(transaction.readableLegacies)?.first {
        throw Failure(
          .usage, "you are no longer a member of \(former.name)",
          advice: .either([.askToShare(legacy: former.id, with: handle), .addLegacy]))
      }
      throw Failure(.usage, "you have not added a legacy yet", advice: .addLegacy)
    }
    guard legacies.count == 1 else {
      throw Failure(
        .usage, "there are \(legacies.count) legacies, and none is chosen",
        advice: ConversationService.advice(toChooseFrom: legacies))
    }
    return legacy
  }
}

extension Failure {
  /// The same, its advice saying what is saved and how to go on.
  fileprivate func saying(_ saved: Advice.Saved, _ exchange: Exchange) -> Failure {
    saying(saved, of: exchange.question, isLast: exchange.isLast)
  }

  /// - Parameter isLast: whether the question is the last message of its conversation
  fileprivate func saying(_ saved: Advice.Saved, of question: StoredQuestion, isLast: Bool) -> Failure {
    let retry: Advice =
      isLast ? .retry(question.conversationID, saved: saved) : .retryMessage(question.id, saved: saved)
    var failure = self
    failure.advice = advice.map { $0.then(retry) } ?? retry
    return failure
  }
}

extension ReplyEnding {
  fileprivate init(_ status: Message.Status, _ reply: ModelReply?) {
    self.init(status: status, stopReason: reply?.stopReason, usage: reply?.usage)
  }
}
