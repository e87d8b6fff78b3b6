/// An archive that was read from a file, and where its parts stand there.
public struct ReadArchive: Sendable {
  public let archive: Archive
  /// The file's name, for errors.
  let name: String
  /// The line of every conversation and message, by its id.
  let lines: [String: Int]

  /// Why the part of that id cannot be added to the database.
  func conflict(_ message: String, about id: String) -> Failure {
    var failure = ArchiveLine.Place(name: name, line: lines[id] ?? 1).failure(message)
    failure.hint = "nothing was imported; import it into a database of its own with --database"
    return failure
  }
}

/// Reads what `export -o ndjson` writes, and takes nothing that a database of ours could not hold.
///
/// The first line tells the version of the format; then come the legacy, each conversation followed by its messages,
/// and an end that tells how many there were, so that a file that was cut off is found out.
public struct ArchiveReader {
  private let name: String
  private var number = 0
  private var hasHeader = false
  private var legacy: Archive.Legacy?
  private var conversations: [Archive.Conversation] = []
  private var draft: Draft?
  private var hasEnded = false
  private var lines: [String: Int] = [:]

  /// Reads a whole file.
  ///
  /// - Parameter name: of the file, for errors
  /// - Throws: `Failure` with code `invalid_input`: file, line and what is wrong
  public static func read(_ bytes: [UInt8], name: String) throws -> ReadArchive {
    var reader = ArchiveReader(name: name)
    try bytes.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        try reader.read(line: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        start = end + 1
      }
    }
    return try reader.finish()
  }

  private init(name: String) { self.name = name }

  private var place: ArchiveLine.Place { ArchiveLine.Place(name: name, line: number) }

  private mutating func read(line bytes: UnsafeRawBufferPointer) throws {
    number += 1
    guard hasHeader else { return try readHeader(bytes) }
    guard !hasEnded else { throw place.failure("something follows the end of the export") }
    var line = try ArchiveLine(bytes, place)
    let type = try line.text("type")
    guard legacy != nil || type == "legacy" else { throw place.failure("a line of type \"legacy\" is due here") }
    switch type {
    case "legacy": try readLegacy(&line)
    case "conversation": try readConversation(&line)
    case "message": try readMessage(&line)
    case "end": try readEnd(&line)
    default: throw place.failure("a line of this type is not known")
    }
    try line.finish()
  }

  private mutating func readHeader(_ bytes: UnsafeRawBufferPointer) throws {
    let stranger = Failure(
      .invalidInput, "\(name):1: this is no export of mosaic-ai",
      hint: "`mosaic-ai export --legacy LEGACY -o ndjson` writes one")
    guard var line = try? ArchiveLine(bytes, place), (try? line.text("type")) == "export",
      let version = try? line.count("format_version"), version > 0
    else { throw stranger }
    guard version <= Archive.formatVersion else {
      throw Failure(
        .invalidInput,
        "\(name):1: the export was made by a newer version of mosaic-ai (format \(version); this one knows \(Archive.formatVersion))",
        hint: "update mosaic-ai; nothing was imported")
    }
    try line.finish()
    hasHeader = true
  }

  private mutating func readLegacy(_ line: inout ArchiveLine) throws {
    guard legacy == nil else { throw place.failure("a second legacy") }
    legacy = Archive.Legacy(
      id: try line.id("id"), name: try line.name("name"), createdAt: try line.time("created_at"),
      updatedAt: try line.time("updated_at"))
  }

  private mutating func readConversation(_ line: inout ArchiveLine) throws {
    try endConversation()
    let conversation = Archive.Conversation(
      id: try line.id("id"), personaID: try line.personaID("persona_id"), title: try line.optionalTitle("title"),
      lastMessageAt: try line.optionalTime("last_message_at"), createdAt: try line.time("created_at"),
      updatedAt: try line.time("updated_at"), entries: [])
    guard try line.id("legacy_id") == legacy?.id else {
      throw place.failure("\"legacy_id\" is not that of the legacy above")
    }
    try note(conversation.id)
    draft = Draft(conversation, messageCount: try line.count("message_count"), place)
  }

  private mutating func readMessage(_ line: inout ArchiveLine) throws {
    guard draft != nil else { throw place.failure("a message before any conversation") }
    let id = try line.id("id")
    let conversationID = try line.id("conversation_id")
    guard let author = Message.Author(rawValue: try line.text("role")) else {
      throw place.failure("\"role\" is neither user nor assistant")
    }
    guard let status = Message.Status(rawValue: try line.text("status")), author.settledStatuses.contains(status) else {
      throw place.failure("\"status\" is none that a message of this role ends with")
    }
    let message = Message(
      id: id, conversationID: conversationID, author: author, content: try line.text("content"),
      tokenCount: try line.optionalCount("token_count"), status: status,
      stopReason: try line.optionalWord("stop_reason"),
      modelID: try line.optionalWord("model_id"), replyTo: try line.optionalID("reply_to"),
      createdAt: try line.time("created_at"))
    let entry = Archive.Entry(
      message: message, inputTokens: try line.optionalCount("input_tokens"),
      errorCode: try line.optionalWord("error_code"))
    try note(id)
    let place = place
    try draft?.append(entry, place)
  }

  private mutating func readEnd(_ line: inout ArchiveLine) throws {
    try endConversation()
    let count = (try line.count("conversations"), try line.count("messages"))
    guard count == (conversations.count, conversations.messageCount) else {
      throw place.failure("the export held other numbers of conversations and messages: lines are missing, or too many")
    }
    hasEnded = true
  }

  private mutating func endConversation() throws {
    if let draft { conversations.append(try draft.finish()) }
    draft = nil
  }

  private mutating func note(_ id: String) throws {
    guard lines.updateValue(number, forKey: id) == nil else {
      throw place.failure("\"id\" was that of an earlier line too")
    }
  }

  private func finish() throws -> ReadArchive {
    guard hasEnded, let legacy else {
      throw ArchiveLine.Place(name: name, line: number + 1).failure(
        hasHeader ? "the export has no end: it was cut off" : "this is no export of mosaic-ai")
    }
    return ReadArchive(archive: Archive(legacy: legacy, conversations: conversations), name: name, lines: lines)
  }
}

