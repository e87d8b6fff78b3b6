import MosaicAICore

/// One exchange, from the message to the end of the reply, for whichever command asks.
struct Replying {
  let session: Session
  /// Shows the reply.
  let receiver: any ReplyReceiver
  /// Whether a line that is written over may show what the program waits for.
  var isRewriting = true

  /// Asks for the reply to a stored message, shows it as it comes, and saves it.
  ///
  /// - Parameter model: makes the model that answers
  /// - Throws: `ReplyFailure`
  func answer(
    _ exchange: Exchange, _ service: ConversationService, _ cancellation: Cancellation,
    model: () throws -> any LanguageModel
  ) throws {
    let reporter = ReplyReporter(receiver, session.diagnostics, isRewriting: isRewriting)
    defer { reporter.end() }
    try service.answer(exchange, to: reporter, cancellation, model: model)
  }

  /// Shows a stored reply as if it had just come.
  ///
  /// - Throws: `Failure` if the output fails
  func replay(_ reply: StoredReply, _ service: ConversationService) throws {
    session.introduce(reply.place)
    let reporter = ReplyReporter(receiver, session.diagnostics, isRewriting: isRewriting)
    defer { reporter.end() }
    try service.replay(reply, to: reporter)
  }

  /// The settings of the request and where each was chosen; only with `--verbose`.
  ///
  /// - Parameter isNamed: whether the conversation is one that was named
  func note(_ exchange: Exchange, isNamed: Bool) {
    let (start, settings) = (exchange.start, session.settings)
    let unchosen: SettingOrigin = exchange.place.isPersonaOfLatest ? .latestConversation : .fallback
    let legacy = isNamed ? nil : settings.legacy
    let legacyOrigin = isNamed ? "of the conversation" : legacy?.origin.description ?? "the only one"
    let personaOrigin = isNamed ? "of the conversation" : (settings.persona?.origin ?? unchosen).description
    session.diagnostics.note(
      "legacy \(legacy?.value ?? start.legacyID.rawValue) (\(legacyOrigin)), "
        + "persona \(start.personaID) (\(personaOrigin))"
    )
    session.diagnostics.note(
      "model \(start.modelID) (\(settings.model?.origin.description ?? "of the persona")), at most "
        + "\(grouped(exchange.request.maximumTokens)) tokens "
        + "(\(settings.maximumTokens?.origin.description ?? "of the persona"))")
    if let fields = exchange.request.fields {
      session.diagnostics.note(
        "model fields \(fields.json.compact) (\(settings.modelFields?.origin.description ?? "of the persona"))")
    }
    session.diagnostics.note(
      "recalled \(counted(start.recalled.count, "earlier message")), with at most "
        + "\(grouped(settings.recallTokens.value)) tokens (\(settings.recallTokens.origin))")
    session.diagnostics.note(
      "prompt caching \(settings.promptCache.value ? "on" : "off") (\(settings.promptCache.origin))")
    session.diagnostics.note(
      .conversation(of: start), "conversation \(start.conversationID)\(start.isNewConversation ? " (new)" : "")")
    session.diagnostics.recordSaved(start.userMessageID, .user, in: start.conversationID)
  }

  /// On a terminal, says who answers, about which legacy, and what else there is to know before the reply.
  func introduce(_ exchange: Exchange) {
    session.introduce(exchange.place)
    session.warnOfMissingPersona(exchange.place)
    remark(on: exchange)
  }

  /// Says on a terminal that the model is reminded of earlier conversations.
  func noteRecalled(_ exchange: Exchange) {
    let count = exchange.recalledConversationCount
    if count > 0 { session.showLine("remembering \(counted(count, "earlier conversation"))") }
  }

  /// Says what there is to know about other messages of the conversation.
  func remark(on exchange: Exchange) {
    let diagnostics = session.diagnostics
    if exchange.isAnotherArriving {
      diagnostics.remark("Another reply of this conversation is still arriving; this one is asked for without it.")
    }
    let count = exchange.unansweredBefore
    guard count > 0 else { return }
    let retryAll = diagnostics.words.retryAllCommand
    if count == 1 {
      diagnostics.remark("An earlier message of this conversation has no reply; ask for it with \(command: retryAll)")
    } else {
      diagnostics.remark(
        "\(grouped(count)) earlier messages of this conversation have no reply; ask for them with \(command: retryAll)")
    }
  }

  /// Says on a terminal which of several messages is asked again.
  func introduce(_ exchange: Exchange, number: Int, of count: Int) {
    let message = exchange.request.turns.last?.text ?? ""
    session.introduce(exchange.place, before: count > 1 ? "\(grouped(number)) of \(grouped(count))" : nil)
    session.showLine("“\(message)”")
  }

  /// Reports a failure in all the places where it belongs: as the last event, and on standard error.
  ///
  /// - Parameter receiver: nil if no format could be determined
  static func report(
    _ error: any Error, to receiver: (any ReplyReceiver)?, _ diagnostics: Diagnostics
  ) -> ReportedFailure {
    let event = ReplyFailure.from(error)
    var failure = event.failure
    do {
      try receiver?.receive(.failure(event))
    } catch {
      // The output is gone, which is reported instead unless something worse came before.
      let outputFailure = Failure.from(error)
      if failure.signal == nil, outputFailure.signal != nil { failure = outputFailure }
    }
    // A reader that has gone away, or a user who pressed Ctrl-C before anything was stored, needs no message.
    let isKnown = failure.signal == Signals.closedPipe || failure.signal != nil && event.userMessageID == nil
    if !isKnown { diagnostics.fail(failure, .failed(event, otherwise: "error")) }
    return ReportedFailure(failure: failure)
  }
}

