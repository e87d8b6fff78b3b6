import Foundation
import TestSupport
import Testing

/// `restore` puts a backup in the database's place, and never loses one.
@Suite(.crowd, .inGoodTime) struct RestoreTests {
  @Test("It says what was restored and where the old database is, and the next command goes on from there")
  func restoring() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Kept.")
    try await home.succeed("backup", "copy")
    try await home.succeed("send", "Later.")
    let record = try await home.json("restore", "copy")
    #expect(record["path"].string == home.database)
    #expect(record["messages"].integer == 2 && record["conversations"].integer == 1 && record["legacies"].integer == 1)
    let kept = try #require(record["kept"].string)
    #expect(kept == "\(home.database).before-restore.backup")
    let restored = try await home.messages()
    #expect(restored.contents.first == "Kept." && restored.count == 2)
    #expect(try await home.messages("--database", kept).count == 4)
    let sends = try (0..<4).map { try home.mosaic("send", "--model", home.model("echo"), "After \($0).").start() }
    for send in sends { #expect(try await send.end().status == 0) }
    #expect(try await home.messages().count == 10)
    let again = try await home.succeed("restore", "copy")
    #expect(again.output == "\(home.database)\n")
    #expect(again.errorLines.count == 1 && again.errors.contains("\(kept)-1"))
    for number in [2, 3] {
      #expect(try await home.json("restore", "copy")["kept"].string == "\(kept)-\(number)")
    }
  }

  @Test("A pipe is refused by name, and nothing changes")
  func pipe() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let ended = try await home.shell("cat copy | mosaic-ai restore /dev/stdin --database new/db").run()
    #expect(ended.status == 65 && ended.error.contains("pipe"), "\(ended.errors)")
    #expect(ended.standardError.isErrorAndHint)
    #expect(try home.list() == [".local", "copy"])
  }

  @Test("A copy that cannot be restored makes no folder", arguments: ["none", "diary", "empty"])
  func nothingMade(name: String) async throws {
    let home = try Home()
    try home.write("Dear diary.", to: "diary")
    try home.write("", to: "empty")
    let before = try home.list()
    let ended = try await home.mosaic("restore", name, "--database", "new/deep/db").run()
    #expect([65, 74].contains(ended.status), "\(ended.errors)")
    #expect(try home.list() == before)
  }

  @Test("While a reply arrives it refuses, and the reply is whole")
  func whileSending() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Kept.")
    try await home.succeed("backup", "copy")
    let send = try home.mosaic("send", "-o", "ndjson", "--model", home.model("text-chunks-100"), "a|b|c|d|e|f|g|h|i|j")
      .start()
    try await send.shows("start")
    let refused = try await home.mosaic("restore", "copy").run()
    #expect(refused.status == 75)
    #expect(try await send.end().status == 0)
    #expect(try await home.messages().count == 4)
    try await home.succeed("restore", "copy")
    #expect(try await home.messages().count == 2)
  }

  @Test("After kill -9, the last words are in the kept copy")
  func killed() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Kept.")
    try await home.succeed("backup", "copy")
    let send = try home.mosaic(
      "send", "-o", "ndjson", "--model", home.model("text-chunks-300"), "one|two|three|four|five|six"
    ).start()
    try await send.shows("two")
    send.signal(SIGKILL)
    _ = try await send.end()
    let kept = try #require(try await home.json("restore", "copy")["kept"].string)
    #expect(try await home.messages().count == 2)
    #expect(try await home.messages("--database", kept).all.contains { $0.content == "one|two|three|four|five|six" })
  }

  @Test(
    "A database that something else keeps from being opened is not called damaged, and is not replaced",
    arguments: ["ulimit -n 14", "ln -s /nowhere/x $1-wal", "ln -s /nowhere/x $1-shm"])
  func notDamaged(obstacle: String) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Kept.")
    try await home.succeed("backup", "copy")
    try await home.succeed("send", "Later.")
    let ended = try await home.shell("\(obstacle); mosaic-ai restore copy", home.database).run()
    #expect(ended.status == 74 && !ended.errors.contains("damaged"), "\(ended.errors)")
    for log in ["-wal", "-shm"] { unlink(home.database + log) }
    #expect(try await home.messages().count == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.dataFolder).allSatisfy { !$0.contains("restore") })
  }

  @Test("A file that is missing, damaged or not a backup is refused, and nothing changes")
  func refused() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Kept.")
    try home.write("Dear diary", to: "diary")
    for (file, status) in [("none", 65), ("diary", 74), (home.database, 64), ("-", 64)] as [(String, Int32)] {
      let ended = try await home.mosaic("restore", file).run()
      #expect(ended.status == status, "\(file): \(ended.errors)")
      #expect(ended.output == "")
    }
    #expect(try await home.messages().count == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.dataFolder).allSatisfy { !$0.contains("restore") })
  }

  @Test("A database that was named and is not there is an error; without a name there is none yet")
  func missingDatabase() async throws {
    let home = try Home()
    for command in [
      ["conversations"], ["legacies"], ["history"], ["export", "last"], ["delete", "last", "--yes"], ["backup", "b"],
    ] {
      let named = try await home.mosaic(command + ["--database", "none"]).run()
      #expect(named.status == 74, "\(command)")
      #expect(named.errors.contains("none"))
    }
    let list = try await home.mosaic("legacies", "-o", "json").run()
    #expect(list.status == 0)
    #expect(list.output == "[]\n")
    #expect(list.errorLines.count == 1)
    #expect(!home.hasDatabase)
    try await home.succeed("legacies", "add", "Rose", "--database", "none")
    try await home.succeed("legacies", "add", "Rose", "--database", "file:odd")
    #expect(FileManager.default.fileExists(atPath: "\(home.path)/file:odd"))
    #expect(try await home.json("legacies", "--database", "file:odd").elements.count == 1)
  }
}
