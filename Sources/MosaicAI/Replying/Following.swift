import MosaicAICore

/// Shows what others add to a conversation.
protocol FollowingWriter: AnyObject {
  /// A message that was there before.
  func begin(with message: Message) throws
  /// A message that is new, or that was under way and has changed.
  func add(_ message: Message) throws
  /// A message that was under way is gone.
  func remove(_ id: MessageID) throws
  /// Everything so far is to be shown now.
  func flush() throws
  /// Nothing more comes.
  func end() throws
}

/// Shows a conversation, and whatever others add to it, until it is canceled.
struct Following {
  private let session: Session
  private let service: ConversationService

  /// How often to look. A reply is stored in pieces a tenth of a second apart.
  private static let interval = Duration.milliseconds(100)

  init(_ session: Session, _ service: ConversationService) {
    self.session = session
    self.service = service
  }

  /// - Throws: `Failure` with code `interrupted` in the end, or `not_found` if the conversation is deleted; as
  ///   `ConversationService.follow`
  func run(
    _ reference: String?, legacy: String?, personaID: String?, _ page: ConversationService.Page,
    writer makeWriter: (HistoryPage) throws -> any FollowingWriter
  ) throws {
    let cancellation = try session.context.watchSignals().cancellation
    service.observe(cancellation)
    var writer: (any FollowingWriter)?
    do {
      var follower = try service.follow(reference, legacy: legacy, personaID: personaID, page) { page, forEachMessage in
        let made = try makeWriter(page)
        writer = made
        try forEachMessage(made.begin)
      }
      while true {
        try writer?.flush()
        try session.output.wait(Following.interval)
        for change in try follower.look() {
          switch change {
          case .message(let message): try writer?.add(message)
          case .gone(let id): try writer?.remove(id)
          }
        }
      }
    } catch let failure as Failure where failure.code != .outputFailed {
      // Output that was begun is ended properly for its reader.
      if failure.signal != Signals.closedPipe { try? writer?.end() }
      throw failure
    }
  }
}

/// For programs, one line of fields for each message, once it has ended.
final class LineFollowingWriter: FollowingWriter {
  private var buffer: OutputBuffer

  init(_ output: Output) { buffer = OutputBuffer(output) }

  func begin(with message: Message) throws { try add(message) }

  func add(_ message: Message) throws {
    if !message.status.isUnderWay { try buffer.write { HistoryCommand.append(message, to: &$0) } }
  }

  func remove(_ id: MessageID) {}
  func flush() throws { try buffer.flush() }
  func end() throws { try buffer.flush() }
}

/// For programs, one object a line: each message at once, with pieces of a reply as they come, and again once it has
/// ended.
final class RecordFollowingWriter: FollowingWriter {
  private var buffer: OutputBuffer
  /// How many bytes of each reply under way were written.
  private var written: [MessageID: Int] = [:]

  init(_ output: Output) { buffer = OutputBuffer(output) }

  func begin(with message: Message) throws { try add(message) }

