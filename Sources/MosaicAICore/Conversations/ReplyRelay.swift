/// Passes a reply on to the recorder and to its receiver.
///
/// What is shown is stored first, so that nothing is shown that a locked database keeps from being stored; but not more
/// than ten times a second, since each time whole pages are written, and for at most a fifth of the time. The first
/// text, which someone is waiting for, is stored as soon as it is shown.
final class ReplyRelay: ReplyReceiver {
  private(set) var firstTextAt: ContinuousClock.Instant?
  private let receiver: any ReplyReceiver
  private let recorder: ReplyRecorder
  private let note: ExchangeFacts
  private let began = ContinuousClock.now
  /// Until then, what comes is shown first and stored later.
  private var nextStore = ContinuousClock.now
  /// White space before any text, and where each piece of it ends. It is passed on with the first text: by itself it is
  /// no reply, and is not stored.
  private var held: (bytes: [UInt8], ends: [Int]) = ([], [])

  init(_ receiver: any ReplyReceiver, _ recorder: ReplyRecorder, _ note: @escaping ExchangeFacts = { _ in }) {
    self.receiver = receiver
    self.recorder = recorder
    self.note = note
  }

  /// From the start to the first text.
  var firstChunk: Duration? { firstTextAt.map { began.duration(to: $0) } }

  func receive(_ event: ReplyEvent) throws {
    if case .retry(let notice) = event { note(.retry(notice)) }
    try receiver.receive(event)
  }

  func receive(_ chunks: ReplyChunks) throws {
    if recorder.hasNUL { try take(chunks) } else { try chunks.replacingNUL(take) }
  }

  private func take(_ chunks: ReplyChunks) throws {
    let isFirst = firstTextAt == nil
    recorder.append(chunks.bytes)
    if isFirst {
      guard recorder.hasText else { return hold(chunks) }
      firstTextAt = .now
    } else {
      store()
    }
    try recorder.check()
    if isFirst, !held.ends.isEmpty {
      try held.bytes.withUnsafeBufferPointer { try receiver.receive(ReplyChunks($0, ends: held.ends)) }
      held = ([], [])
    }
    try receiver.receive(chunks)
    recorder.noteShown()
    if isFirst { store() }
  }

  private func hold(_ chunks: ReplyChunks) {
    chunks.forEach { piece in
      held.bytes += piece
      held.ends.append(held.bytes.count)
    }
  }

  private func store() {
    let began = ContinuousClock.now
    guard began >= nextStore || recorder.isByHand else { return }
    recorder.storeNow()
    let pause = max(began.duration(to: .now) * 5, .milliseconds(100))
    nextStore = began + min(pause, ReplyRecorder.interval)
  }
}
