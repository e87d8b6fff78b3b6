import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// What only the database in SQLite files promises: its files, and what it makes of other ones.
@Suite struct SQLiteStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("A new database and every new folder for it belong to the owner alone")
  func permissions() throws {
    let store = try SQLiteStore.open(path: "\(folder.path)/new/deep/db")
    try store.write { try $0.insertUser(.named("ada"), at: .now()) }
    #expect(try folder.mode("new") == 0o700)
    #expect(try folder.mode("new/deep") == 0o700)
    for name in ["db", "db-wal", "db-lock"] { #expect(try folder.mode("new/deep/\(name)") == 0o600, "\(name)") }
  }

  @Test("A cancellation ends a query that takes long, but nothing that is being written or has to be done first")
  func canceledQuery() throws {
    let store = try SQLiteStore.inMemory()
    let source = try CancellationSource(signal: { SIGINT })
    store.observe(source.cancellation)
    func count(_ limit: Int, _ transaction: StoreTransaction) throws -> [Int] {
      try transaction.connection.rows(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < \(limit)) SELECT count(*) FROM n"
      ) { try $0.integer() }
    }
    let many = 200_000
    #expect(try store.read { try count(many, $0) } == [many])
    source.request()
    #expect(try failure { try store.read { try count(many, $0) } } == .interrupted(by: SIGINT))
    #expect(try store.read { try count(10, $0) } == [10])
    #expect(try store.write { try count(many, $0) } == [many])
    store.linger(.seconds(600))
    #expect(try store.read { try count(many, $0) } == [many])
  }

  @Test("An existing folder keeps its permissions")
  func existingFolder() throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/open", withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder.path)/open")
    _ = try SQLiteStore.open(path: "\(folder.path)/open/db")
    #expect(try folder.mode("open") == 0o755)
  }

  @Test("Opening a database only to look creates nothing")
  func lookingCreatesNothing() throws {
    #expect(try SQLiteStore.openIfPresent(path: "\(folder.path)/none/db") == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("What was written is there after reopening, even through a link")
  func reopening() throws {
    let user = User.named("ada")
    try SQLiteStore.open(path: "\(folder.path)/db").write { try $0.insertUser(user, at: .now()) }
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "db")
    #expect(try SQLiteStore.open(path: "\(folder.path)/db").read { try $0.user(handle: "ada") } == user)
    #expect(try SQLiteStore.openIfPresent(path: "\(folder.path)/link")?.read { try $0.user(handle: "ada") } == user)
  }

  @Test("A transaction is on disk before anyone is told, and what is deleted is overwritten")
  func settings() throws {
    let store = try SQLiteStore.open(path: "\(folder.path)/db")
    // FULL: the log is synced at the end of every transaction.
    #expect(try store.read { try $0.connection.integer("PRAGMA synchronous") } == 2)
    #expect(try store.read { try $0.connection.integer("PRAGMA secure_delete") } == 1)
  }

  @Test("An empty file becomes a database")
  func emptyFile() throws {
    #expect(FileManager.default.createFile(atPath: "\(folder.path)/db", contents: Data()))
    let store = try SQLiteStore.open(path: "\(folder.path)/db")
    #expect(try store.read { try $0.connection.integer("PRAGMA user_version") } == Schema.version)
    #expect(try store.read { try $0.connection.integer("PRAGMA application_id") } == Schema.applicationID)
    #expect(try store.read { try $0.connection.row("PRAGMA journal_mode") { try $0.text() } } == "wal")
  }

  /// Makes a file with SQLite alone.
  private func makeDatabase(_ sql: String) throws {
    let queue = try DatabaseQueue(path: "\(folder.path)/db")
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("A database from a newer version is refused, its bytes untouched", arguments: ["DELETE", "WAL"])
  func newerVersion(journal: String) throws {
    try autoreleasing { _ = try SQLiteStore.open(path: "\(folder.path)/db") }
    try makeDatabase("PRAGMA journal_mode = \(journal); PRAGMA user_version = \(Schema.version + 1)")
    let before = try #require(folder.contents("db"))
    let failure = try failure { try SQLiteStore.open(path: "\(folder.path)/db") }
    #expect(failure.code == .storageFailed)
    #expect(failure.message.contains("\(Schema.version + 1)"), "it names the database's version")
    #expect(folder.contents("db") == before)
  }

  @Test(
    "Another program's database is refused, its bytes untouched",
    arguments: [
      "CREATE TABLE other (x); INSERT INTO other VALUES (1)", "PRAGMA application_id = 7; CREATE TABLE users (id)",
      "PRAGMA application_id = 7",
      "CREATE TABLE users (id); PRAGMA user_version = 1",
    ])
  func foreignDatabase(sql: String) throws {
    try makeDatabase(sql)
    let before = try #require(folder.contents("db"))
    let failure = try failure { try SQLiteStore.open(path: "\(folder.path)/db") }
    #expect(failure.code == .storageFailed)
    #expect(folder.contents("db") == before)
  }

  @Test("A file that is not a database is refused, its bytes untouched")
  func noDatabase() throws {
    let text = Data(String(repeating: "Dear diary, ", count: 200).utf8)
    try text.write(to: URL(fileURLWithPath: "\(folder.path)/db"))
    #expect(try failure { try SQLiteStore.open(path: "\(folder.path)/db") }.code == .storageFailed)
    #expect(folder.contents("db") == text)
  }

  @Test("An impossible place is an error that names it", arguments: ["", "/db/inside"])
  func impossiblePlace(suffix: String) throws {
    #expect(FileManager.default.createFile(atPath: "\(folder.path)/db", contents: Data()))
    let path = suffix.isEmpty ? folder.path : folder.path + suffix
    let failure = try failure { try SQLiteStore.open(path: path) }
    #expect(failure.code == .storageFailed)
    #expect(failure.message.contains(folder.path))
  }

  @Test("Many connections that open a new database at once all find it complete")
  func concurrentCreation() throws {
    let path = "\(folder.path)/db"
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 16) { number in
      do {
        try SQLiteStore.open(path: path).write { try $0.insertUser(.named("user \(number)"), at: .now()) }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try SQLiteStore.open(path: path).read { try $0.connection.integer("SELECT count(*) FROM users") } == 16)
  }

  @Test("Text is kept as text, even with a NUL in it")
  func textIsText() throws {
    let store = try SQLiteStore.open(path: "\(folder.path)/db")
    try FilledDatabase.fill(store)
    try store.write {
      _ = try $0.insertQuestion(id: newID(), conversationID: FilledDatabase.conversation, content: "a\0b", at: .now())
    }
    let types = try store.read {
      try $0.connection.rows("SELECT DISTINCT typeof(content) FROM ai_messages") { try $0.text() }
    }
    #expect(types == ["text"])
  }
}

/// Ends the lifetime of what `body` makes.
private func autoreleasing(_ body: () throws -> Void) rethrows { try body() }