extension Message.Author {
  /// What may have become of a message when nobody works on it any more.
  fileprivate var settledStatuses: Set<Message.Status> {
    switch self {
    case .user: [.complete, .failed]
    case .assistant: [.complete, .interrupted, .blocked, .superseded]
    }
  }
}

/// A conversation as its messages come.
private struct Draft {
  private var conversation: Archive.Conversation
  private let messageCount: Int
  private let place: ArchiveLine.Place
  private var question: (entry: Archive.Entry, place: ArchiveLine.Place)?
  /// The status of the latest reply to the question.
  private var reply: Message.Status?

  init(_ conversation: Archive.Conversation, messageCount: Int, _ place: ArchiveLine.Place) {
    self.conversation = conversation
    self.messageCount = messageCount
    self.place = place
  }

  /// - Throws: `Failure` with code `invalid_input` for a message that cannot stand here
  mutating func append(_ entry: Archive.Entry, _ place: ArchiveLine.Place) throws {
    let message = entry.message
    guard message.conversationID == conversation.id else {
      throw place.failure("\"conversation_id\" is not that of the conversation above")
    }
    switch message.author {
    case .user:
      try checkQuestion()
      guard message.replyTo == nil else { throw place.failure("\"reply_to\" belongs to replies") }
      let trimmed = try place.explaining { try Rules.message(message.content) }
      guard trimmed.utf8.elementsEqual(message.content.utf8) else {
        throw place.failure("\"content\" has white space at its end")
      }
      question = (entry, place)
      reply = nil
    case .assistant:
      guard let question, message.replyTo == question.entry.message.id else {
        throw place.failure("\"reply_to\" is not the user's message above")
      }
      guard reply == nil || reply == .superseded else { throw place.failure("a reply to a message that has one") }
      guard message.content.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw place.failure("\"content\" is empty")
      }
      reply = message.status
    }
    conversation.entries.append(entry)
  }

  /// - Throws: `Failure` with code `invalid_input` for a conversation that cannot end here
  func finish() throws -> Archive.Conversation {
    try checkQuestion()
    guard conversation.messageCount == messageCount else {
      throw place.failure("\"message_count\" is not the number of its messages")
    }
    return conversation
  }

  private func checkQuestion() throws {
    guard let question else { return }
    guard reply != .superseded else { throw question.place.failure("the reply that superseded another is missing") }
    guard (question.entry.message.status == .complete) == (reply != nil) else {
      throw question.place.failure("\"status\" tells otherwise than whether a reply follows")
    }
  }
}
