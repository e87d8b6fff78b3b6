import Synchronization

/// Saves a reply while it arrives: every piece is in the database at most half a second after it was shown, even if the
/// stream stalls. Pieces can be written before they are shown. Where the system has no thread for that, every
/// piece is written as soon as it comes.
final class ReplyRecorder: Sendable {
  private struct State {
    /// Came, but is not written yet.
    var unwritten: [UInt8] = []
    /// Whether some of that was shown.
    var isUnwrittenShown = false
    /// Whether anything came that can be read: only then is there a reply.
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
  /// Only one thread at a time writes.
  private let turn = Mutex(())
  private let ticker = Mutex<Ticker?>(nil)

  /// The longest that a piece waits to be written.
  static let interval = Duration.milliseconds(400)
  /// How long to go on waiting for a locked database after cancellation, if text that was shown would
  /// be lost.
  private static let lingering = Duration.seconds(4)

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
    ticker.withLock { $0 = Ticker(every: ReplyRecorder.interval) { [weak self] in self?.storeNow() } }
  }

  /// Whether nothing is written by itself, since the system has no thread for that.
  var isByHand: Bool { ticker.withLock { $0?.isRunning != true } }

  /// Whether there is a reply: anything that can be read.
  var hasText: Bool { state.withLock { $0.hasText } }

  /// Whether some of it is in the database.
  var isStored: Bool { state.withLock { $0.isInserted } }

  /// Whether text can hold U+0000; otherwise U+FFFD takes its place.
  var hasNUL: Bool { store.hasNUL }

  /// Takes what has come.
  func append(_ text: UnsafeBufferPointer<UInt8>) {
    state.withLock { state in
      state.unwritten.append(contentsOf: text)
      if !state.hasText { state.hasText = !Rules.isBlank(text) }
    }
  }

  /// Notes that everything that came has been shown.
  func noteShown() { state.withLock { $0.isUnwrittenShown = !$0.unwritten.isEmpty } }

  /// Writes what has come, and waits while the database is locked.
  func storeNow() {
    turn.withLock { _ in
      guard state.withLock({ $0.error == nil && $0.hasText && !$0.unwritten.isEmpty }) else { return }
      do { try write() } catch { state.withLock { $0.error = error } }
    }
  }

  /// - Throws: why something could not be written
  func check() throws {
    if let error = state.withLock({ $0.error }) { throw error }
  }

  /// Writes what is left and how the reply ended, settles the question, and gives it up. Without text there is no
  /// reply, and the ending applies to the question alone.
  ///
  /// - Throws: `Failure` with code `storage_failed`, `busy` or `interrupted`
  func finish(_ ending: ReplyEnding) throws {
    ticker.withLock { $0?.stop() }
    // In any case: what cannot be settled now is settled by the next process that looks.
    defer { store.release(question.id) }
    if state.withLock({ $0.isUnwrittenShown }) { store.linger(ReplyRecorder.lingering) }
    try store.step(.saveMessage) { note in
      if hasText { note(.message(id, .assistant)) }
      try turn.withLock { _ in try write { try end($0, isInserted: $1, ending) } }
    }
  }

  private func end(_ transaction: StoreTransaction, isInserted: Bool, _ ending: ReplyEnding) throws {
    if isInserted { try transaction.endReply(id: id, ending) }
    try transaction.settleQuestion(id: question.id, errorCode: ending.errorCode)
    if isInserted {
      try transaction.touchConversation(
        id: question.conversationID, addingMessages: 0, at: now(), keepingOrder: isKeepingOrder)
    }
  }

  /// Writes what has come, then whatever `body` does, in one transaction. What could not be written stays for the next
  /// time.
  private func write(_ body: (StoreTransaction, _ isInserted: Bool) throws -> Void = { _, _ in }) throws {
    let (text, isShown, hasText, wasInserted) = state.withLock { state in
      defer { (state.unwritten, state.isUnwrittenShown) = ([], false) }
      return (state.unwritten, state.isUnwrittenShown, state.hasText, state.isInserted)
    }
    do {
      try store.write { transaction in
        try transaction.checkUnderWay(question: question.id, reply: wasInserted ? id : nil)
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
      state.withLock { state in
        state.unwritten = text + state.unwritten
        state.isUnwrittenShown = state.isUnwrittenShown || isShown
      }
      throw error
    }
  }
}
