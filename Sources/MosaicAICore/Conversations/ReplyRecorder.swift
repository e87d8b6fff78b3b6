import Dispatch
import Synchronization

/// Saves a reply while it arrives: every piece is in the database at most half a second after it was shown, even if the
/// stream stalls. Whoever shows pieces can have them written before.
final class ReplyRecorder: Sendable {
  private struct State {
    /// Came, but is not written yet.
    var unwritten: [UInt8] = []
    /// Whether anything but white space came: only then is there a reply.
    var hasText = false
    /// Whether the reply has its row.
    var isInserted = false
    /// Why writing failed.
    var error: (any Error)?
  }

  /// The reply's id.
  let id: MessageID
  private let store: any Store
  private let question: StoredQuestion
  private let modelID: String
  private let now: @Sendable () -> Timestamp
  private let isKeepingOrder: Bool
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "reply-recorder")
  // Timers may be used from any thread, though their protocol does not say so.
  nonisolated(unsafe) private let timer: any DispatchSourceTimer

  /// The longest that a piece waits to be written.
  static let interval = Duration.milliseconds(400)

  /// - Parameter isKeepingOrder: leaves the conversation's place among the user's as it is
  init(
    id: MessageID, question: StoredQuestion, modelID: String, store: any Store,
    now: @escaping @Sendable () -> Timestamp, isKeepingOrder: Bool = false
  ) {
    self.id = id
    self.question = question
    self.modelID = modelID
    self.store = store
    self.now = now
    self.isKeepingOrder = isKeepingOrder
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler { @Sendable [weak self] in self?.writeIfNeeded() }
    let interval = DispatchTimeInterval.milliseconds(ReplyRecorder.interval.milliseconds)
    timer.schedule(deadline: .now() + interval, repeating: interval, leeway: .milliseconds(50))
    timer.activate()
  }

  deinit { timer.cancel() }

  /// Whether there is a reply: anything but white space.
  var hasText: Bool { state.withLock { $0.hasText } }

  /// Whether some of it is in the database.
  var isStored: Bool { state.withLock { $0.isInserted } }

  /// Takes what has come.
  func append(_ text: UnsafeBufferPointer<UInt8>) {
    state.withLock { state in
      state.unwritten.append(contentsOf: text)
      if !state.hasText {
        state.hasText = String(decoding: text, as: UTF8.self).unicodeScalars.contains { !$0.properties.isWhitespace }
      }
    }
  }

  /// Writes what has come, and waits for whoever keeps the database locked.
  func storeNow() { queue.sync { writeIfNeeded() } }

  /// - Throws: why something could not be written
  func check() throws {
    if let error = state.withLock({ $0.error }) { throw error }
  }

  /// Writes what is left and how the reply ended, settles the question, and gives it up. Without text there is no reply,
  /// and the ending applies to the question alone.
  ///
  /// - Throws: `Failure` with code `storage_failed` or `busy`
  func finish(_ ending: ReplyEnding) throws {
    timer.cancel()
    // Whatever happens: what could not be settled now is settled by whoever looks next.
    defer { store.release(question.id) }
    try queue.sync {
      try write { transaction, isInserted in
        if isInserted { try transaction.endReply(id: id, ending) }
        try transaction.settleQuestion(id: question.id, errorCode: ending.errorCode)
        if isInserted {
          try transaction.touchConversation(
            id: question.conversationID, addingMessages: 0, at: now(), keepingOrder: isKeepingOrder)
        }
      }
    }
  }

  private func writeIfNeeded() {
    guard state.withLock({ $0.error == nil && $0.hasText && !$0.unwritten.isEmpty }) else { return }
    do { try write() } catch { state.withLock { $0.error = error } }
  }

  /// Writes what has come, then whatever `body` does, in one transaction. What could not be written stays for the next
  /// time.
  private func write(_ body: (StoreTransaction, _ isInserted: Bool) throws -> Void = { _, _ in }) throws {
    let (text, hasText, wasInserted) = state.withLock { state in
      defer { state.unwritten = [] }
      return (state.unwritten, state.hasText, state.isInserted)
    }
    do {
      try store.write { transaction in
        try transaction.checkQuestion(id: question.id)
        if wasInserted, !text.isEmpty {
          try transaction.appendToReply(id: id, text)
        } else if hasText, !wasInserted {
          try transaction.insertReply(
            id: id, to: question, content: text, modelID: modelID, at: now(), keepingOrder: isKeepingOrder)
        }
        try body(transaction, hasText)
      }
      state.withLock { $0.isInserted = hasText }
    } catch {
      state.withLock { $0.unwritten = text + $0.unwritten }
      throw error
    }
  }
}
