/// All that one user has said about one legacy, or one conversation of it, to be kept elsewhere and read in again.
public struct Archive: Equatable, Sendable {
  /// What `import` reads; a file of a newer version is refused. Any new field makes one.
  public static let formatVersion = 1

  /// Whom it is about.
  public struct Legacy: Equatable, Sendable {
    public let id: String
    public let name: String
    public let createdAt: String
    public let updatedAt: String
  }

  /// What was said in one conversation, superseded replies among it.
  public struct Conversation: Equatable, Sendable {
    public let id: String
    public let personaID: String
    public let title: String?
    public let lastMessageAt: String?
    public let createdAt: String
    public let updatedAt: String
    /// In order, each reply behind its question.
    public var entries: [Entry]

    /// Superseded replies are not counted.
    public var messageCount: Int { entries.count { $0.message.status != .superseded } }
  }

  /// A message, and what nobody needs to know of it but another database.
  public struct Entry: Equatable, Sendable {
    public let message: Message
    public let inputTokens: Int?
    public let errorCode: String?
  }

  public let legacy: Legacy
  /// The one with the latest activity last.
  public var conversations: [Conversation]

  /// In all conversations, superseded replies too.
  public var messageCount: Int { conversations.messageCount }
}

extension [Archive.Conversation] {
  /// In all of them, superseded replies too.
  var messageCount: Int { reduce(0) { $0 + $1.entries.count } }
}

extension Archive.Entry {
  /// Whether the two are the same message: all but what may become of one, byte for byte.
  func isSameMessage(as other: Archive.Entry) -> Bool {
    let (left, right) = (message, other.message)
    return left.id == right.id && left.conversationID == right.conversationID && left.author == right.author
      && left.replyTo == right.replyTo && left.createdAt == right.createdAt
      && left.content.utf8.elementsEqual(right.content.utf8)
  }
}

/// What an import added, and what was there already.
public struct ImportSummary: Equatable, Sendable {
  public let legacyID: String
  public let legacyName: String
  /// Whether the legacy came with it.
  public let isNewLegacy: Bool
  public internal(set) var addedConversations = 0
  /// There already, and continued elsewhere since.
  public internal(set) var updatedConversations = 0
  public internal(set) var skippedConversations = 0
  public internal(set) var addedMessages = 0
  public internal(set) var skippedMessages = 0
}
