import Foundation
import TestSupport
import Testing

import Platform

/// A copy of the database, whatever happens to the database at the same time.
@Suite(.crowd, .inGoodTime) struct BackupTests {
  /// What is in the home folder and does not begin with a dot, and what hidden files of ours are.
  private func leftovers(_ home: Home) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: home.path).filter {
      !$0.hasPrefix(".local") && !$0.hasPrefix(".config")
    }.sorted()
  }

  @Test("The copy holds everything, belongs to its owner alone, and opens as a database")
  func copy() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    try await home.succeed("legacies", "add", "Ben", "--user", "bob")
    let ended = try await home.mosaic("backup", "copy.sqlite3", "-o", "json").run()
    #expect(ended.status == 0 && ended.errors == "")
    let record = try ended.json()
    #expect(record.names == ["path", "size", "version", "users", "legacies", "conversations", "messages"])
    #expect(record["path"].string == "copy.sqlite3")
    #expect(record["users"].integer == 2 && record["legacies"].integer == 2)
    #expect(record["conversations"].integer == 1 && record["messages"].integer == 2)
    var status = stat()
    #expect(stat("\(home.path)/copy.sqlite3", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600 && Int(status.st_size) == record["size"].integer)
    #expect(try leftovers(home) == ["copy.sqlite3"], "nothing beside it")
    let copied = try await home.succeed("history", "--database", "copy.sqlite3")
    #expect(try await home.succeed("history").output == copied.output)
    try await home.succeed("send", "Goes on in the copy.", "--database", "copy.sqlite3")
    #expect(try await home.messages().count == 2)
  }

  @Test("Text output is the path, --force replaces a file, and nothing replaces the database")
  func replacing() async throws {
    let home = try await Home.remembering()
    #expect(try await home.succeed("backup", "copy").output == "copy\n")
    try home.write("dear", to: "copy")
    let refused = try await home.mosaic("backup", "copy").run()
    #expect(refused.status == 64 && refused.output == "" && refused.hint.contains("--force"))
    #expect(try String(contentsOfFile: "\(home.path)/copy", encoding: .utf8) == "dear")
    #expect(try await home.mosaic("backup", "copy", "--force").run().status == 0)
    #expect(try await home.mosaic("legacies", "--database", "copy").run().lines.count == 1)
    for name in ["mosaic-ai.sqlite3", "mosaic-ai.sqlite3-wal"] {
      #expect(try await home.mosaic("backup", "\(home.dataFolder)/\(name)", "--force").run().status == 64)
    }
    #expect(try await home.mosaic("backup", "-").run().status == 64)
    #expect(try await home.json("legacies").elements.count == 1)
  }

  @Test(
    "A log left by another database is reported and not touched"
  )
  func staleLog() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let send = try home.mosaic("send", "--database", "copy", "--new", "--model", home.model("hang-3"), "Hello.").start()
    try await send.shows("Part 3.")
    func refused() async throws {
      let ended = try await home.mosaic("backup", "copy", "--force").run()
      #expect(ended.status == 64 && ended.output == "", "\(ended.errors)")
      #expect(ended.hint.contains("copy-wal"), "\(ended.errors)")
    }
    try await refused()
    send.signal(SIGKILL)
    _ = try await send.end()
    for _ in 0..<3 { try await home.succeed("send", "--new", "--model", home.model("large-20000"), "Hello.") }
    let before = try Data(contentsOf: URL(fileURLWithPath: "\(home.path)/copy-wal"))
    try await refused()
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(home.path)/copy-wal")) == before)
    #expect(try await home.mosaic("conversations", "--database", "copy").run().lines.count == 1)
    // That closed it.
    try await home.succeed("backup", "copy", "--force")
    #expect(try await home.mosaic("conversations", "--database", "copy").run().lines.count == 3)
    for suffix in ["-wal", "-shm", "-journal"] {
      try home.write("of old", to: "gone\(suffix)")
      #expect(try await home.mosaic("backup", "gone").run().hint.contains("gone\(suffix)"))
      try FileManager.default.removeItem(atPath: "\(home.path)/gone\(suffix)")
    }
    try await home.succeed("backup", "gone")
  }

  @Test("No file of the database is a place for its copy, even through a link")
  func ownNames() async throws {
    let home = try await Home.remembering()
    symlink(home.database, "\(home.path)/link")
    symlink(home.dataFolder, "\(home.path)/folder")
    for suffix in ["", "-wal", "-shm", "-journal", "-lock"] {
      for place in [home.database, "\(home.path)/folder/mosaic-ai.sqlite3", "link"] {
        let ended = try await home.mosaic("backup", "--force", "\(place)\(suffix)", "--database", "link").run()
        #expect(
          ended.status == 64 && ended.standardError.isErrorWithOrWithoutHint, "\(place)\(suffix): \(ended.errors)")
      }
    }
    let ended = try await home.mosaic("backup", "--force", "folder").run()
    #expect(ended.status == 74 && ended.standardError.isErrorAndHint, "\(ended.errors)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(home.path)/folder") == home.dataFolder)
    #expect(try leftovers(home) == ["folder", "link"])
  }

  @Test("The next backup replaces what a killed one left")
  func killed() async throws {
    let home = try await Home.remembering()
    try home.write("half a copy", to: ".copy.partial")
    try home.write("its journal", to: ".copy.partial-journal")
    try await home.succeed("backup", "copy")
    #expect(try leftovers(home) == ["copy"])
    #expect(try await home.mosaic("legacies", "--database", "copy").run().lines.count == 1)
    // As if it had been killed between getting its name and losing the other.
    #expect(link("\(home.path)/copy", "\(home.path)/.copy.partial") == 0)
    #expect(try await home.mosaic("backup", "copy").run().status == 64)
    try await home.succeed("legacies", "add", "Ben")
    try await home.succeed("backup", "copy", "--force")
    #expect(try await home.mosaic("legacies", "--database", "copy").run().lines.count == 2)
    #expect(try leftovers(home) == ["copy", "copy-lock"])
  }

  @Test("Without a database there is nothing to copy, and none is created")
  func noDatabase() async throws {
    let home = try Home()
    let ended = try await home.mosaic("backup", "copy").run()
    #expect(ended.status == 66 && ended.standardError.isErrorWithOrWithoutHint)
    #expect(!home.hasDatabase)
    #expect(try leftovers(home) == [])
  }

  @Test("A missing folder, an impossible place and a full disk end with 74 and leave nothing")
  func impossiblePlaces() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.", "--model", home.model("large-1500000"))
    for path in ["none/copy", "/dev/null", "/proc/copy", "."] {
      let ended = try await home.mosaic("backup", path, "--force").run()
      #expect(ended.status == 74 && ended.standardError.isErrorAndHint, "\(path): \(ended.errors)")
    }
    // Files may have half a megabyte, which is less than the copy needs, and enough for what sanitizers write.
    let full = try await home.shell("trap '' XFSZ; ulimit -f 1024; exec mosaic-ai backup copy").run()
    #expect(full.status == 74, "\(full.errors)")
    #expect(full.error.contains("copy") && full.standardError.isErrorAndHint)
    #expect(try leftovers(home) == [])
  }

  @Test(
    "A full disk ends a backup with 74 and leaves nothing",
    .enabled(if: mayMount, "mounting in a user namespace is not allowed"))
  func fullDisk() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.", "--model", home.model("large-300000"))
    let script = """
      mkdir small && mount -t tmpfs -o size=200k none small || exit 99
      mosaic-ai backup small/copy; status=$?
      ls -A small; umount small; exit $status
      """
    let ended = try await home.shell("exec unshare --user --map-root-user --mount sh -c \"$1\"", script).run()
    #expect(ended.status == 74, "\(ended.errors)")
    #expect(ended.output == "", "left over: \(ended.output)")
  }

  @Test(
    "A copy in a read-only folder can be inspected",
    .enabled(if: mayMount, "mounting in a user namespace is not allowed"))
  func readOnly() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    let script = """
      mkdir shut && mount -t tmpfs none shut && mosaic-ai backup shut/copy && mount -o remount,ro shut || exit 99
      for command in history conversations legacies "export last" "backup again" "delete last --yes"; do
        mosaic-ai $command --database shut/copy > /dev/null; echo $?
      done
      ls -A shut; umount shut
      """
    let ended = try await home.shell("exec unshare --user --map-root-user --mount sh -c \"$1\"", script).run()
    #expect(ended.lines == ["shut/copy", "0", "0", "0", "0", "0", "74", "copy"], "\(ended.errors)")
    #expect(try await home.mosaic("history", "--database", "again").run().lines.count == 2)
  }

  @Test(
    "While eight processes write, each copy is a whole database, and nobody waits long")
  func whileWriting() async throws {
    let home = try await Home.remembering()
    // Each sends until there is a file `stop`.
    let script = """
      number=0
      while [ ! -e stop ] && [ $number -lt 200 ]; do
        number=$((number + 1))
        mosaic-ai send --new --model "$1" "Message $2/$number." > /dev/null || exit
      done
      echo $number
      """
    let writers = try (0..<8).map { try home.shell(script, home.model("echo"), String($0)).start() }
    var messages: [Int] = []
    let deadline = ContinuousClock.now + .seconds(60)
    while messages.count < 8 || ((messages.last ?? 0) < 20 && .now < deadline) {
      let backup = try await home.json("backup", "copy-\(messages.count)")
      messages.append(backup["messages"].integer ?? -1)
    }
    try home.write("", to: "stop")
    var sent = 0
    for writer in writers {
      let ended = try await writer.end()
      #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
      sent += Int(ended.value) ?? 0
    }
    #expect(messages == messages.sorted() && messages.last ?? 0 >= 20)
    #expect(try await home.conversationCount() == sent)
    for index in messages.indices {
      let copy = ["--database", "copy-\(index)"]
      let list = try await home.mosaic(["conversations", "-o", "json"] + copy).run()
      #expect(list.status == 0)
      let counts = try list.json().elements.map { $0["message_count"].integer ?? -1 }
      #expect(counts.allSatisfy { [1, 2].contains($0) })
      #expect(counts.reduce(0, +) == messages[index])
      // Who was answering then is not in the copy's world: it is settled by whoever looks.
      let last = try await home.mosaic(["history", "-o", "json"] + copy).run()
      guard !counts.isEmpty else { continue }
      #expect(Messages(try last.json()).statuses.allSatisfy { ["complete", "failed", "interrupted"].contains($0) })
    }
  }

  @Test("Of eight backups to one name, one wins and the others report it")
  func sameName() async throws {
    let home = try await Home.remembering()
    let backups = try (0..<8).map { _ in try home.mosaic("backup", "copy").start() }
    var statuses: [Int32] = []
    for backup in backups { statuses.append(try await backup.end().status) }
    #expect(statuses.filter { $0 == 0 }.count == 1)
    #expect(statuses.allSatisfy { [0, 64, 75].contains($0) })
    #expect(try leftovers(home) == ["copy"])
  }

  @Test("A restored copy works as the database")
  func restoring() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Kept.")
    try await home.succeed("backup", "copy")
    try await home.succeed("send", "Lost.")
    #expect(try await home.shell("rm -f \"$1\"-wal \"$1\"-shm && cp copy \"$1\"", home.database).run().status == 0)
    #expect(try await home.messages()[0].content == "Kept.")
    let sends = try (0..<4).map { try home.mosaic("send", "--model", home.model("echo"), "After \($0).").start() }
    for send in sends { #expect(try await send.end().status == 0) }
    #expect(try await home.messages().count == 10)
  }

  @Test(
    "A database of the first version can be read, backed up and exported",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func firstVersion() async throws {
    let home = try Home()
    let fixture = "\(TestFiles.root)/Tests/Fixtures/database-1.sql"
    #expect(try await home.shell("umask 077; sqlite3 old < \"$1\"", fixture).run().status == 0)
    let old = ["--database", "old", "--user", "ada"]
    let backup = try await home.mosaic(["backup", "copy", "-o", "json"] + old).run()
    #expect(try backup.json()["messages"].integer == 10)
    let history = try await home.mosaic(["history", "--all", "--legacy", "Rose", "-o", "json"] + old).run()
    let messages = Messages(try history.json())
    #expect(messages.statuses == ["complete", "superseded", "complete", "failed", "complete", "interrupted", "failed"])
    let odd = try await home.mosaic(["export", "--legacy", "بهار O'Neil 🌻", "-o", "ndjson"] + old).run().jsonLines()
    #expect(odd.map { $0["content"].string }.contains("a\0b \u{1b}[31m \u{2066} \u{feff} 🌻"))
  }
}

/// Whether this user may mount something that nobody else sees.
private let mayMount: Bool = {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", "unshare --user --map-root-user --mount sh -c 'mount -t tmpfs none /mnt' 2>/dev/null"]
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()
