/// Who is typing.
public struct User: Equatable, Sendable {
  public let id: String
  public let handle: String
}

/// What a user may do with a legacy.
public enum Role: String, CaseIterable, Sendable {
  /// Added it, or was made one: chats, renames, shares, removes.
  case owner
  /// Chats.
  case member
  /// Was proposed, and may do nothing yet.
  case pending

  /// Whether one may chat about the legacy.
  public var mayChat: Bool { self != .pending }
}

/// A person whose life is being remembered, as one user sees them.
public struct Legacy: Equatable, Sendable {
  public let id: String
  public var name: String
  /// The user's role in it.
  public let role: Role
  /// How many conversations the user has about it.
  public let conversationCount: Int
  public let createdAt: String
}

/// A user's place in a legacy.
public struct Member: Equatable, Sendable {
  public let userID: String
  public let handle: String
  public let role: Role
  public let createdAt: String
}

/// What one user and one persona have said about one legacy.
public struct Conversation: Equatable, Sendable {
  public let id: String
  public let userID: String
  public let legacyID: String
  public let legacyName: String
  public let personaID: String
  public let title: String?
  /// Superseded replies are not counted.
  public let messageCount: Int
  public let lastMessageAt: String?
  public let createdAt: String
  public let updatedAt: String
}

/// A question or a reply.
public struct Message: Equatable, Sendable {
  public enum Author: String, Sendable { case user, assistant }

  /// What has become of it.
  public enum Status: String, Sendable {
    /// A user's message whose reply is under way.
    case pending
    /// A user's message without any reply.
    case failed
    /// A reply that is arriving.
    case streaming
    /// A reply that broke off.
    case interrupted
    /// A reply that a guardrail or filter stopped.
    case blocked
    /// A reply that a later one has replaced.
    case superseded
    /// A reply that is whole, or a user's message that has a reply.
    case complete
  }

  public let id: String
  public let conversationID: String
  public let author: Author
  public let content: String
  /// Of a reply: its output tokens, where the model told.
  public let tokenCount: Int?
  public internal(set) var status: Status
  public let stopReason: String?
  public let modelID: String?
  /// Of a reply: the id of the message it answers.
  public let replyTo: String?
  public let createdAt: String
}

/// A page of a conversation.
public struct History: Equatable, Sendable {
  public let conversation: Conversation
  public let messages: [Message]
  /// How many there are on all pages.
  public let total: Int
  /// Whether there are more beyond this page: later ones, or, of a tail, earlier ones.
  public let hasMore: Bool
}