extension Session {
  /// One faint line on a terminal: who answers, about which legacy, in which conversation.
  func introduce(_ place: Place, before first: String? = nil) { showLine(introduction(of: place, before: first)) }

  /// Says that another persona answers than in the latest conversation, if the user did not choose that.
  func warnOfMissingPersona(_ place: Place) {
    guard let missing = place.missingPersonaID else { return }
    diagnostics.warn(
      "the persona \"\(missing)\" of your latest conversation is gone; \(place.personaName) answers instead",
      .either(["put it back into personas.yaml", .choose(.persona, from: [])]))
  }

  /// Who answers, about which legacy, in which conversation.
  func introduction(of place: Place, before first: String? = nil) -> String {
    let isNew = place.conversationID == nil
    let conversation =
      place.name.map { isNew ? "new conversation “\($0)”" : $0 }
      ?? (isNew ? "new conversation" : place.title ?? "untitled conversation")
    return [first, place.personaName, place.legacyName, conversation].compactMap { $0 }.joined(separator: " · ")
  }

  /// One faint line on a terminal, cut to its width. It may have words of a message in it, and is in no log.
  func showLine(_ text: String) {
    guard diagnostics.isForPeople else { return }
    diagnostics.aside(TextWidth.fit(SafeText.line(text), in: max(1, diagnostics.output.width - 1)))
  }
}

/// A failure that has been reported already, and now only ends the process.
struct ReportedFailure: Error {
  let failure: Failure
}

/// Hands a reply on, and says on standard error what is worth knowing about it.
private final class ReplyReporter: ReplyReceiver {
  private let receiver: any ReplyReceiver
  private let diagnostics: Diagnostics
  /// Nil unless people read it.
  private var waiting: WaitingLine?

  init(_ receiver: any ReplyReceiver, _ diagnostics: Diagnostics, isRewriting: Bool) {
    self.receiver = receiver
    self.diagnostics = diagnostics
    let isShown = isRewriting && diagnostics.level >= .normal && diagnostics.output.canRewrite
    waiting = isShown ? WaitingLine(diagnostics.output) : nil
  }

  /// The wait is over.
  func end() {
    waiting?.end()
    waiting = nil
  }

  func receive(_ event: ReplyEvent) throws {
    switch event {
    case .start: break
    case .thinking: waiting?.wait(for: .thinking)
    case .retry(let notice): say(notice)
    case .leftOut(let part):
      waiting?.makeRoom()
      diagnostics.warn(about: part)
    case .done, .failure: end()
    }
    try receiver.receive(event)
    if case .done(let done) = event { comment(on: done) }
  }

  func receive(_ chunks: ReplyChunks) throws {
    if waiting != nil { end() }
    try receiver.receive(chunks)
  }

  /// Says that another attempt follows: on a terminal on the line that the first word erases.
  private func say(_ notice: RetryNotice) {
    let message = notice.failure.message
    let reason = message.hasSuffix(".") ? String(message.dropLast()) : message
    let count = "\(notice.attempt) of \(notice.maximumAttempts)"
    let event = Diagnostics.Event(name: notice.eventName, fields: notice.fields)
    guard let waiting else {
      return diagnostics.warn(
        "\(reason); trying again in \(notice.delay.secondsText) s (\(count))", nil, event)
    }
    waiting.makeRoom()
    diagnostics.note(event, "\(reason) (\(notice.failure.code.rawValue))")
    waiting.wait(for: .attempt(notice.failure.code.cause, at: ContinuousClock.now + notice.delay, count: count))
  }

  private func comment(on done: ReplyDone) {
    switch done.stopReason {
    case .endTurn: break
    case .maximumTokens:
      diagnostics.warn(
        "the reply was cut at the limit of tokens",
        diagnostics.words.goingOn(done.conversationID).then("--max-tokens allows longer replies"))
    case .stopSequence: diagnostics.warn("the reply ended at a stop sequence")
    case .contextWindowExceeded: diagnostics.warn("the reply was cut: the model's context window is full")
    default: diagnostics.warn("the reply ended for an unknown reason: \(done.stopReason.rawValue)")
    }
    diagnostics.recordSaved(done.messageID, .assistant, in: done.conversationID)
    func text(_ number: Int?) -> String { number.map(grouped) ?? "?" }
    diagnostics.note(
      .complete(done, diagnostics.words),
      "first chunk after \(text(done.firstChunk?.milliseconds)) ms, service latency "
        + "\(text(done.latency?.milliseconds)) ms, tokens in \(text(done.usage?.input)), "
        + "from the cache \(text(done.usage?.cacheRead)), to the cache \(text(done.usage?.cacheWrite)), "
        + "out \(text(done.usage?.output))")
  }
}

extension FailureCode {
  /// Why the reply has not come yet, for someone who does not know Amazon's terms.
  var cause: String {
    switch self {
    case .throttled, .unavailable: "Amazon Bedrock is busy"
    case .timeout: "Amazon Bedrock does not answer"
    case .connection: "no connection to Amazon Bedrock"
    case .corruptStream: "the reply was damaged on the way"
    default: "the model did not answer"
    }
  }
}

extension Diagnostics {
  /// Warns about the parts that a model refused and that were left out.
  func warn(about part: OptionalPart) {
    switch part {
    case .temperature: warn("this model does not take a temperature; asking again without it")
    case .cachePoints:
      warn(
        "this model or region has no prompt caching; asking again without it",
        "to ask without it from the start, run `mosaic-ai config set prompt_cache false`")
    }
  }
}
