/// An export in a file.
package struct ArchiveFile: Sendable {
  private let lines: LineFile

  package init(_ lines: LineFile) { self.lines = lines }

  /// Whether an export that can be read begins with this line.
  package static func canBegin(with line: UnsafeRawBufferPointer) -> Bool {
    (try? ArchiveReader(name: "", comparesIDs: false).readHeader(line)) != nil
  }

  /// Reads the file from its beginning, and passes on each part once it is checked. Some errors in a conversation show
  /// only at its end.
  ///
  /// - Parameters:
  ///   - isFirstTime: refuses ids that come twice, which takes memory
  ///   - body: gets a part, and the number of its line
  /// - Throws: `Failure` with code `invalid_input`: file, line and problem; what `body` throws
  package func forEachPart(isFirstTime: Bool = true, _ body: (Archive.Part, _ line: Int) throws -> Void) throws {
    var reader = ArchiveReader(name: lines.name, comparesIDs: isFirstTime)
    do {
      try lines.forEachLine { line in
        if let part = try reader.read(line: line) { try body(part, reader.number) }
      }
    } catch let error as LocalFile.SystemError {
      throw error.failureToRead(.invalidInput, lines.name)
    } catch let error as LineFile.TooLong {
      throw ArchiveLine.Place(name: lines.name, line: error.line).failure(
        "the line has more than \(LineFile.maximumLineLength >> 20) MiB")
    }
    try reader.finish()
  }

  /// Why that line cannot be added to the database.
  func conflict(_ message: String, line: Int) -> Failure {
    var failure = ArchiveLine.Place(name: lines.name, line: line).failure(message)
    failure.advice = .importElsewhere
    return failure
  }
}

/// Reads exported lines, and refuses anything that a database of ours could not hold.
///
/// The first line gives the version of the format. Then come the legacy, each conversation followed by its messages,
/// and an end that says how many there were, which shows whether the file was cut off.
struct ArchiveReader {
  private let name: String
  /// Of the line that was read last, from 1.
  private(set) var number = 0
  /// Of the format; nil before the first line.
  private var version: Int?
  private var legacy: Archive.Legacy?
  private var conversationCount = 0
  private var messageCount = 0
  private var draft: Draft?
  private var hasEnded = false
  /// The ids of earlier lines; nil if they are not compared.
  private var ids: IdentifierSet?

  init(name: String, comparesIDs: Bool = true) {
    self.name = name
    if comparesIDs { ids = IdentifierSet() }
  }

  private var place: ArchiveLine.Place { ArchiveLine.Place(name: name, line: number) }

  /// What the next line holds; nil for the first, and for empty ones after the end.
  ///
  /// - Throws: `Failure` with code `invalid_input`
  mutating func read(line bytes: UnsafeRawBufferPointer) throws -> Archive.Part? {
    number += 1
    guard let version else {
      version = try readHeader(bytes)
      return nil
    }
    if hasEnded {
      // Editors leave empty lines at the end of a file.
      guard bytes.allSatisfy({ " \t\r".utf8.contains($0) }) else {
        throw place.failure("something follows the end of the export")
      }
      return nil
    }
    var line = try ArchiveLine(bytes, place)
    let type = try line.text("type")
    guard legacy != nil || type == "legacy" else { throw place.failure("expected a line of type \"legacy\"") }
    let part: Archive.Part =
      switch type {
      case "legacy": try readLegacy(&line)
      case "conversation": try readConversation(&line, version)
      case "message": try readMessage(&line, version)
      case "end": try readEnd(&line)
      default: throw place.failure("unknown type of line")
      }
    try line.finish()
    return part
  }

  fileprivate func readHeader(_ bytes: UnsafeRawBufferPointer) throws -> Int {
    let foreign = Failure(
      .invalidInput, "\(name):1: this is not an export of mosaic-ai",
      advice: .exportForImport)
    let bytes = UnsafeRawBufferPointer(rebasing: bytes.withoutByteOrderMark)
    guard var line = try? ArchiveLine(bytes, place), (try? line.text("type")) == "export",
      let version = try? line.count("format_version"), version > 0
    else { throw foreign }
    guard version <= Archive.formatVersion else {
      throw Failure(
        .invalidInput,
        "\(name):1: the export was made by a newer version of mosaic-ai "
          + "(format \(version); this one knows \(Archive.formatVersion))",
        advice: "update it; nothing was imported")
    }
    try line.finish()
    return version
  }

