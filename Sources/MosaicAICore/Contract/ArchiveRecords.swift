/// Writes an archive as JSON, part by part: as lines, which an import reads, or as one value.
///
/// Lines are a line for the version of the format, the legacy, each conversation followed by its messages, and the end.
package struct ArchiveWriter {
  private let layout: RecordLayout
  private var value: JSONWriter
  private var isInConversation = false
  private var legacyID: LegacyID?
  /// Of the message before.
  private var place = MessagePlace.start

  package init(_ layout: RecordLayout) {
    self.layout = layout
    value = JSONWriter(isIndented: layout == .indented)
  }

  /// Appends the next part.
  package mutating func add(_ part: Archive.Part, to bytes: inout [UInt8]) {
    if case .legacy(let legacy) = part { legacyID = legacy.id }
    if layout == .lines { addLine(part, to: &bytes) } else { addValue(part, to: &bytes) }
  }

  private mutating func addLine(_ part: Archive.Part, to bytes: inout [UInt8]) {
    switch part {
    case .legacy(let legacy):
      write("export", [.init("format_version", .integer(Archive.formatVersion))], to: &bytes)
      write("legacy", legacy.members, to: &bytes)
    case .conversation(let conversation): write("conversation", members(conversation), to: &bytes)
    case .message(let placed): write("message", members(placed), to: &bytes)
    case .end(let conversations, let messages):
      write(
        "end", [.init("conversations", .integer(conversations)), .init("messages", .integer(messages))], to: &bytes)
    }
  }

  private func write(_ type: String, _ members: [JSON.Member], to bytes: inout [UInt8]) {
    var line = JSONWriter()
    line.beginObject(to: &bytes)
    line.add(.string(type), "type", to: &bytes)
    for member in members { line.add(member, to: &bytes) }
    line.end(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func addValue(_ part: Archive.Part, to bytes: inout [UInt8]) {
    switch part {
    case .legacy(let legacy):
      value.beginObject(to: &bytes)
      value.add(.integer(Archive.formatVersion), "format_version", to: &bytes)
      value.add(.object(legacy.members), "legacy", to: &bytes)
      value.beginArray("conversations", to: &bytes)
    case .conversation(let conversation):
      endConversation(to: &bytes)
      value.beginObject(to: &bytes)
      for member in members(conversation) { value.add(member, to: &bytes) }
      value.beginArray("messages", to: &bytes)
      isInConversation = true
    case .message(let placed): value.add(.object(members(placed)), to: &bytes)
    case .end:
      endConversation(to: &bytes)
      value.end(to: &bytes)
      value.end(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private mutating func endConversation(to bytes: inout [UInt8]) {
    guard isInConversation else { return }
    value.end(to: &bytes)
    value.end(to: &bytes)
    isInConversation = false
  }

  private mutating func members(_ conversation: Archive.Conversation) -> [JSON.Member] {
    place = .start
    return [
      .init("id", JSON(conversation.id)), .init("legacy_id", JSON(legacyID)),
      .init("persona_id", .string(conversation.personaID)), .init("name", JSON(conversation.name)),
      .init("title", JSON(conversation.title)),
      .init("message_count", .integer(conversation.messageCount)),
      .init("last_message_at", JSON(conversation.lastMessageAt)), .init("created_at", JSON(conversation.createdAt)),
      .init("updated_at", JSON(conversation.updatedAt)),
    ]
  }

  /// As a history shows a message; and where it is, if messages before it were deleted.
  private mutating func members(_ placed: PlacedMessage) -> [JSON.Member] {
    let next = place.next(placed.message.author)
    place = placed.place
    var members = placed.message.members
    if placed.place.seq != next.seq { members.append(.init("seq", .integer(placed.place.seq))) }
    if placed.place.attempt != next.attempt { members.append(.init("attempt", .integer(placed.place.attempt))) }
    return members
  }
}

extension Archive.Legacy {
  fileprivate var members: [JSON.Member] {
    [
      .init("id", JSON(id)), .init("name", .string(name)), .init("created_at", JSON(createdAt)),
      .init("updated_at", JSON(updatedAt)),
    ]
  }
}

extension ImportSummary {
  package var record: JSON {
    [
      "legacy_id": JSON(legacyID), "legacy_name": .string(legacyName), "legacy_created": .bool(isNewLegacy),
      "conversations_added": .integer(addedConversations), "conversations_updated": .integer(updatedConversations),
      "conversations_skipped": .integer(skippedConversations), "messages_added": .integer(addedMessages),
      "messages_skipped": .integer(skippedMessages),
    ]
  }
}
