import TestSupport
import Testing

@testable import MosaicAICore

/// A database engine. `StoreTests` runs with each: what it asks for, an engine to come has to do too.
struct StoreEngine: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whether other processes reach it through a server.
  var isServer = false
  /// Makes a fresh database.
  let make: @Sendable () throws -> FreshStore
  var testDescription: String { name }

  /// Every engine.
  static let all =
    shared + [
      StoreEngine(name: "SQLite in memory") { FreshStore(try SQLiteStore.inMemory(), another: nil) }
    ]

  /// Those whose databases other processes see too.
  static let shared =
    [sqliteInFile] + (PostgresServer.shared == nil ? [] : [postgres])

  private static let postgres = StoreEngine(name: "PostgreSQL", isServer: true) {
    let url = try #require(PostgresServer.shared).freshSchema()
    let address = try #require(PostgresAddress(url))
    let open: @Sendable () throws -> any Store = { try PostgresStore.open(address) }
    return FreshStore(try open(), another: open)
  }

  private static let sqliteInFile =
    StoreEngine(name: "SQLite in a file") {
      let folder = try TemporaryFolder().kept
      let open: @Sendable () throws -> any Store = { try SQLiteStore.open(path: "\(folder.path)/db") }
      return FreshStore(try open(), another: open)
    }
}

/// A new database of an engine.
struct FreshStore: Sendable {
  let store: any Store
  private let open: (@Sendable () throws -> any Store)?

  /// - Parameter another: opens the same database once more; nil if nobody else sees it
  init(_ store: any Store, another open: (@Sendable () throws -> any Store)?) {
    self.store = store
    self.open = open
  }

  /// The same database as another process has it: what this store claims, it finds claimed. When it goes out of scope,
  /// that process has ended.
  func another() throws -> any Store {
    let open = try #require(open, "nobody else sees this database")
    return try open()
  }
}

/// One row of each kind.
enum FilledDatabase {
  static let user: UserID = "00000000-0000-4000-8000-000000000001"
  static let legacy: LegacyID = "00000000-0000-4000-8000-000000000002"
  static let conversation: ConversationID = "00000000-0000-4000-8000-000000000003"
  static let question: MessageID = "00000000-0000-4000-8000-000000000004"
  static let reply: MessageID = "00000000-0000-4000-8000-000000000005"
  /// An id that no row has.
  static let free = "00000000-0000-4000-8000-000000000009"
  /// When everything was written.
  static let time = "2026-11-23T06:13:02.123Z"
  static let tables = ["users", "legacies", "legacy_members", "ai_conversations", "ai_messages"]

  /// Adds the rows.
  static func fill(_ store: any Store) throws {
    try store.write { transaction in
      for sql in [
        "INSERT INTO users VALUES ('\(user)', 'ada', '\(time)')",
        "INSERT INTO legacies VALUES ('\(legacy)', 'Grace', '\(time)', '\(time)')",
        "INSERT INTO legacy_members VALUES ('\(legacy)', '\(user)', 'owner', '\(time)')",
        """
        INSERT INTO ai_conversations (id, user_id, legacy_id, persona_id, activity, created_at, updated_at)
        VALUES ('\(conversation)', '\(user)', '\(legacy)', 'friend', 1, '\(time)', '\(time)')
        """,
        """
        INSERT INTO ai_messages (\(transaction.dialect.newMessageNumber.column), id, conversation_id, seq, role, content,
          status, created_at)
        VALUES (\(transaction.dialect.newMessageNumber.value), '\(question)', '\(conversation)', 1, 'user', 'Hi', 'complete', '\(time)')
        """,
        """
        INSERT INTO ai_messages (\(transaction.dialect.newMessageNumber.column), id, conversation_id, seq, role, content,
          status, reply_to, created_at)
        VALUES (\(transaction.dialect.newMessageNumber.value), '\(reply)', '\(conversation)', 2, 'assistant', 'Hello', 'complete', '\(question)', '\(time)')
        """,
      ] {
        try transaction.connection.execute(sql, [])
      }
    }
  }
}

extension User {
  /// Someone new.
  static func named(_ handle: String) -> User { User(id: newID(), handle: handle) }
}

extension StoreTransaction {
  /// A statement that adds a message, with the number that the message needs in this engine.
  func numbering(_ sql: String) -> String {
    guard sql.hasPrefix("INSERT INTO ai_messages") else { return sql }
    return sql.replacing("ai_messages (", with: "ai_messages (\(dialect.newMessageNumber.column), ", maxReplacements: 1)
      .replacing("VALUES (", with: "VALUES (\(dialect.newMessageNumber.value), ", maxReplacements: 1)
  }
}