  private mutating func readLegacy(_ line: inout ArchiveLine) throws -> Archive.Part {
    guard legacy == nil else { throw place.failure("a second legacy") }
    let read = Archive.Legacy(
      id: try line.id("id"), name: try line.name("name"), createdAt: try line.time("created_at"),
      updatedAt: try line.time("updated_at"))
    legacy = read
    return .legacy(read)
  }

  private mutating func readConversation(_ line: inout ArchiveLine, _ version: Int) throws -> Archive.Part {
    try endConversation()
    let conversation = Archive.Conversation(
      id: try line.id("id"), personaID: try line.personaID("persona_id"),
      name: version > 2 ? try line.optionalConversationName("name") : nil, title: try line.optionalTitle("title"),
      messageCount: try line.count("message_count"), lastMessageAt: try line.optionalTime("last_message_at"),
      createdAt: try line.time("created_at"),
      updatedAt: try line.time("updated_at"))
    guard try line.id("legacy_id") == legacy?.id else {
      throw place.failure("\"legacy_id\" is not the id of the legacy above")
    }
    try note(conversation.id)
    conversationCount += 1
    draft = Draft(conversation, place)
    return .conversation(conversation)
  }

  private mutating func readMessage(_ line: inout ArchiveLine, _ version: Int) throws -> Archive.Part {
    // Fields are found fastest in the order in which they are written.
    let id: MessageID = try line.id("id")
    let conversationID = try line.id("conversation_id", likely: draft?.conversation.id)
    guard let author = Message.Author(rawValue: try line.text("role")) else {
      throw place.failure("\"role\" must be user or assistant")
    }
    let content = try line.text("content")
    let tokenCount = try line.optionalCount("token_count")
    let inputTokens = try line.optionalCount("input_tokens")
    let cacheReadInputTokens = version > 1 ? try line.optionalCount("cache_read_input_tokens") : nil
    let cacheWriteInputTokens = version > 1 ? try line.optionalCount("cache_write_input_tokens") : nil
    guard let status = Message.Status(rawValue: try line.text("status")), author.canEnd(status) else {
      throw place.failure("a message of this role cannot end with this \"status\"")
    }
    let message = Message(
      id: id, conversationID: conversationID, author: author, content: content, tokenCount: tokenCount,
      inputTokens: inputTokens, cacheReadInputTokens: cacheReadInputTokens,
      cacheWriteInputTokens: cacheWriteInputTokens, status: status,
      stopReason: try line.optionalWord("stop_reason").map(StopReason.init),
      errorCode: try line.optionalWord("error_code").map(ErrorCode.init),
      modelID: try line.optionalWord("model_id", likely: draft?.modelID),
      replyTo: try line.optionalID("reply_to", likely: draft?.question?.id),
      idempotencyKey: version > 2 ? try line.optionalKey("idempotency_key") : nil,
      createdAt: try line.time("created_at"))
    let seq = version > 1 ? try line.countIfGiven("seq") : nil
    let attempt = version > 1 ? try line.countIfGiven("attempt") : nil
    try note(id)
    let place = place
    guard let position = try draft?.append(message, seq: seq, attempt: attempt, place) else {
      throw place.failure("a message before any conversation")
    }
    messageCount += 1
    return .message(PlacedMessage(message: message, place: position))
  }

  private mutating func readEnd(_ line: inout ArchiveLine) throws -> Archive.Part {
    try endConversation()
    let count = (try line.count("conversations"), try line.count("messages"))
    guard count == (conversationCount, messageCount) else {
      throw place.failure("the export had other numbers of conversations and messages: lines are missing, or too many")
    }
    hasEnded = true
    return .end(conversations: conversationCount, messages: messageCount)
  }

  private mutating func endConversation() throws {
    try draft?.finish()
    draft = nil
  }

  private mutating func note<Kind>(_ id: Identifier<Kind>) throws {
    guard ids?.insert(id) != false else {
      throw place.failure("an earlier line has the same \"id\"")
    }
  }

