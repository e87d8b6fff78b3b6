import Foundation
import SQLite
import TestSupport
import Testing

@testable import MosaicAICore

/// Bringing old databases to newer versions, as later versions of the program will.
@Suite struct MigrationTests {
  private let folder: TemporaryFolder
  private var path: String { "\(folder.path)/db" }
  private var copy: String { "\(path).before-2.backup" }

  init() throws {
    folder = try TemporaryFolder()
    try makeDatabase(version1())
  }

  /// The database of version 1 as it was released.
  private func version1() throws -> String {
    try String(contentsOfFile: "\(TestFiles.tests)/Fixtures/database-1.sql", encoding: .utf8)
  }

  /// Makes the file with SQLite alone.
  private func makeDatabase(_ sql: String, journal: String = "WAL") throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = \(journal); \(sql)") }
    try queue.close()
  }

  /// All rows of all tables, in their order.
  private func rows(_ path: String) throws -> [String] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { db in
      try ["users", "legacies", "legacy_members", "ai_conversations", "ai_messages"].flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY 1, 2").map { "\(table): \($0.databaseValues)" }
      }
    }
  }

  /// The store over the database of a version as it was released, once it is known that everything is still in it.
  ///
  /// - Parameter check: looks at what is there before
  private func opened(version: Int, _ check: (Database) throws -> Void = { _ in }) throws -> SQLiteStore {
    try FileManager.default.removeItem(atPath: path)
    try makeDatabase(String(contentsOfFile: "\(TestFiles.tests)/Fixtures/database-\(version).sql", encoding: .utf8))
    let queue = try DatabaseQueue(path: path)
    try queue.read(check)
    try queue.close()
    let before = try rows(path)
    let store = try SQLiteStore.open(path: path)
    #expect(try rows(path) == before && before.count > 20)
    return store
  }

  private func count(_ table: String, _ db: Database) throws -> Int? {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)")
  }

  private func version(_ path: String) throws -> Int? {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  private func list() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  /// What a version to come could do: rebuild a table that others refer to.
  private static let rebuilding = """
    CREATE TABLE new_conversations (
      id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 36),
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      legacy_id TEXT NOT NULL REFERENCES legacies (id) ON DELETE CASCADE,
      persona_id TEXT NOT NULL,
      title TEXT,
      message_count INTEGER NOT NULL,
      last_message_at TEXT,
      activity INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    INSERT INTO new_conversations SELECT * FROM ai_conversations;
    DROP TABLE ai_conversations;
    ALTER TABLE new_conversations RENAME TO ai_conversations;
    """

  @Test("The released migration to version 1 never changes")
  func released() throws {
    _ = try SQLiteStore.open(path: "\(folder.path)/new", migrations: Array(Schema.migrations.prefix(1)))
    func schema(_ path: String) throws -> [String] {
      try DatabaseQueue(path: path).read { db in
        try String.fetchAll(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
      }
    }
    #expect(try schema(path) == schema("\(folder.path)/new"))
  }

  @Test("A database of version 1 is read as it was written")
  func reading() throws {
    let store = try SQLiteStore.open(path: path)
    let service = try ConversationService(store: store, handle: "ada")
    #expect(try service.legacies().map(\.name) == ["Rose", "بهار O'Neil 🌻"])
    #expect(try service.list().map(\.messageCount) == [6, 2])
    let messages = try service.messages("00000000-0000-4000-8000-000000000021", all: true)
    #expect(messages.map(\.status) == [.complete, .superseded, .complete, .failed, .complete, .interrupted, .failed])
    #expect(
      try service.messages("00000000-0000-4000-8000-000000000022")[1].content == "a\0b \u{1b}[31m \u{2066} \u{feff} 🌻")
  }

  @Test("A migration keeps every row, and a verified copy from before", arguments: ["WAL", "DELETE"])
  func migration(journal: String) throws {
    try makeDatabase("", journal: journal)
    let before = try rows(path)
    try autoreleasing {
      let store = try SQLiteStore.open(path: path, migrations: Schema.migrations.prefix(1) + [Self.rebuilding])
      #expect(try store.queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
      #expect(try store.queue.read { try Int.fetchOne($0, sql: "PRAGMA foreign_keys") } == 1, "they are enforced again")
      #expect(try store.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }
    #expect(try rows(path) == before)
    #expect(before.count > 20)
    #expect(try folder.mode("db.before-2.backup") == 0o600)
    #expect(try rows(copy) == before)
    #expect(try version(copy) == 1)
    #expect(try list() == ["db", "db-lock", "db.before-2.backup"])
    // The copy is a database that the older program opens.
    #expect(try ConversationService(store: SQLiteStore.open(path: copy), handle: "bob").list().count == 1)
  }

  @Test(
    "A failing migration leaves the database unchanged, byte for byte",
    arguments: [
      "ALTER TABLE users ADD COLUMN email TEXT; DELETE FROM ai_messages; SELECT * FROM nowhere",
      "UPDATE ai_messages SET status = 'lost'",
      "PRAGMA foreign_keys = ON; DELETE FROM legacies; INSERT INTO legacy_members VALUES ('x', 'y', 'owner', 't')",
    ])
  func failingMigration(sql: String) throws {
    let before = try #require(folder.contents("db"))
    let rowsBefore = try rows(path)
    let failure = try failure { try SQLiteStore.open(path: path, migrations: Schema.migrations.prefix(1) + [sql]) }
    #expect(failure.message.contains("1") && failure.message.contains("2"), "it names both versions")
    #expect(folder.contents("db") == before)
    #expect(try rows(path) == rowsBefore)
    #expect(try rows(copy) == rowsBefore)
    // The next version may do better.
    try autoreleasing {
      _ = try SQLiteStore.open(path: path, migrations: Schema.migrations.prefix(1) + [Self.rebuilding])
    }
    #expect(try rows(path) == rowsBefore)
    #expect(try version(path) == 2)
  }

  @Test("Without space for the copy nothing is migrated")
  func noCopy() throws {
    // A folder of that name cannot be replaced by a file.
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    let before = try #require(folder.contents("db"))
    let failure = try failure {
      try SQLiteStore.open(path: path, migrations: Schema.migrations.prefix(1) + [Self.rebuilding])
    }
    #expect(failure.code == .storageFailed)
    #expect(failure.message.contains(copy))
    #expect(folder.contents("db") == before)
    #expect(try list() == ["db", "db-lock", "db.before-2.backup"])
  }

  @Test("An earlier copy that is in use or has an open log is left alone, and the new one gets another name")
  func copyInUse() throws {
    let before = try rows(path)
    for name in [copy, "\(copy)-wal"] { try Data("dear".utf8).write(to: URL(fileURLWithPath: name)) }
    try autoreleasing {
      _ = try SQLiteStore.open(path: path, migrations: Schema.migrations.prefix(1) + [Self.rebuilding])
    }
    for name in ["db.before-2.backup", "db.before-2.backup-wal"] { #expect(folder.contents(name) == Data("dear".utf8)) }
    #expect(try rows("\(copy)-1") == before)
  }

  @Test("A new or current database needs no copy")
  func noNeed() throws {
    let migrations = Array(Schema.migrations.prefix(1)) + [Self.rebuilding]
    try FileManager.default.removeItem(atPath: path)
    #expect(FileManager.default.createFile(atPath: path, contents: Data()))
    for _ in 0..<2 { try autoreleasing { _ = try SQLiteStore.open(path: path, migrations: migrations) } }
    #expect(try list() == ["db", "db-lock"])
  }

  @Test("Of many processes that open an old database, one migrates it and all find it migrated")
  func atOnce() throws {
    let before = try rows(path)
    try DispatchQueue.concurrently(12) {
      let store = try SQLiteStore.open(path: path, migrations: Schema.migrations.prefix(1) + [Self.rebuilding])
      #expect(try store.queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 2)
    }
    #expect(try rows(path) == before)
    #expect(try rows(copy) == before)
  }

  @Test("A backup that becomes the database gets its write-ahead log back")
  func writeAheadLog() throws {
    try makeDatabase("", journal: "DELETE")
    try DispatchQueue.concurrently(8) {
      let store = try SQLiteStore.open(path: path)
      #expect(try store.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }
    let files = try list()
    #expect(files == ["db", "db-lock", "db.before-\(Schema.version).backup"])
  }

  @Test("A database from before names and keys opens with everything in it, and takes them")
  func names() throws {
    try FileManager.default.removeItem(atPath: path)
    try makeDatabase(String(contentsOfFile: "\(TestFiles.tests)/Fixtures/database-2.sql", encoding: .utf8))
    let before = try rows(path)
    let store = try SQLiteStore.open(path: path)
    let after = try rows(path)
    #expect(after.count == before.count && before.count > 20)
    for (old, new) in zip(before, after) {
      // What was added is null.
      #expect(new.replacing(#/(, NULL)+\]$/#, with: "]") == old.replacing(#/(, NULL)+\]$/#, with: "]"))
    }
    let ada = try ConversationService(store: store, handle: "ada")
    #expect(try ada.list().map(\.name) == [nil, nil])
    #expect(
      try ada.messages("00000000-0000-4000-8000-000000000021", all: true).allSatisfy { $0.idempotencyKey == nil })
    let beginning = try ada.begin(
      "A song.", key: Rules.key("song"), .to(legacy: "Rose", .named("songs")), personas: builtInPersonas())
    guard case .asked(let exchange) = beginning else { throw Complaint("it has a reply") }
    #expect(exchange.start.isNewConversation)
    #expect(try ada.list().map(\.name) == ["songs", nil, nil])
  }

  @Test("A database from before skipped questions opens with everything in it, and takes them")
  func skippedQuestions() throws {
    let store = try opened(version: 4)
    let ada = try ConversationService(store: store, handle: "ada")
    #expect(try ada.list().map(\.name) == ["songs", nil, nil])
    let questions = try QuestionBank.load(own: nil, path: "").questions
    let first = try ada.nextQuestion(of: questions, about: "Rose", skipping: true)
    #expect(try first != nil && first != ada.nextQuestion(of: questions, about: "Rose", skipping: false))
  }

  @Test("A database whose index has no symbols opens with everything in it, and is indexed again")
  func symbols() throws {
    let store = try opened(version: 5) { db in
      let (blocks, skipped) = (try count("search_blocks", db), try count("skipped_questions", db))
      #expect(blocks == 1 && skipped == 1)
    }
    #expect(try store.read { try $0.lastIndexedNumber() } == 0)
    #expect(try store.queue.read { try count("skipped_questions", $0) } == 1)
    #expect(try store.write { try $0.indexNextBlock() })
    let ada = try ConversationService(store: store, handle: "ada")
    func found(_ query: String) throws -> [String] {
      try ada.search(SearchQuery(query), limit: 10).hits.map(\.message.content)
    }
    #expect(try found("🌻") == found("odd") && !found("🌻").isEmpty)
    #expect(try found("sang").contains("She sang while she made jam."))
  }
}

/// Ends the lifetime of what `body` makes.
private func autoreleasing(_ body: () throws -> Void) rethrows { try body() }
