import MosaicAICore

extension ReplyFormat {
  /// What writes a reply in this format.
  ///
  /// - Parameter wording: the words and numbers of failures
  func receiver(_ output: Output, _ wording: FailureWording) -> any ReplyReceiver {
    switch self {
    case .text: TextReplyRenderer(output)
    case .json: JSONReplyRenderer(output, wording)
    case .ndjson: EventReplyRenderer(output, wording, prefix: "", suffix: "\n")
    case .sse: EventReplyRenderer(output, wording, prefix: "data: ", suffix: "\n\n")
    }
  }
}

/// The reply alone, safe for a terminal and ending with exactly one line break; on a terminal, formatted for people.
final class TextReplyRenderer: ReplyReceiver {
  private let output: Output
  private let isInWholeLines: Bool
  private var buffer: [UInt8] = []
  /// Line breaks at the end so far, held back since they may be the last ones.
  private var heldLineBreaks = 0
  /// The part of a line that is not complete yet.
  private var line = ""
  /// Nil unless people read it.
  private var typesetter: Typesetter?
  private(set) var hasText = false
  private var isEnded = false

  /// - Parameter isInWholeLines: writes a line only when it is complete
  init(_ output: Output, isInWholeLines: Bool = false) {
    self.output = output
    self.isInWholeLines = isInWholeLines
    typesetter =
      output.isTerminal
      ? Typesetter(isStyled: output.style.hasColor, canRewrite: output.canRewrite && !isInWholeLines) { output.width }
      : nil
  }

  func receive(_ event: ReplyEvent) throws {
    switch event {
    case .start, .retry, .leftOut, .thinking: break
    case .done, .failure: try end()
    }
  }

  func receive(_ chunks: ReplyChunks) throws { try add(chunks.bytes) }

  /// Shows more of the reply.
  ///
  /// - Throws: as `Output.write(_:)`
  func add(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    buffer.append(contentsOf: repeatElement(0x0a, count: heldLineBreaks))
    SafeText.append(bytes, to: &buffer)
    let end = buffer.lastIndex { $0 != 0x0a }.map { $0 + 1 } ?? 0
    heldLineBreaks = buffer.count - end
    buffer.removeLast(heldLineBreaks)
    guard !buffer.isEmpty else { return }
    hasText = true
    if let set = typesetter?.add(String(decoding: buffer, as: UTF8.self)) {
      try write(set)
    } else {
      try output.write(buffer)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func write(_ set: String) throws {
    guard isInWholeLines else { return try output.write(set) }
    line += set
    guard let end = line.lastIndex(where: \.isNewline) else { return }
    try output.write(String(line[...end]))
    line = String(line[line.index(after: end)...])
  }

  /// Ends the last line.
  ///
  /// - Throws: as `Output.write(_:)`
  func end() throws {
    guard hasText, !isEnded else { return }
    isEnded = true
    try output.write(line + (typesetter?.end() ?? "") + "\n")
    line = ""
  }
}

/// Every event as JSON, in a frame of its own.
private final class EventReplyRenderer: ReplyReceiver {
  private let output: Output
  private let wording: FailureWording
  private let chunkPrefix: [UInt8]
  private let chunkSuffix: [UInt8]
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  private var buffer: [UInt8] = []

  init(_ output: Output, _ wording: FailureWording, prefix: String, suffix: String) {
    self.output = output
    self.wording = wording
    self.prefix = Array(prefix.utf8)
    self.suffix = Array(suffix.utf8)
    chunkPrefix = self.prefix + Array(#"{"type":"chunk","content":""#.utf8)
    chunkSuffix = Array("\"}".utf8) + self.suffix
  }

  func receive(_ event: ReplyEvent) throws {
    guard let record = event.record(wording) else { return }
    buffer.append(contentsOf: prefix)
    record.append(to: &buffer)
    buffer.append(contentsOf: suffix)
    try write()
  }

  func receive(_ chunks: ReplyChunks) throws {
    chunks.forEach { text in
      buffer.append(contentsOf: chunkPrefix)
      JSON.append(escaping: text, to: &buffer)
      buffer.append(contentsOf: chunkSuffix)
    }
    try write()
  }

  private func write() throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    try output.write(buffer)
  }
}

/// One object at the end: the ids, the content, and all of `done` or `error`.
private final class JSONReplyRenderer: ReplyReceiver {
  private let output: Output
  private let wording: FailureWording
  private var start: [JSON.Member] = []
  private var content: [UInt8] = []

  init(_ output: Output, _ wording: FailureWording) {
    self.output = output
    self.wording = wording
  }

  func receive(_ event: ReplyEvent) throws {
    switch event {
    case .start: start = event.members(wording)
    case .retry, .leftOut, .thinking: break
    case .done, .failure: try write(event)
    }
  }

  func receive(_ chunks: ReplyChunks) { content.append(contentsOf: chunks.bytes) }

  private func write(_ event: ReplyEvent) throws {
    var object = [JSON.Member("type", JSON(event.type))] + start
    object.append(JSON.Member("content", .string(String(decoding: content, as: UTF8.self))))
    object += event.members(wording).filter { member in !object.contains { $0.name == member.name } }
    try output.write(JSON.object(object))
  }
}
