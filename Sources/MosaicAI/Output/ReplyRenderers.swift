import MosaicAICore

/// Shows a reply, or why there is none.
protocol ReplyRenderer: ReplySink {
  /// The last thing that is shown where there is no whole reply.
  func fail(_ event: ErrorEvent) throws
}

extension ReplyFormat {
  func renderer(_ output: Output) -> any ReplyRenderer {
    switch self {
    case .text: TextReplyRenderer(output)
    case .json: JSONReplyRenderer(output)
    case .ndjson: EventReplyRenderer(output, prefix: "", suffix: "\n")
    case .sse: EventReplyRenderer(output, prefix: "data: ", suffix: "\n\n")
    }
  }
}

/// The reply alone, safe for a terminal, ending with exactly one line break.
private final class TextReplyRenderer: ReplyRenderer {
  private let output: Output
  /// Came since the last `flush`.
  private var arrived: [UInt8] = []
  private var buffer: [UInt8] = []
  /// Line breaks at the end so far, held back since they may be the last.
  private var heldLineBreaks = 0
  private var hasText = false
  /// Where somebody looks.
  private var wrap: WordWrap?

  init(_ output: Output) {
    self.output = output
    wrap = output.isTerminal ? WordWrap(width: output.width) : nil
  }

  func start(_ start: ReplyStart) {}
  func retry(_ notice: RetryNotice) {}
  func chunk(_ text: UnsafeBufferPointer<UInt8>) { arrived.append(contentsOf: text) }

  func flush() throws {
    buffer.append(contentsOf: repeatElement(0x0a, count: heldLineBreaks))
    arrived.withUnsafeBufferPointer { SafeText.append($0, to: &buffer) }
    arrived.removeAll(keepingCapacity: true)
    let end = buffer.lastIndex { $0 != 0x0a }.map { $0 + 1 } ?? 0
    heldLineBreaks = buffer.count - end
    buffer.removeLast(heldLineBreaks)
    guard !buffer.isEmpty else { return }
    hasText = true
    if let wrapped = wrap?.add(String(decoding: buffer, as: UTF8.self)) {
      try output.write(wrapped)
    } else {
      try output.write(buffer)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  func done(_ done: ReplyDone) throws { try end() }
  func fail(_ event: ErrorEvent) throws { try end() }

  private func end() throws {
    try flush()
    if hasText { try output.write([0x0a]) }
    hasText = false
  }
}

/// One event each, as JSON, in a frame of its own.
private final class EventReplyRenderer: ReplyRenderer {
  private let output: Output
  private let chunkPrefix: [UInt8]
  private let chunkSuffix: [UInt8]
  private let prefix: String
  private let suffix: String
  private var buffer: [UInt8] = []

  init(_ output: Output, prefix: String, suffix: String) {
    self.output = output
    self.prefix = prefix
    self.suffix = suffix
    chunkPrefix = Array("\(prefix){\"type\":\"chunk\",\"content\":\"".utf8)
    chunkSuffix = Array("\"}\(suffix)".utf8)
  }

  func start(_ start: ReplyStart) throws { try write("start", start.members) }
  func retry(_ notice: RetryNotice) throws { try write("retry", notice.members) }

  func chunk(_ text: UnsafeBufferPointer<UInt8>) {
    buffer.append(contentsOf: chunkPrefix)
    JSON.append(escaping: text, to: &buffer)
    buffer.append(contentsOf: chunkSuffix)
  }

  func flush() throws {
    guard !buffer.isEmpty else { return }
    try output.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  func done(_ done: ReplyDone) throws { try write("done", done.members) }
  func fail(_ event: ErrorEvent) throws { try write("error", event.members) }

  private func write(_ type: String, _ members: [JSON.Member]) throws {
    try flush()
    try output.write("\(prefix)\(JSON.object([.init("type", .string(type))] + members).compact)\(suffix)")
  }
}

/// One object at the end: the ids, the content, and all of `done` or `error`.
private final class JSONReplyRenderer: ReplyRenderer {
  private let output: Output
  private var start: ReplyStart?
  private var content: [UInt8] = []

  init(_ output: Output) { self.output = output }

  func start(_ start: ReplyStart) { self.start = start }
  func retry(_ notice: RetryNotice) {}
  func chunk(_ text: UnsafeBufferPointer<UInt8>) { content.append(contentsOf: text) }
  func flush() {}
  func done(_ done: ReplyDone) throws { try write("done", done.members) }
  func fail(_ event: ErrorEvent) throws { try write("error", event.members) }

  private func write(_ type: String, _ members: [JSON.Member]) throws {
    var object: [JSON.Member] = [.init("type", .string(type))] + (start?.members ?? [])
    object.append(.init("content", .string(String(decoding: content, as: UTF8.self))))
    object += members.filter { member in !object.contains { $0.name == member.name } }
    try output.write(JSON.object(object))
  }
}

extension Output {
  /// Writes one value: indented where somebody looks at it, else on one line.
  ///
  /// - Throws: as `write(_:)`
  func write(_ value: JSON) throws { try write((isTerminal ? value.indented : value.compact) + "\n") }
}
