import Foundation
import SQLite
import TestSupport
import Testing

@testable import MosaicAICore

/// Putting a backup in the database's place.
@Suite struct RestoreTests {
  private let folder: TemporaryFolder
  private var path: String { "\(folder.path)/db" }
  private var copy: String { "\(folder.path)/copy" }
  private var kept: String { "\(path).before-restore.backup" }

  /// A backup, and a database that went on after it.
  init() throws {
    folder = try TemporaryFolder()
    let ada = try service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
    try ada.send("Hello.", .reply("Good morning."))
    _ = try SQLiteStore.backUp(path: path, to: copy, isReplacing: false, cancellation: .never)
    try ada.send("More.", .reply("Gladly."))
  }

  private func service(_ path: String? = nil) throws -> ConversationService {
    try ConversationService(store: SQLiteStore.open(path: path ?? self.path), handle: "ada")
  }

  private func restore(
    _ source: String? = nil, to path: String? = nil, cancellation: Cancellation = .never
  ) throws -> Restoration {
    try SQLiteStore.restore(source ?? copy, to: path ?? self.path, cancellation: cancellation)
  }

  private func list() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test("The backup takes the database's place, which is kept whole, and only its owner can read them")
  func swap() throws {
    let restoration = try restore()
    #expect(restoration.database.contents.messages == 2 && restoration.database.version == Schema.version)
    #expect(restoration.kept == kept && !restoration.isKeptDamaged)
    #expect(try list() == ["copy", "db", "db-lock", "db.before-restore.backup"])
    for name in ["db", "db.before-restore.backup"] { #expect(try folder.mode(name) == 0o600) }
    #expect(try service().messages().count == 2)
    #expect(try service(kept).messages().count == 4)
  }

  @Test("What is in the write-ahead log alone is kept too")
  func log() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0; UPDATE ai_messages SET content = 'Last.' WHERE seq = 3")
    }
    // As a killed process leaves them.
    for name in ["db", "db-wal"] {
      try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(folder.path)/killed-\(name)")
    }
    try queue.close()
    for name in ["db", "db-wal"] {
      try? FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
      try FileManager.default.moveItem(atPath: "\(folder.path)/killed-\(name)", toPath: "\(folder.path)/\(name)")
    }
    _ = try restore()
    #expect(try service().messages().map(\.content) == ["Hello.", "Good morning."])
    #expect(try service(kept).messages()[2].content == "Last.")
  }

  @Test("An earlier kept copy is never replaced")
  func twice() throws {
    _ = try restore()
    let first = try #require(folder.contents("db.before-restore.backup"))
    let second = try restore()
    #expect(second.kept == "\(kept)-1")
    #expect(folder.contents("db.before-restore.backup") == first)
  }

  @Test("Without a database there is nothing to keep, and folders are made")
  func missing() throws {
    let restoration = try restore(to: "\(folder.path)/new/db")
    #expect(restoration.kept == nil)
    #expect(try folder.mode("new") == 0o700 && folder.mode("new/db") == 0o600)
    #expect(try service("\(folder.path)/new/db").messages().count == 2)
  }

  @Test("While anyone uses the database, nothing changes")
  func inUse() throws {
    for store in [{ try SQLiteStore.open(path: path) }, { try SQLiteStore.openForReading(path: path) }] {
      // Whoever only looks uses it too.
      let code = try withExtendedLifetime(store()) { try failure { try restore() }.code }
      #expect(code == .busy)
    }
    // Another program knows nothing of our lock.
    let other = try DatabaseQueue(path: path)
    _ = try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM ai_messages") }
    #expect(try failure { try restore() }.code == .busy)
    try other.close()
    #expect(try service().messages().count == 4)
    #expect(try list().filter { $0.contains("restore") || $0.contains("partial") } == [])
  }

  @Test("A file that is not a sound backup of ours is refused, and nothing changes")
  func refused() throws {
    try folder.write(String(repeating: "Dear diary. ", count: 1000), to: "diary")
    try folder.write("", to: "empty")
    for (name, sql) in [
      ("foreign", "CREATE TABLE t (a)"),
      ("newer", "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(Schema.version + 1)"),
    ] {
      let queue = try DatabaseQueue(path: "\(folder.path)/\(name)")
      try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
      try queue.close()
    }
    var bytes = try #require(folder.contents("copy"))
    bytes.replaceSubrange(8192..<bytes.count, with: [UInt8](repeating: 0x5a, count: bytes.count - 8192))
    try bytes.write(to: URL(fileURLWithPath: "\(folder.path)/damaged"))
    for name in ["diary", "empty", "foreign", "newer", "damaged"] {
      #expect(try failure { try restore("\(folder.path)/\(name)") }.code == .storageFailed, "\(name)")
    }
    #expect(try failure { try restore("\(folder.path)/none") }.code == .invalidInput)
    #expect(try failure { try restore(path) }.code == .usage)
    #expect(try service().messages().count == 4)
    #expect(try list().filter { $0.contains("restore") || $0.contains("partial") } == [])
  }

  /// Overwrites most of the database.
  private func damage() throws -> Data {
    var bytes = try #require(folder.contents("db"))
    bytes.replaceSubrange(12_288..<bytes.count, with: [UInt8](repeating: 0x5a, count: bytes.count - 12_288))
    try bytes.write(to: URL(fileURLWithPath: path))
    return bytes
  }

  @Test("A damaged database is replaced, and kept as it is, with the log that would be applied to the new one")
  func damagedDatabase() throws {
    let bytes = try damage()
    try folder.write("the old log", to: "db-wal")
    let restoration = try restore()
    #expect(restoration.isKeptDamaged)
    #expect(folder.contents("db.before-restore.backup") == bytes)
    #expect(try !list().contains("db-wal"))
    #expect(try service().messages().count == 2)
  }

  @Test("A damaged database that someone uses is left alone")
  func damagedInUse() throws {
    let store = try SQLiteStore.open(path: path)
    let bytes = try damage()
    let code = try withExtendedLifetime(store) { try failure { try restore() }.code }
    #expect(code == .busy)
    #expect(folder.contents("db") == bytes)
  }

  @Test("A file that is not ours is not replaced")
  func foreignDatabase() throws {
    for text in ["Dear diary. ", "SQLite format 3\0"] {
      let target = try folder.write(String(repeating: text, count: 1000), to: "other")
      #expect(try failure { try restore(to: target) }.code == .storageFailed)
      #expect(folder.contents("other") == Data(String(repeating: text, count: 1000).utf8))
    }
  }

  @Test("An old backup is brought up to date by the next command")
  func old() throws {
    let queue = try DatabaseQueue(path: "\(folder.path)/old")
    let sql = try String(contentsOfFile: "\(TestFiles.tests)/Fixtures/database-1.sql", encoding: .utf8)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
    #expect(try restore("\(folder.path)/old").database.version == 1)
    #expect(try service().list().count == 2)
  }

  @Test("A signal in time changes nothing")
  func cancellation() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    try #require(write(ends[1], "x", 1) == 1)
    let failure = try failure { try restore(cancellation: Cancellation(descriptor: ends[0], signal: { SIGTERM })) }
    #expect(failure.signal == SIGTERM)
    #expect(try service().messages().count == 4)
  }

  @Test("Of a fixture of version 2, every row is read")
  func fixture() throws {
    let queue = try DatabaseQueue(path: "\(folder.path)/two")
    let sql = try String(contentsOfFile: "\(TestFiles.tests)/Fixtures/database-2.sql", encoding: .utf8)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
    _ = try SQLiteStore.open(path: "\(folder.path)/made", migrations: Array(Schema.migrations.prefix(2)))
    func schema(_ name: String) throws -> [String] {
      try DatabaseQueue(path: "\(folder.path)/\(name)").read { db in
        try String.fetchAll(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
      }
    }
    #expect(try schema("two") == schema("made"), "a released migration never changes")
    let ada = try service("\(folder.path)/two")
    #expect(try ada.list().map(\.supersededCount) == [1, 0])
    #expect(try ada.messages("00000000-0000-4000-8000-000000000021")[1].cacheReadInputTokens == 100)
  }
}
