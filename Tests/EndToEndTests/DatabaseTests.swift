import Foundation
import TestSupport
import Testing

import Platform

/// The file that holds everything.
@Suite(.crowd, .inGoodTime) struct DatabaseTests {
  @Test("The folder is 0700 and the files are 0600, whatever the umask")
  func permissions() async throws {
    let home = try Home()
    #expect(try await home.shell("umask 000; mosaic-ai legacies add Rose").run().status == 0)
    let send = try home.mosaic("send", "--model", home.model("hang-1"), "Hello.").start()
    try await send.shows("Part 1.")
    #expect(mode(home.dataFolder) == 0o700)
    let names = try FileManager.default.contentsOfDirectory(atPath: home.dataFolder)
    #expect(names.contains("mosaic-ai.sqlite3"))
    for name in names { #expect(mode("\(home.dataFolder)/\(name)") == 0o600, "\(name)") }
    send.signal(SIGTERM)
    _ = try await send.end()
  }

  @Test(
    "A database from a newer version is refused and left alone, byte for byte",
    arguments: [
      ["legacies"], ["legacies", "add", "Ben"], ["send", "Hello."], ["history"], ["delete", "last", "--yes"],
      ["conversations"],
      ["backup", "copy"], ["export", "last"],
    ])
  func newerVersion(arguments: [String]) async throws {
    let home = try await Home.remembering()
    try home.overwriteDatabase(at: 60, with: [0, 0, 0x03, 0xe7])
    let before = try Data(contentsOf: URL(fileURLWithPath: home.database))
    let ended = try await home.mosaic(arguments).run()
    #expect(ended.status == 74)
    #expect(ended.standardError.isErrorAndHint, "\(ended.errors)")
    #expect(ended.output == "")
    #expect(try Data(contentsOf: URL(fileURLWithPath: home.database)) == before)
    if arguments[0] == "send" {
      let event = try await home.mosaic("send", "Hello.", "-o", "ndjson").run().jsonLines().last
      #expect(event?["code"].string == "storage_failed" && event?["exit_status"].integer == 74)
    }
  }

  @Test(
    "A newer database with an open log is refused and left alone, byte for byte",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"),
    arguments: [["legacies"], ["send", "Hello."], ["backup", "copy"], ["doctor"]])
  func newerVersionNotClosed(arguments: [String]) async throws {
    let home = try await Home.remembering()
    let script = """
      { echo "PRAGMA user_version = 999; SELECT 'held';"; sleep 60; } | sh -c 'echo $$ > pid; exec sqlite3 "$1"' sh "$1" & wait
      """
    let holder = try home.shell(script, home.database).start()
    try await holder.shows("held")
    #expect(try await home.shell("kill -9 $(cat pid)").run().status == 0)
    holder.signal(SIGKILL)
    _ = try await holder.end()
    #expect(try contents(home).count >= 3)
    let before = try contents(home).filter { $0.key != "mosaic-ai.sqlite3-shm" }
    let ended = try await home.mosaic(arguments).run()
    #expect(ended.status == 74, "\(ended.errors)")
    if arguments == ["doctor"] { #expect(ended.output.contains("database_schema")) }
    #expect(try contents(home).filter { $0.key != "mosaic-ai.sqlite3-shm" } == before)
  }

  @Test("A file that is not a database, or another program's, is refused and left alone")
  func notOurs() async throws {
    let home = try Home()
    let text = try home.write(String(repeating: "Dear diary. ", count: 1000), to: "diary.txt")
    for arguments in [["legacies"], ["legacies", "add", "Rose"], ["send", "Hello."]] {
      let ended = try await home.mosaic(arguments + ["--database", text]).run()
      #expect(ended.status == 74)
      #expect(ended.standardError.isErrorAndHint && ended.error.contains(text))
    }
    #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix("Dear diary. Dear"))
    let other = try await Home.remembering()
    try other.overwriteDatabase(at: 68, with: [1, 2, 3, 4])
    let before = try Data(contentsOf: URL(fileURLWithPath: other.database))
    #expect(try await other.mosaic("legacies", "add", "Ben").run().status == 74)
    #expect(try Data(contentsOf: URL(fileURLWithPath: other.database)) == before)
  }

  @Test("A damaged database is a storage error in every command")
  func damaged() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    try home.overwriteDatabase(at: 4096, with: [UInt8](repeating: 0xff, count: 40_000))
    for arguments in [["legacies"], ["history"], ["send", "Hello."]] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint)
    }
  }

  @Test(
    "A place where no database can be is a storage error in every command",
    arguments: ["/dev/null/mosaic.sqlite3", "/proc/mosaic/mosaic.sqlite3", "/", "/dev/null", "/dev/stdin"])
  func impossiblePlace(path: String) async throws {
    let home = try Home()
    for arguments in [["legacies", "add", "Rose"], ["send", "Hello.", "--legacy", "Rose"]] {
      let ended = try await home.mosaic(arguments + ["--database", path]).run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint)
    }
    // Looking may find that there is nothing yet, but not in a place where nothing can ever be.
    if !path.hasPrefix("/proc") { #expect(try await home.mosaic("legacies", "--database", path).run().status == 74) }
  }

  @Test("A folder that is not writable is a storage error", .enabled(if: geteuid() != 0, "root may write everywhere"))
  func readOnlyFolder() async throws {
    let home = try Home()
    mkdir("\(home.path)/closed", 0o500)
    let ended = try await home.mosaic("legacies", "add", "Rose", "--database", "\(home.path)/closed/mosaic.sqlite3")
      .run()
    #expect(ended.status == 74)
    chmod("\(home.path)/closed", 0o700)
  }

  @Test("An empty file, a relative path, a link and a new folder are places for a database")
  func places() async throws {
    let home = try Home()
    try home.write("", to: "empty.sqlite3")
    #expect(try await home.mosaic("legacies", "add", "Rose", "--database", "empty.sqlite3").run().status == 0)
    #expect(
      try await home.mosaic("legacies", "add", "Rose", "--database", "new/folder/memories.sqlite3").inside(home.path)
        .run().status == 0)
    #expect(mode("\(home.path)/new") == 0o700)
    symlink("\(home.path)/empty.sqlite3", "\(home.path)/link.sqlite3")
    let linked = try await home.mosaic("send", "Hello.", "--database", "\(home.path)/link.sqlite3").run()
    #expect(linked.status == 0)
    let direct = try await home.mosaic("history", "--database", "\(home.path)/empty.sqlite3").run()
    #expect(direct.lines.count == 2)
    #expect(!home.hasDatabase)
  }

  @Test(
    "Commands that only look create nothing",
    arguments: [
      ["personas"], ["legacies"], ["conversations"], ["history"], ["send", "--dry-run", "Hi."],
      ["delete", "last", "--yes"],
      ["backup", "copy"], ["export", "last"], ["import", "none"],
    ])
  func looking(arguments: [String]) async throws {
    let home = try Home()
    _ = try await home.mosaic(arguments).run()
    #expect(!FileManager.default.fileExists(atPath: home.dataFolder))
  }

  @Test(
    "Nor do commands that cannot store anything without a legacy, or a name",
    arguments: [
      ["send", "Hi."], ["send", "Hi.", "--legacy", "Rose"], ["send", "Hi.", "--persona", "frend"],
      ["send", "Hi.", "--conversation", "last"], ["send", "Hi.", "--idempotency-key", "k"], ["send", "--retry"],
      ["send", "--retry", "--all"], ["send", "--retry", "--message", "0000"], ["legacies", "add", " "],
      ["interview", "--questions", "questions.txt"],
    ])
  func nothingToStore(arguments: [String]) async throws {
    let home = try Home()
    try home.write("Who was she?", to: "questions.txt")
    for place in [[], ["--database", "typo"]] {
      let ended = try await home.mosaic(arguments + place).run()
      #expect([64, 65, 66].contains(ended.status), "\(ended.errors)")
      #expect(try home.list() == ["questions.txt"], "\(arguments)")
    }
  }

  @Test(
    "A terminal without a database asks whose life it is about, unless a legacy or a conversation is named",
    arguments: [["--legacy", "Rose"], ["--conversation", "0000"]])
  func nothingToAsk(selection: [String]) async throws {
    let home = try Home()
    for command in [["send", "Hi."], ["send", "-"], ["chat"]] {
      let ended = try await home.mosaic(command + selection + ["--database", "typo"]).onTerminal().run()
      #expect(ended.status == 66, "\(command): \(ended.output)")
      #expect(try home.list() == [])
    }
  }

  @Test(
    "A database that was named and is missing: the hint names what named it, and its command uses the same one")
  func missingHint() async throws {
    let home = try Home()
    let typed = try await home.mosaic("history", "--database", "a b").run()
    #expect(typed.status == 74)
    #expect(typed.hint.contains("check --database") && typed.hint.contains("\"NAME\" --database='a b'`"))
    let set = try await home.mosaic("history").with("MOSAIC_AI_DATABASE", "missing").run()
    #expect(set.status == 74)
    #expect(set.hint.contains("check MOSAIC_AI_DATABASE"))
  }

  @Test(
    "A database that is locked for three seconds is waited for",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func locked() async throws {
    let home = try await Home.remembering()
    let holder = try home.shell(
      "{ echo 'BEGIN IMMEDIATE;'; echo '.print held'; sleep 3; echo 'ROLLBACK;'; } | stdbuf -o0 sqlite3 \"$1\"",
      home.database
    ).start()
    try await holder.shows("held")
    let ended = try await home.mosaic("send", "--model", home.model("normal"), "Hello.").run()
    #expect(ended.status == 0)
    #expect(ended.errors == "")
    _ = try await holder.end()
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test(
    "If the database is locked during a reply, the text streams on and all of it is stored",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func lockedInMidReply() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("slow-50"), "Hello.").start()
    try await send.shows("This is")
    let holder = try home.shell(
      """
      { echo 'BEGIN IMMEDIATE;'; echo '.print held'; sleep 3; echo 'ROLLBACK;'; } | stdbuf -o0 sqlite3 -cmd '.timeout \
      10000' "$1"
      """,
      home.database
    ).start()
    try await holder.shows("held")
    let ended = try await send.end()
    #expect(ended.status == 0)
    _ = try await holder.end()
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "complete"])
    #expect(messages[1].content + "\n" == ended.output)
  }

  @Test(
    "After a signal during a lock, the text is stored once the lock is gone",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func signalWhileLocked() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-3"), "Hello.").start()
    try await send.shows(" Part 3.")
    let holder = try home.shell(
      """
      { echo 'BEGIN IMMEDIATE;'; echo '.print held'; sleep 3; echo 'ROLLBACK;'; } | stdbuf -o0 sqlite3 -cmd '.timeout \
      10000' "$1"
      """,
      home.database
    ).start()
    try await holder.shows("held")
    send.signal(SIGINT)
    #expect(try await send.end().ending == .killed(by: SIGINT))
    _ = try await holder.end()
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"])
    #expect(messages[1].content == "Part 1. Part 2. Part 3.")
  }

  @Test(
    "After a kill during a lock, text shown more than a second before is stored",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"), arguments: ["slow-400", "slow-150"])
  func killedWhileLocked(model: String) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model(model), "Hello.").start()
    try await send.shows("This is")
    let holder = try home.shell(
      """
      { echo 'BEGIN IMMEDIATE;'; echo '.print held'; sleep 3; echo 'ROLLBACK;'; } | stdbuf -o0 sqlite3 -cmd '.timeout \
      10000' "$1"
      """,
      home.database
    ).start()
    try await holder.shows("held")
    try await Task.sleep(for: .milliseconds(1500))
    let shown = send.outputSoFar
    try await Task.sleep(for: .milliseconds(1000))
    send.signal(SIGKILL)
    _ = try await send.end()
    _ = try await holder.end()
    let reply = try await home.messages()[1]
    #expect(
      reply.status == "interrupted" && reply.content.hasPrefix(shown), "shown: \(shown); stored: \(reply.content)")
  }

  @Test("The tables have the promised columns", .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func tables() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "Hello.")
    func ask(_ sql: String) async throws -> [String] {
      try await home.shell("sqlite3 \"$1\" \"$2\"", home.database, sql).run().lines
    }
    #expect(try await ask("PRAGMA integrity_check") == ["ok"])
    #expect(try await ask("PRAGMA foreign_key_check") == [])
    #expect(try await ask("PRAGMA journal_mode") == ["wal"])
    #expect(
      try await ask("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict ORDER BY name") == [
        "ai_conversations", "ai_messages", "legacies", "legacy_members", "search_blocks", "search_postings",
        "search_words", "skipped_questions", "users",
      ])
    let columns = try await ask("SELECT name FROM pragma_table_info('ai_messages')")
    for name in [
      "id", "conversation_id", "seq", "role", "content", "token_count", "status", "stop_reason", "model_id",
      "input_tokens", "error_code",
      "reply_to",
      "created_at",
    ] { #expect(columns.contains(name)) }
    #expect(
      try await ask("SELECT typeof(input_tokens) || typeof(token_count) FROM ai_messages WHERE role = 'assistant'") == [
        "integerinteger"
      ])
    _ = try await home.mosaic("send", "Fails.", "--model", home.model("quota")).run()
    #expect(try await ask("SELECT error_code FROM ai_messages WHERE status = 'failed'") == ["quota"])
    // Deleting a user takes all of theirs along.
    _ = try await ask("PRAGMA foreign_keys = ON; DELETE FROM users")
    #expect(try await ask("SELECT count(*) FROM ai_messages") == ["0"])
  }

  @Test("The order does not depend on the clock", .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func clock() async throws {
    let home = try await Home.remembering()
    let first = try await home.json("send", "First.")["conversation_id"].string ?? ""
    _ = try await home.shell(
      "sqlite3 \"$1\" \"UPDATE ai_messages SET created_at = '2099-01-01T00:00:00.000Z'\"", home.database
    ).run()
    _ = try await home.shell(
      "sqlite3 \"$1\" \"UPDATE ai_conversations SET last_message_at = '2099-01-01T00:00:00.000Z'\"", home.database
    )
    .run()
    let second = try await home.json("send", "Second.", "--new")["conversation_id"].string ?? ""
    #expect(try await home.json("conversations").elements.map { $0["id"].string } == [second, first])
    #expect(try await home.messages()[0].content == "Second.")
    try await home.succeed("send", "Third.", "--conversation", first)
    #expect(try await home.messages(first).contents.filter { !$0.contains(" is ") } == ["First.", "Third."])
  }

  /// All files of the database.
  private func contents(_ home: Home) throws -> [String: Data] {
    try FileManager.default.contentsOfDirectory(atPath: home.dataFolder).reduce(into: [:]) { files, name in
      files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(home.dataFolder)/\(name)"))
    }
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }
}

extension Home {
  /// Overwrites bytes of the file of the database.
  fileprivate func overwriteDatabase(at offset: Int, with bytes: [UInt8]) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: database))
    data.replaceSubrange(offset..<min(offset + bytes.count, data.count), with: bytes.prefix(data.count - offset))
    try data.write(to: URL(fileURLWithPath: database))
  }
}