  /// - Throws: `Failure` with code `invalid_input` if the end has not come
  func finish() throws {
    guard hasEnded else {
      throw ArchiveLine.Place(name: name, line: number + 1).failure(
        version != nil ? "the export was cut off: its end is missing" : "this is not an export of mosaic-ai")
    }
  }
}

extension Message.Author {
  /// Whether a message that nobody is working on can have this status.
  fileprivate func canEnd(_ status: Message.Status) -> Bool {
    switch status {
    case .complete: true
    case .failed: self == .user
    case .interrupted, .blocked, .superseded: self == .assistant
    case .pending, .streaming: false
    }
  }
}

/// A conversation whose messages are being read.
private struct Draft {
  let conversation: Archive.Conversation
  private let place: ArchiveLine.Place
  private(set) var question: (id: MessageID, status: Message.Status, line: Int)?
  /// The model of the latest reply.
  private(set) var modelID: String?
  /// The status of the latest reply to the question.
  private var reply: Message.Status?
  /// The place of the latest message.
  private var latest = MessagePlace.start
  /// Superseded replies do not count.
  private var messageCount = 0

  init(_ conversation: Archive.Conversation, _ place: ArchiveLine.Place) {
    self.conversation = conversation
    self.place = place
  }

  /// Takes the next message, and gives its place.
  ///
  /// - Parameters:
  ///   - seq, attempt: given if messages before it were deleted
  /// - Throws: `Failure` with code `invalid_input` for a message that cannot stand here
  mutating func append(
    _ message: Message, seq: Int?, attempt: Int?, _ place: ArchiveLine.Place
  ) throws -> MessagePlace {
    guard message.conversationID == conversation.id else {
      throw place.failure("\"conversation_id\" is not the id of the conversation above")
    }
    switch message.author {
    case .user:
      try checkQuestion()
      guard message.replyTo == nil else { throw place.failure("only a reply can have \"reply_to\"") }
      let trimmed = try place.explaining { try Rules.message(message.content, mayBeInvisible: true) }
      guard trimmed.hasSameBytes(as: message.content) else {
        throw place.failure("\"content\" has white space at its end")
      }
      question = (message.id, message.status, place.line)
      reply = nil
    case .assistant:
      guard message.idempotencyKey == nil else {
        throw place.failure("only a user's message can have \"idempotency_key\"")
      }
      guard let question, message.replyTo == question.id else {
        throw place.failure("\"reply_to\" is not the id of the user's message above")
      }
      guard reply == nil || reply == .superseded else { throw place.failure("the message already has a reply") }
      guard message.content.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw place.failure("\"content\" is empty")
      }
      reply = message.status
      modelID = message.modelID ?? modelID
    }
    if message.status != .superseded { messageCount += 1 }
    return try nextPlace(message.author, seq: seq, attempt: attempt, place)
  }

  /// - Throws: `Failure` with code `invalid_input` for a conversation that cannot end here
  func finish() throws {
    try checkQuestion()
    guard conversation.messageCount == messageCount else {
      throw place.failure("\"message_count\" is not the number of messages")
    }
  }

  private mutating func nextPlace(
    _ author: Message.Author, seq: Int?, attempt: Int?, _ place: ArchiveLine.Place
  ) throws -> MessagePlace {
    let next = latest.next(author)
    let given = MessagePlace(seq: seq ?? next.seq, attempt: attempt ?? next.attempt)
    let isAllowed =
      switch author {
      case .user: given.attempt == 1 && given.seq % 2 == 1
      case .assistant: given.seq == next.seq
      }
    guard isAllowed, given >= next, max(given.seq, given.attempt) <= MessagePlace.maximum else {
      throw place.failure("\"seq\" or \"attempt\" is not a place after the message above")
    }
    latest = given
    return given
  }

  private func checkQuestion() throws {
    guard let question else { return }
    let place = ArchiveLine.Place(name: place.name, line: question.line)
    guard reply != .superseded else { throw place.failure("the reply that superseded another is missing") }
    guard (question.status == .complete) == (reply != nil) else {
      throw place.failure("\"status\" does not match whether a reply follows")
    }
  }
}
