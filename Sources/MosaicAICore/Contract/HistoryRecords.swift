/// How records are laid out.
package enum RecordLayout: Equatable, Sendable {
  /// One object a line.
  case lines
  /// One value, on one line.
  case compact
  /// One value, indented for people.
  case indented
}

/// Writes a page of a conversation as JSON, message by message.
package struct HistoryWriter {
  private let layout: RecordLayout
  private var value: JSONWriter

  package init(_ layout: RecordLayout) {
    self.layout = layout
    value = JSONWriter(isIndented: layout == .indented)
  }

  /// Appends what comes before the messages.
  package mutating func begin(to bytes: inout [UInt8]) {
    guard layout != .lines else { return }
    value.beginObject(to: &bytes)
    value.beginArray("messages", to: &bytes)
  }

  /// Appends a message.
  package mutating func add(_ message: Message, to bytes: inout [UInt8]) {
    guard layout == .lines else { return value.add(message.record, to: &bytes) }
    message.record.append(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Appends what comes after the messages.
  ///
  /// - Parameters:
  ///   - total: how many messages all pages have
  ///   - hasMore: whether there are more beyond this page
  package mutating func end(total: Int, hasMore: Bool, to bytes: inout [UInt8]) {
    guard layout != .lines else { return }
    value.end(to: &bytes)
    value.add(.integer(total), "total", to: &bytes)
    value.add(.bool(hasMore), "has_more", to: &bytes)
    value.end(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }
}

extension MessageID {
  /// A piece of this message, which is a reply that is arriving, for followers of the conversation.
  package func piece(_ text: String) -> JSON {
    ["type": "chunk", "message_id": JSON(self), "content": .string(text)]
  }
}
