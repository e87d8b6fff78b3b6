import Foundation
import GRDB
import Synchronization
import Testing

@testable import MosaicAICore

@Suite struct StoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Opening

  @Test("a new database is its owner's alone, and so is every folder made for it")
  func permissions() throws {
    let store = try Store.open(path: "\(folder.path)/new/deep/db")
    try store.write { try $0.insertUser(User(id: newID(), handle: "ada"), at: "now") }
    #expect(try folder.mode("new") == 0o700)
    #expect(try folder.mode("new/deep") == 0o700)
    for name in ["db", "db-wal", "db-lock"] { #expect(try folder.mode("new/deep/\(name)") == 0o600, "\(name)") }
  }

  @Test("a folder that is already there keeps its permissions")
  func existingFolder() throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/open", withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder.path)/open")
    _ = try Store.open(path: "\(folder.path)/open/db")
    #expect(try folder.mode("open") == 0o755)
  }

  @Test("only looking creates nothing, and finds nothing")
  func lookingCreatesNothing() throws {
    let store = try Store.openIfPresent(path: "\(folder.path)/none/db")
    #expect(try store.read { try $0.user(handle: "ada") } == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("what was written is there when the database is opened again, through a link too")
  func reopening() throws {
    let user = User(id: newID(), handle: "ada")
    try Store.open(path: "\(folder.path)/db").write { try $0.insertUser(user, at: "now") }
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "db")
    #expect(try Store.open(path: "\(folder.path)/db").read { try $0.user(handle: "ada") } == user)
    #expect(try Store.openIfPresent(path: "\(folder.path)/link").read { try $0.user(handle: "ada") } == user)
  }

  @Test("an empty file becomes a database")
  func emptyFile() throws {
    #expect(FileManager.default.createFile(atPath: "\(folder.path)/db", contents: Data()))
    let store = try Store.open(path: "\(folder.path)/db")
    #expect(try store.read { try Int.fetchOne($0.db, sql: "PRAGMA user_version") } == Schema.version)
    #expect(try store.read { try Int.fetchOne($0.db, sql: "PRAGMA application_id") } == Schema.applicationID)
    #expect(try store.read { try String.fetchOne($0.db, sql: "PRAGMA journal_mode") } == "wal")
  }

  /// Makes a file with SQLite alone.
  private func makeDatabase(_ sql: String) throws {
    let queue = try DatabaseQueue(path: "\(folder.path)/db")
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("a database from a newer version is refused, its bytes untouched", arguments: ["DELETE", "WAL"])
  func newerVersion(journal: String) throws {
    try autoreleasing { _ = try Store.open(path: "\(folder.path)/db") }
    try makeDatabase("PRAGMA journal_mode = \(journal); PRAGMA user_version = \(Schema.version + 1)")
    let before = try #require(folder.contents("db"))
    let failure = try failure { try Store.open(path: "\(folder.path)/db") }
    #expect(failure.code == .storageFailed)
    #expect(
      failure.message
        == "the database was made by a newer version of mosaic-ai (\(Schema.version + 1); this one knows \(Schema.version))"
    )
    #expect(folder.contents("db") == before)
  }

  @Test(
    "a database of something else is refused, its bytes untouched",
    arguments: [
      "CREATE TABLE other (x); INSERT INTO other VALUES (1)", "PRAGMA application_id = 7; CREATE TABLE users (id)",
      "PRAGMA application_id = 7",
      "CREATE TABLE users (id); PRAGMA user_version = 1",
    ])
  func foreignDatabase(sql: String) throws {
    try makeDatabase(sql)
    let before = try #require(folder.contents("db"))
    let failure = try failure { try Store.open(path: "\(folder.path)/db") }
    #expect(failure.code == .storageFailed)
    #expect(failure.message == "the file is a database, but not one of mosaic-ai")
    #expect(folder.contents("db") == before)
  }

  @Test("a file that is no database is refused, its bytes untouched")
  func noDatabase() throws {
    let text = Data(String(repeating: "Dear diary, ", count: 200).utf8)
    try text.write(to: URL(fileURLWithPath: "\(folder.path)/db"))
    #expect(try failure { try Store.open(path: "\(folder.path)/db") }.code == .storageFailed)
    #expect(folder.contents("db") == text)
  }

  @Test("a place where no file can be is told", arguments: ["", "/db/inside"])
  func impossiblePlace(suffix: String) throws {
    #expect(FileManager.default.createFile(atPath: "\(folder.path)/db", contents: Data()))
    let path = suffix.isEmpty ? folder.path : folder.path + suffix
    let failure = try failure { try Store.open(path: path) }
    #expect(failure.code == .storageFailed)
    #expect(failure.message.contains(folder.path))
  }

  @Test("many who open a new database at once all find it complete")
  func concurrentCreation() throws {
    let path = "\(folder.path)/db"
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      do {
        try Store.open(path: path).write { try $0.insertUser(User(id: newID(), handle: "user \(number)"), at: "now") }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try Store.open(path: path).read { try Int.fetchOne($0.db, sql: "SELECT count(*) FROM users") } == 16)
  }

  @Test("many writers and readers take turns, and none sees a locked database")
  func concurrentWriting() throws {
    let path = "\(folder.path)/db"
    _ = try Store.open(path: path)
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { writer in
      do {
        let store = try Store.open(path: path)
        for number in 0..<20 {
          try store.write { transaction in
            // Reads first, so that a lock taken too late would show.
            let count = try Int.fetchOne(transaction.db, sql: "SELECT count(*) FROM users") ?? 0
            try transaction.insertUser(User(id: newID(), handle: "\(writer)/\(number) after \(count)"), at: "now")
          }
          _ = try store.read { try $0.user(handle: "nobody") }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let handles = try Store.open(path: path).read { try String.fetchAll($0.db, sql: "SELECT handle FROM users") }
    #expect(Set(handles.compactMap { $0.split(separator: " ").last }).count == 160)
  }

  // MARK: Transactions

  @Test("a transaction that throws leaves nothing behind, nor does a rehearsal")
  func rollback() throws {
    struct Stop: Error {}
    let store = try Store.open(path: "\(folder.path)/db")
    #expect(throws: Stop.self) {
      try store.write {
        try $0.insertUser(User(id: newID(), handle: "ada"), at: "now")
        throw Stop()
      }
    }
    let seen = try store.rehearse {
      try $0.insertUser(User(id: newID(), handle: "ada"), at: "now")
      return try $0.user(handle: "ada")
    }
    #expect(seen?.handle == "ada")
    #expect(try store.read { try $0.user(handle: "ada") } == nil)
  }

  @Test("reading cannot write")
  func readingCannotWrite() throws {
    let store = try Store.open(path: "\(folder.path)/db")
    #expect(
      try failure { try store.read { try $0.insertUser(User(id: newID(), handle: "ada"), at: "now") } }.code
        == .storageFailed)
  }

  // MARK: Schema

  private static let (user, legacy, conversation) = (uuid(1), uuid(2), uuid(3))
  private static let (question, reply) = (uuid(4), uuid(5))

  private static func uuid(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }

  /// A database with one row of each kind.
  private func filledStore() throws -> Store {
    let store = try Store.open(path: "\(folder.path)/db")
    try store.write { transaction in
      try transaction.db.execute(
        sql: """
          INSERT INTO users VALUES ('\(Self.user)', 'ada', 't');
          INSERT INTO legacies VALUES ('\(Self.legacy)', 'Grace', 't', 't');
          INSERT INTO legacy_members VALUES ('\(Self.legacy)', '\(Self.user)', 'owner', 't');
          INSERT INTO ai_conversations (id, user_id, legacy_id, persona_id, activity, created_at, updated_at)
            VALUES ('\(Self.conversation)', '\(Self.user)', '\(Self.legacy)', 'friend', 1, 't', 't');
          INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, created_at)
            VALUES ('\(Self.question)', '\(Self.conversation)', 1, 'user', 'Hi', 'complete', 't');
          INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, reply_to, created_at)
            VALUES ('\(Self.reply)', '\(Self.conversation)', 2, 'assistant', 'Hello', 'complete', '\(Self.question)', 't');
          """)
    }
    return store
  }

  static let insertUser = "INSERT INTO users VALUES"
  static let insertMember = "INSERT INTO legacy_members VALUES"
  static let insertConversation =
    "INSERT INTO ai_conversations (id, user_id, legacy_id, persona_id, title, message_count, activity, created_at, updated_at) VALUES"
  static let insertMessage =
    "INSERT INTO ai_messages (id, conversation_id, seq, attempt, role, content, status, reply_to, token_count, created_at) VALUES"

  @Test(
    "rows that make no sense are refused by the schema itself",
    arguments: [
      "\(insertUser) ('short', 'bob', 't')", "\(insertUser) ('\(uuid(9))', '', 't')",
      "\(insertUser) ('\(uuid(9))', 'ada', 't')",
      "\(insertUser) ('\(uuid(9))', NULL, 't')", "\(insertUser) ('\(user)', 'bob', 't')",
      "INSERT INTO legacies VALUES ('\(uuid(9))', '', 't', 't')",
      "\(insertMember) ('\(legacy)', '\(uuid(9))', 'member', 't')",
      "\(insertMember) ('\(uuid(9))', '\(user)', 'member', 't')",
      "\(insertMember) ('\(legacy)', '\(user)', 'member', 't')", "UPDATE legacy_members SET role = 'admin'",
      "UPDATE legacy_members SET role = NULL",
      "\(insertConversation) ('\(uuid(9))', '\(uuid(9))', '\(legacy)', 'friend', NULL, 0, 2, 't', 't')",
      "\(insertConversation) ('\(uuid(9))', '\(user)', '\(uuid(9))', 'friend', NULL, 0, 2, 't', 't')",
      "\(insertConversation) ('\(uuid(9))', '\(user)', '\(legacy)', 'friend', NULL, 0, 1, 't', 't')",
      "UPDATE ai_conversations SET persona_id = ''",
      "UPDATE ai_conversations SET persona_id = '\(String(repeating: "x", count: 51))'",
      "UPDATE ai_conversations SET title = ''",
      "UPDATE ai_conversations SET title = '\(String(repeating: "x", count: 1601))'",
      "UPDATE ai_conversations SET message_count = -1", "UPDATE ai_conversations SET message_count = 'many'",
      "UPDATE ai_conversations SET activity = NULL",
      "UPDATE ai_messages SET role = 'system'", "UPDATE ai_messages SET content = NULL",
      "UPDATE ai_messages SET token_count = -1",
      "UPDATE ai_messages SET input_tokens = -1", "UPDATE ai_messages SET token_count = 'x'",
      "UPDATE ai_messages SET seq = 0 WHERE seq = 1",
      "UPDATE ai_messages SET seq = 2, attempt = 2 WHERE role = 'user'",
      "UPDATE ai_messages SET seq = 3 WHERE role = 'assistant'",
      "UPDATE ai_messages SET attempt = 2 WHERE role = 'user'",
      "UPDATE ai_messages SET attempt = 0 WHERE role = 'assistant'",
      "UPDATE ai_messages SET reply_to = '\(question)' WHERE role = 'user'",
      "UPDATE ai_messages SET reply_to = NULL WHERE role = 'assistant'",
      "UPDATE ai_messages SET reply_to = '\(uuid(9))' WHERE role = 'assistant'",
      "UPDATE ai_messages SET conversation_id = '\(uuid(9))'",
      "UPDATE ai_messages SET status = 'streaming' WHERE role = 'user'",
      "UPDATE ai_messages SET status = 'interrupted' WHERE role = 'user'",
      "UPDATE ai_messages SET status = 'pending' WHERE role = 'assistant'",
      "UPDATE ai_messages SET status = 'failed' WHERE role = 'assistant'",
      "UPDATE ai_messages SET status = 'done'",
      "\(insertMessage) ('\(uuid(9))', '\(conversation)', 1, 1, 'user', 'x', 'pending', NULL, NULL, 't')",
      "\(insertMessage) ('\(uuid(9))', '\(conversation)', 2, 2, 'assistant', 'x', 'complete', '\(question)', NULL, 't')",
    ])
  func schemaRefuses(sql: String) throws {
    let store = try filledStore()
    let failure = try failure { try store.write { try $0.db.execute(sql: sql) } }
    #expect(failure.code == .internal)
    #expect(!failure.message.contains("xxx"), "no text of a row may stand in an error")
  }

  @Test(
    "rows that make sense are taken",
    arguments: [
      "\(insertUser) ('\(uuid(9))', 'Ada', 't')",
      "\(insertConversation) ('\(uuid(9))', '\(user)', '\(legacy)', 'friend', 'T', 0, 2, 't', 't')",
      "UPDATE ai_messages SET status = 'superseded' WHERE role = 'assistant'; \(insertMessage) ('\(uuid(9))', '\(conversation)', 2, 2, 'assistant', '', 'streaming', '\(question)', 0, 't')",
      "\(insertMessage) ('\(uuid(9))', '\(conversation)', 3, 1, 'user', 'x', 'failed', NULL, NULL, 't')",
    ])
  func schemaTakes(sql: String) throws {
    #expect(throws: Never.self) { try filledStore().write { try $0.db.execute(sql: sql) } }
  }

  @Test(
    "what belongs to something goes with it",
    arguments: [
      ("users", ["legacies"]), ("legacies", ["users"]), ("ai_conversations", ["users", "legacies", "legacy_members"]),
      ("ai_messages", ["users", "legacies", "legacy_members", "ai_conversations"]),
      ("legacy_members", ["users", "legacies", "ai_conversations", "ai_messages"]),
    ])
  func cascade(table: String, left: [String]) throws {
    let store = try filledStore()
    try store.write {
      try $0.db.execute(
        sql: "DELETE FROM \(table) WHERE rowid = (SELECT min(rowid) FROM \(table))".replacing(
          "legacy_members WHERE rowid = (SELECT min(rowid) FROM legacy_members)", with: "legacy_members"))
    }
    for name in ["users", "legacies", "legacy_members", "ai_conversations", "ai_messages"] {
      let count = try store.read { try Int.fetchOne($0.db, sql: "SELECT count(*) FROM \(name)") ?? -1 }
      #expect((count > 0) == left.contains(name), "\(name) has \(count)")
    }
    #expect(try store.read { try Row.fetchAll($0.db, sql: "PRAGMA foreign_key_check") }.isEmpty)
  }

  // MARK: Messages

  @Test(
    "bytes come back exactly: NUL, C1, and every scalar at a boundary",
    arguments: [
      "a\0b\0", "\0", "\u{1}\u{1b}[31m\u{7f}\u{80}\u{9b}\u{9f}", "\u{feff}x\u{202e}y",
      "e\u{301} é \u{d7ff}\u{e000}\u{ffff}\u{10000}\u{10ffff}", "'); DROP TABLE users; --",
      "ends with white space \n\n", "\r\n\r", String(repeating: "🌻", count: 10_000),
    ])
  func exactBytes(text: String) throws {
    let store = try filledStore()
    let question = StoredQuestion(id: Self.uuid(6), conversationID: Self.conversation, seq: 3)
    let half = Array(text.utf8).count / 2
    try store.write {
      #expect(
        try $0.insertQuestion(id: question.id, conversationID: Self.conversation, content: text, at: "t").seq == 3)
      // In two pieces that may part a scalar, as they come from the network.
      try $0.insertReply(id: Self.uuid(7), to: question, content: Array(text.utf8.prefix(half)), modelID: "m", at: "t")
      try $0.appendToReply(id: Self.uuid(7), Array(text.utf8.dropFirst(half)))
    }
    let messages = try store.read {
      try $0.messages(inConversation: Self.conversation, all: true, limit: nil, offset: 2)
    }
    #expect(messages.count == 2)
    for message in messages { #expect(message.content.utf8.elementsEqual(text.utf8)) }
    let types = try store.read { try String.fetchAll($0.db, sql: "SELECT DISTINCT typeof(content) FROM ai_messages") }
    #expect(types == ["text"])
  }
}

/// Ends the lifetime of what `body` makes.
private func autoreleasing(_ body: () throws -> Void) rethrows { try body() }
