import Synchronization
import Tracing

extension Telemetry {
  /// The store, with a span for each step of an exchange.
  package func observing(_ store: any Store) -> any Store { TracingStore(store, self) }
}

/// A store that knows how long the steps of an exchange take.
private final class TracingStore: Store {
  private let store: any Store
  private let telemetry: Telemetry
  /// The requests that have begun, by the message that they are to answer.
  private let requests = Mutex<[MessageID: RecordedSpan]>([:])

  init(_ store: any Store, _ telemetry: Telemetry) {
    self.store = store
    self.telemetry = telemetry
  }

  func step<Result>(
    _ step: ExchangeStep, _ body: (@escaping ExchangeFacts) throws -> Result
  ) rethrows -> Result {
    switch step {
    case .begin:
      telemetry.exportEarly()
      return try run(telemetry.recorder.startSpan("ai.chat.request"), isWhole: false, body)
    case .answer(let question):
      let begun = requests.withLock { $0.removeValue(forKey: question) }
      return try run(begun ?? telemetry.recorder.startSpan("ai.chat.request"), isWhole: true, body)
    case .findConversation: return try run("ai.conversation.get_or_create", body)
    case .loadContext: return try run("ai.chat.context_load", body)
    case .saveMessage: return try run("ai.message.save", body)
    }
  }

  private func run<Result>(_ name: String, _ body: (@escaping ExchangeFacts) throws -> Result) rethrows -> Result {
    let above = CurrentSpan.value
    return try telemetry.recorder.withSpan(name) { span in try body { self.note($0, in: span, below: above) } }
  }

  /// A part of a request.
  ///
  /// - Parameter isWhole: ends it; otherwise it goes on if there is a message to answer
  private func run<Result>(
    _ span: RecordedSpan, isWhole: Bool, _ body: (@escaping ExchangeFacts) throws -> Result
  ) rethrows -> Result {
    var goesOn = false
    defer { if !goesOn { span.end() } }
    do {
      return try ServiceContext.withValue(span.context) {
        try body { fact in
          guard case .underWay(let question) = fact, !isWhole else { return self.note(fact, in: span, below: nil) }
          goesOn = true
          self.requests.withLock { $0[question] = span }
        }
      }
    } catch {
      span.recordError(error)
      span.setStatus(SpanStatus(code: .error))
      throw error
    }
  }

  private func note(_ fact: ExchangeFact, in span: RecordedSpan, below above: RecordedSpan?) {
    switch fact {
    case .conversation(let conversation, let isNew):
      // The request is about it as a whole.
      for span in [span, above].compactMap({ $0 }) {
        span.updateAttributes { attributes in
          attributes["gen_ai.conversation.id"] = conversation.id.rawValue
          attributes["user_id"] = conversation.userID.rawValue
          attributes["legacy_id"] = conversation.legacyID.rawValue
          attributes["persona_id"] = conversation.personaID
        }
      }
      span.attributes["conversation_created"] = isNew
    case .context(let messages, let recalled):
      span.updateAttributes { attributes in
        attributes["message_count"] = messages
        attributes["recalled_count"] = recalled
      }
    case .message(let id, let author):
      span.updateAttributes { attributes in
        attributes["message_id"] = id.rawValue
        attributes["role"] = author.rawValue
      }
    case .retry(let notice): telemetry.note(notice.eventName, notice.fields)
    case .underWay: break
    }
  }

  // MARK: As it was

  var isWritable: Bool { store.isWritable }
  var hasNUL: Bool { store.hasNUL }

  func read<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result { try store.read(body) }

  func find<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result { try store.find(body) }

  func write<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result { try store.write(body) }

  func write<Result>(adding messages: Int, _ body: (StoreTransaction) throws -> Result) throws -> Result {
    try store.write(adding: messages, body)
  }

  func rehearse<Result>(_ body: (StoreTransaction) throws -> Result) throws -> Result { try store.rehearse(body) }

  func release(_ message: MessageID) { store.release(message) }

  func observe(_ cancellation: Cancellation) { store.observe(cancellation) }

  func linger(_ time: Duration) { store.linger(time) }

  func eraseDeleted() throws { try store.eraseDeleted() }
}
