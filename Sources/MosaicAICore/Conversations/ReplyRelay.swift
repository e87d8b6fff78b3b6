/// Hands a reply on to the recorder and to whoever shows it.
///
/// What is shown is stored first, so that nothing is shown that a locked database keeps from being stored; but not more
/// than ten times a second, since each time whole pages are written, and for at most a tenth of the time. The first text,
/// which someone is waiting for, is stored as soon as it is shown.
final class ReplyRelay: ReplyReceiver {
  /// From the start to the first text.
  private(set) var firstChunk: Duration?
  private let receiver: any ReplyReceiver
  private let recorder: ReplyRecorder
  private let began = ContinuousClock.now
  /// Until then, what comes is shown first and stored later.
  private var nextStore = ContinuousClock.now

  init(_ receiver: any ReplyReceiver, _ recorder: ReplyRecorder) {
    self.receiver = receiver
    self.recorder = recorder
  }

  func receive(_ event: ReplyEvent) throws { try receiver.receive(event) }

  func receive(_ chunks: ReplyChunks) throws {
    let isFirst = firstChunk == nil
    if isFirst { firstChunk = began.duration(to: .now) }
    recorder.append(chunks.bytes)
    if !isFirst { store() }
    try recorder.check()
    try receiver.receive(chunks)
    recorder.noteShown()
    if isFirst { store() }
  }

  private func store() {
    let began = ContinuousClock.now
    guard began >= nextStore || recorder.isByHand else { return }
    recorder.storeNow()
    let pause = max(began.duration(to: .now) * 10, .milliseconds(100))
    nextStore = began + min(pause, ReplyRecorder.interval)
  }
}
