/// Everything that one user has said about one legacy, or one conversation of it, to be kept elsewhere and imported
/// again. It may not fit in memory, so it is passed on in parts.
package enum Archive {
  /// The format that this version writes; a file of a newer one is refused. Any new field makes a new format.
  package static let formatVersion = 3

  /// The person it is about.
  package struct Legacy: Equatable, Sendable {
    package let id: LegacyID
    package let name: String
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
  }

  /// A conversation without its messages.
  package struct Conversation: Equatable, Sendable {
    package let id: ConversationID
    package let personaID: String
    package let name: String?
    package let title: String?
    /// Superseded replies do not count.
    package let messageCount: Int
    package let lastMessageAt: Timestamp?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
  }

  /// One part. The legacy comes first, then each conversation followed by its messages, superseded replies included,
  /// the one with the latest activity last. A reply comes after the message it answers. The end is last.
  package enum Part: Equatable, Sendable {
    case legacy(Legacy)
    case conversation(Conversation)
    case message(PlacedMessage)
    case end(conversations: Int, messages: Int)
  }
}

/// A message, and where it is in its conversation.
package struct PlacedMessage: Equatable, Sendable {
  package let message: Message
  package let place: MessagePlace
}

/// Where a message is in its conversation.
package struct MessagePlace: Equatable, Comparable, Sendable {
  /// Odd for a user's message, the next even number for all replies to it.
  package let seq: Int
  /// Counts the replies to one message.
  package let attempt: Int

  /// Before all messages.
  package static let start = MessagePlace(seq: 0, attempt: 0)
  /// The largest number that can be a place: there is always one after it.
  static let maximum = 1 << 53

  package static func < (left: MessagePlace, right: MessagePlace) -> Bool {
    (left.seq, left.attempt) < (right.seq, right.attempt)
  }

  /// The place of a message that follows the one here, if nothing between the two was deleted.
  package func next(_ author: Message.Author) -> MessagePlace {
    switch author {
    case .user: MessagePlace(seq: seq + 1 + seq % 2, attempt: 1)
    case .assistant where seq % 2 == 1: MessagePlace(seq: seq + 1, attempt: 1)
    case .assistant: MessagePlace(seq: seq, attempt: attempt + 1)
    }
  }
}

/// What an import added, and what was there already.
package struct ImportSummary: Equatable, Sendable {
  package let legacyID: LegacyID
  package let legacyName: String
  /// Whether the legacy was added too.
  package let isNewLegacy: Bool
  package var addedConversations = 0
  /// There already, and continued elsewhere since.
  package var updatedConversations = 0
  package var skippedConversations = 0
  package var addedMessages = 0
  package var skippedMessages = 0
}
