import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MosaicAICore

/// Copies of a database, made while it is used.
@Suite struct BackupTests {
  private let household: Household
  private var folder: TemporaryFolder { household.folder }
  private var path: String { "\(folder.path)/db" }
  private var target: String { "\(folder.path)/copy" }

  init() throws {
    household = try Household()
    let ada = try household.service()
    _ = try ada.addLegacy(name: "Rose", evenIfKnown: false)
    try ada.send("Hello.", .reply("Good morning."))
    try ada.send("More.", .failing(.refused))
  }

  private func backUp(
    _ target: String? = nil, database: String? = nil, isReplacing: Bool = false, cancellation: Cancellation = .never
  ) throws -> Backup {
    try SQLiteStore.backUp(
      path: database ?? path, to: target ?? self.target, isReplacing: isReplacing, cancellation: cancellation)
  }

  private func list() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix("db") }.sorted()
  }

  @Test("The copy is one file, belongs to its owner alone, and holds everything")
  func copy() throws {
    let backup = try backUp()
    #expect(backup.path == target)
    #expect(backup.version == Schema.version)
    #expect(backup.contents.users == 1 && backup.contents.legacies == 1)
    #expect(backup.contents.conversations == 1 && backup.contents.messages == 3)
    #expect(folder.contents("copy")?.count == backup.size)
    #expect(try folder.mode("copy") == 0o600)
    #expect(try list() == ["copy"])
    let copy = try household.service(store: SQLiteStore.open(path: target))
    #expect(try copy.messages().map(\.content) == ["Hello.", "Good morning.", "More."])
    try copy.send("On we go.", .reply("Yes."))
    #expect(try household.service().messages().count == 3, "the database is another")
  }

  @Test("A file is replaced only if asked to, and the database never", arguments: [false, true])
  func replacing(isReplacing: Bool) throws {
    #expect(FileManager.default.createFile(atPath: target, contents: Data("dear".utf8)))
    if isReplacing {
      _ = try backUp(isReplacing: true)
      #expect(folder.contents("copy")?.starts(with: Data("SQLite".utf8)) == true)
    } else {
      #expect(try failure { try backUp() }.code == .usage)
      #expect(folder.contents("copy") == Data("dear".utf8))
    }
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "db")
    let before = try #require(folder.contents("db"))
    for name in [
      "db", "db-wal", "db-shm", "db-lock", "link", "../\(URL(fileURLWithPath: folder.path).lastPathComponent)/db",
    ] {
      #expect(try failure { try backUp("\(folder.path)/\(name)", isReplacing: isReplacing) }.code == .usage, "\(name)")
    }
    #expect(folder.contents("db") == before)
  }

  @Test("An impossible place is an error, and no file is left over", arguments: [".", "none/copy", "db/copy"])
  func impossiblePlace(name: String) throws {
    #expect(try failure { try backUp("\(folder.path)/\(name)", isReplacing: true) }.code == .storageFailed)
    #expect(try list() == [])
  }

  @Test("Without a database there is nothing to copy, and none is created", arguments: ["none", "empty"])
  func noDatabase(name: String) throws {
    #expect(FileManager.default.createFile(atPath: "\(folder.path)/empty", contents: Data()))
    #expect(try failure { try backUp(database: "\(folder.path)/\(name)") }.code == .notFound)
    #expect(try list() == ["empty"])
    #expect(folder.contents("empty") == Data())
  }

  @Test("A file that is not a database, another program's or a newer one is refused")
  func notOurs() throws {
    try Data(String(repeating: "Dear diary. ", count: 1000).utf8).write(
      to: URL(fileURLWithPath: "\(folder.path)/diary"))
    let newer = try DatabaseQueue(path: "\(folder.path)/newer")
    try newer.writeWithoutTransaction {
      try $0.execute(
        sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(Schema.version + 1)")
    }
    try newer.close()
    for name in ["diary", "newer"] {
      #expect(try failure { try backUp(database: "\(folder.path)/\(name)") }.code == .storageFailed, "\(name)")
    }
    #expect(try list() == ["diary", "newer"])
  }

  @Test("A damaged database is not copied")
  func damaged() throws {
    _ = try backUp("\(folder.path)/sound")
    var bytes = try #require(folder.contents("sound"))
    // The page of the biggest table's contents.
    bytes.replaceSubrange(8192..<bytes.count, with: [UInt8](repeating: 0x5a, count: bytes.count - 8192))
    try bytes.write(to: URL(fileURLWithPath: "\(folder.path)/damaged"))
    let failure = try failure { try backUp(database: "\(folder.path)/damaged") }
    #expect(failure.code == .storageFailed)
    #expect(try list().filter { !$0.hasPrefix("damaged") } == ["sound"])
  }

  @Test("Nor is one whose rows belong to nobody")
  func strays() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF; DELETE FROM users") }
    try queue.close()
    #expect(try failure { try backUp() }.code == .storageFailed)
    #expect(try list() == [])
  }

  @Test("A signal ends a backup, and no file is left over")
  func cancellation() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    try #require(write(ends[1], "x", 1) == 1)
    // More than the pages of one step.
    try household.store.execute(
      """
      WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
      INSERT INTO legacies SELECT printf('%036d', i), hex(zeroblob(3000)), 't', 't' FROM n
      """)
    let failure = try failure { try backUp(cancellation: Cancellation(descriptor: ends[0], signal: { SIGTERM })) }
    #expect(failure.signal == SIGTERM)
    #expect(try list() == [])
  }

  @Test("A copy made during writes is a state that existed")
  func whileWriting() throws {
    let isDone = Mutex(false)
    let failures = Mutex<[String]>([])
    let group = DispatchGroup()
    for writer in 0..<4 {
      DispatchQueue.global().async(group: group) {
        do {
          let store = try household.anotherStore()
          // Always two at a time: an odd number never existed.
          while !isDone.withLock({ $0 }) {
            try store.write { transaction in
              for _ in 0..<2 { try transaction.insertUser(.named("\(writer) \(UUID())"), at: .now()) }
            }
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    var counts: [Int] = []
    let deadline = ContinuousClock.now + .seconds(60)
    while counts.count < 15 || (Set(counts).count < 3 && .now < deadline) {
      counts.append(try backUp(isReplacing: true).contents.users)
    }
    isDone.withLock { $0 = true }
    group.wait()
    #expect(failures.withLock { $0 } == [])
    #expect(counts.allSatisfy { $0 % 2 == 1 }, "ada and pairs: \(counts)")
    #expect(counts == counts.sorted())
    #expect(try #require(counts.last) > counts[0])
  }
}

extension DispatchQueue {
  /// Runs `body` so often at once, and throws what the first that fails has thrown.
  static func concurrently(_ count: Int, _ body: @Sendable () throws -> Void) throws {
    let failures = Mutex<[any Error]>([])
    concurrentPerform(iterations: count) { _ in
      do { try body() } catch { failures.withLock { $0.append(error) } }
    }
    if let error = failures.withLock({ $0.first }) { throw error }
  }
}