  func add(_ message: Message) throws {
    guard message.status.isUnderWay, let before = written[message.id] else {
      written[message.id] = message.status.isUnderWay ? message.content.utf8.count : nil
      return try buffer.write { bytes in
        message.record.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    let piece = message.content.utf8.dropFirst(before)
    guard !piece.isEmpty else { return }
    written[message.id] = before + piece.count
    try buffer.write { bytes in
      message.id.piece(String(decoding: piece, as: UTF8.self)).append(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  func remove(_ id: MessageID) { written[id] = nil }
  func flush() throws { try buffer.flush() }
  func end() throws { try buffer.flush() }
}

/// For programs, one value, whose messages come once they have ended, and which ends with the following.
final class ValueFollowingWriter: FollowingWriter {
  private var buffer: OutputBuffer
  private var value: HistoryWriter
  private let page: HistoryPage
  private var count = 0

  init(_ output: Output, _ page: HistoryPage) throws {
    buffer = OutputBuffer(output)
    value = HistoryWriter(output.layout)
    self.page = page
    try buffer.write { value.begin(to: &$0) }
  }

  func begin(with message: Message) throws { try add(message) }

  func add(_ message: Message) throws {
    guard !message.status.isUnderWay else { return }
    count += 1
    try buffer.write { value.add(message, to: &$0) }
  }

  func remove(_ id: MessageID) {}
  func flush() throws { try buffer.flush() }

  func end() throws {
    try buffer.write { value.end(total: page.total - page.count + count, hasMore: page.hasMore, to: &$0) }
    try buffer.flush()
  }
}

/// For people: what was said before, and then each message and each reply as it comes.
final class TerminalFollowingWriter: FollowingWriter {
  /// A reply that is arriving.
  private struct Arriving {
    var message: Message
    let renderer: TextReplyRenderer
    var shown = 0
  }

  private let session: Session
  private let isInWholeLines: Bool
  private var buffer: OutputBuffer
  private var transcript: HistoryTranscript
  /// Messages that come after one that is under way.
  private var later: [Message] = []
  private var hasBegun = false
  private var arriving: Arriving?
  /// What the user said, if that was shown last.
  private var asked: MessageID?
  /// Messages of the user's that were shown and wait for their replies.
  private var waiting: Set<MessageID> = []

  init(_ session: Session, persona: String) {
    self.session = session
    isInWholeLines = !session.output.canRewrite
    buffer = OutputBuffer(session.output)
    transcript = HistoryTranscript(session, persona: persona, retry: nil)
  }

  func begin(with message: Message) throws {
    if message.status.isUnderWay || !later.isEmpty { return later.append(message) }
    try buffer.write(transcript.add(message))
  }

  func flush() throws {
    guard !hasBegun else { return try buffer.flush() }
    hasBegun = true
    try buffer.write(transcript.end())
    try buffer.flush()
    try showLater()
  }

  func add(_ message: Message) throws {
    if let arriving, arriving.message.id != message.id {
      let known = later.firstIndex { $0.id == message.id }
      if let known { later[known] = message } else { later.append(message) }
    } else {
      try show(message)
    }
  }

  func remove(_ id: MessageID) throws {
    later.removeAll { $0.id == id }
    waiting.remove(id)
    if arriving?.message.id == id { try endReply("deleted") }
  }

  func end() throws {
    try buffer.flush()
    try arriving?.renderer.end()
  }

  private func showLater() throws {
    while arriving == nil, !later.isEmpty { try show(later.removeFirst()) }
  }

  private func show(_ message: Message) throws {
    if message.author == .user { return try ask(message) }
    asked = nil
    if arriving == nil {
      let isArriving = message.status == .streaming
      try session.output.write(
        transcript.heading(of: message, isArriving ? nil : HistoryTranscript.remark(on: message)))
      guard isArriving else { return try session.output.write(transcript.body(of: message)) }
      arriving = Arriving(
        message: message, renderer: TextReplyRenderer(session.output, isInWholeLines: isInWholeLines))
    }
    guard var arriving else { return }
    let new = Array(message.content.utf8.dropFirst(arriving.shown))
    arriving.shown += new.count
    arriving.message = message
    self.arriving = arriving
    try new.withUnsafeBufferPointer(arriving.renderer.add)
    if !message.status.isUnderWay { try endReply(HistoryTranscript.remark(on: message)) }
  }

  private func ask(_ message: Message) throws {
    let isWaiting = message.status == .pending
    if waiting.contains(message.id) {
      guard !isWaiting else { return }
      waiting.remove(message.id)
      // The reply shows what became of the message.
      if message.status == .failed, asked == message.id { try say(HistoryTranscript.remark(on: message)) }
      return
    }
    try session.output.write(
      transcript.heading(of: message, isWaiting ? nil : HistoryTranscript.remark(on: message))
        + transcript.body(of: message))
    asked = message.id
    if isWaiting { waiting.insert(message.id) }
  }

  private func endReply(_ remark: String?) throws {
    try arriving?.renderer.end()
    arriving = nil
    try say(remark)
    try showLater()
  }

  private func say(_ remark: String?) throws {
    if let remark { try session.output.write(session.output.style.faint("(\(remark))") + "\n") }
  }
}
