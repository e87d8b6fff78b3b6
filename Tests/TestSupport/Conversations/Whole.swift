import Platform

@testable import MosaicAICore

/// A page of a conversation with its messages, which the program reads one after the other.
package struct History: Equatable, Sendable {
  package let conversation: Conversation
  package let messages: [Message]
  package let total: Int
  package let hasMore: Bool
}

/// An archive with everything in it, which the program hands on part by part.
package struct WholeArchive: Equatable, Sendable {
  /// A conversation with its messages.
  @dynamicMemberLookup
  package struct Conversation: Equatable, Sendable {
    package var header: Archive.Conversation
    package var placed: [PlacedMessage] = []

    package var messages: [Message] { placed.map(\.message) }

    package subscript<Value>(dynamicMember path: KeyPath<Archive.Conversation, Value>) -> Value {
      header[keyPath: path]
    }
  }

  package var legacy: Archive.Legacy
  package var conversations: [Conversation] = []

  /// - Parameter parts: in their order
  package init(_ parts: [Archive.Part]) throws {
    guard case .legacy(let legacy) = parts.first else { throw Complaint("an archive without a legacy") }
    self.legacy = legacy
    for part in parts {
      switch part {
      case .legacy, .end: continue
      case .conversation(let header): conversations.append(Conversation(header: header))
      case .message(let placed): conversations[conversations.count - 1].placed.append(placed)
      }
    }
  }

  package var parts: [Archive.Part] {
    [.legacy(legacy)] + conversations.flatMap { [.conversation($0.header)] + $0.placed.map(Archive.Part.message) }
      + [.end(conversations: conversations.count, messages: conversations.reduce(0) { $0 + $1.placed.count })]
  }

  /// What an export writes.
  package var bytes: [UInt8] {
    var writer = ArchiveWriter(.lines)
    var bytes: [UInt8] = []
    for part in parts { writer.add(part, to: &bytes) }
    return bytes
  }

  /// Reads what an export has written.
  package init(reading bytes: [UInt8], name: String = "rose.ndjson") throws {
    var parts: [Archive.Part] = []
    try ArchiveFile(bytes: bytes, name: name).forEachPart { part, _ in parts.append(part) }
    try self.init(parts)
  }
}

extension ArchiveFile {
  /// A file with these bytes.
  package init(bytes: [UInt8], name: String = "rose.ndjson") throws {
    let folder = try TemporaryFolder()
    try LocalFile("\(folder.path)/file").replace(with: bytes)
    let descriptor = open("\(folder.path)/file", O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    self.init(try LineFile(descriptor, name: name))
  }
}

extension ConversationService {
  /// A page of a conversation with its messages.
  package func history(
    of reference: String? = nil, legacy: String? = nil, personaID: String? = nil, _ page: Page = Page()
  ) throws -> History {
    try history(of: reference, legacy: legacy, personaID: personaID, page) { page, forEachMessage in
      var messages: [Message] = []
      try forEachMessage { messages.append($0) }
      return History(
        conversation: page.conversation, messages: messages, total: page.total, hasMore: page.hasMore)
    }
  }

  /// Everything about a legacy, or one conversation.
  package func archive(conversation: String? = nil, legacy: String? = nil) throws -> WholeArchive {
    var parts: [Archive.Part] = []
    try export(conversation: conversation, legacy: legacy) { parts.append($0) }
    return try WholeArchive(parts)
  }

  /// Imports an archive, through a file.
  package func add(_ archive: WholeArchive) throws -> ImportSummary { try add(ArchiveFile(bytes: archive.bytes)) }
}

extension StoreTransaction {
  /// A part of a conversation's messages.
  package func messages(inConversation id: ConversationID, all: Bool, limit: Int?, offset: Int) throws -> [Message] {
    var messages: [Message] = []
    let total =
      try connection.integer(
        "SELECT count(*) FROM ai_messages WHERE conversation_id = ?1 \(all ? "" : "AND status <> 'superseded'")",
        [SQLValue(id)]) ?? 0
    try forEachMessage(
      inConversation: id, all: all, offset: offset, count: min(limit ?? total, total - offset), total: total
    ) {
      messages.append($0)
    }
    return messages
  }
}

extension PlacedMessage {
  package var seq: Int { place.seq }
  package var attempt: Int { place.attempt }
}
