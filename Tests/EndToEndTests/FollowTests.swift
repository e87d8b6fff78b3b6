import Foundation
import TestSupport
import Testing

/// `history --follow`.
@Suite(.crowd, .inGoodTime) struct FollowTests {
  /// A home with one exchange.
  private func home() async throws -> Home {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "The first.")
    return home
  }

  private func interrupt(_ program: Running, by signal: Int32 = SIGINT) async throws -> Ended {
    program.signal(signal)
    let ended = try await program.end()
    #expect(ended.ending == .killed(by: signal))
    return ended
  }

  @Test("On a terminal messages and pieces of replies come as another process stores them")
  func terminal() async throws {
    let home = try await home()
    let program = try home.mosaic("history", "--follow").with("NO_COLOR", "1").with("PAGER", "false").onTerminal()
      .start()
    try await program.shows("The Biographer  just now\r\nThe first.\r\n")
    let sending = try home.mosaic("send", "--model", home.model("hang-2"), "The second.").start()
    try await program.shows("\r\nYou  just now\r\nThe second.\r\n\r\nThe Biographer  just now\r\nPart 1. Part 2.")
    sending.signal(SIGKILL)
    _ = try await sending.end()
    // Nobody writes to the database any more.
    try await program.shows("Part 2.\r\n(broke off)\r\n")
    _ = try await home.mosaic("send", "--model", home.model("quota"), "The third.").run()
    try await program.shows("The third.\r\n")
    try await program.shows("no reply")
    try await home.succeed("send", "--new", "--model", home.model("echo"), "Elsewhere.")
    try await home.succeed("send", "--conversation", "The first.", "--model", home.model("echo"), "The fourth.")
    try await program.shows("The Biographer  just now\r\nThe fourth.\r\n")
    program.type("\u{3}")
    let ended = try await program.end()
    #expect(ended.ending == .killed(by: SIGINT))
    for text in ["The first.", "The second.", "The third.", "The fourth."] {
      #expect(ended.screen.components(separatedBy: "\n\(text)\n").count <= 3, "\(text) is said once by each")
    }
    #expect(!ended.screen.contains("Elsewhere."))
    #expect(ended.screen.components(separatedBy: "── Today ──").count == 2)
  }

  @Test("It ends when its database is gone: deleted, moved away, or replaced", arguments: ["rm", "mv", "cp", "logs"])
  func gone(how: String) async throws {
    let home = try await home()
    try await home.succeed("backup", "copy")
    let program = try home.mosaic("history", "--follow").start()
    try await program.shows("The first.")
    let script =
      switch how {
      case "rm": "rm \"$1\" \"$1\"-*"
      case "mv": "mv \"$1\" elsewhere"
      case "cp": "mv copy \"$1\""
      default: "rm \"$1\"-wal \"$1\"-shm && mosaic-ai legacies add Ben"
      }
    #expect(try await home.shell(script, home.database).run().status == 0)
    let ended = try await program.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.standardError.isErrorAndHint && ended.error.contains(home.database), "\(ended.errors)")
  }

  @Test("A reply that is already arriving when it begins is followed")
  func middle() async throws {
    let home = try await home()
    let sending = try home.mosaic("send", "--model", home.model("hang-2"), "The second.").start()
    try await sending.shows("Part 2.")
    let program = try home.mosaic("history", "--follow", "--tail", "2").with("NO_COLOR", "1").onTerminal().start()
    try await program.shows("The second.\r\n\r\nThe Biographer  just now\r\nPart 1. Part 2.")
    sending.signal(SIGTERM)
    try await program.shows("\r\n(broke off)\r\n")
    #expect(!program.screenSoFar.contains("The first."))
    _ = try await interrupt(program)
  }

  @Test("A reply keeps to the width of the terminal, also after a resize")
  func resize() async throws {
    let home = try await home()
    let words = (1...60).map { "word\($0)" }
    let program = try home.mosaic("history", "--follow").onTerminal(columns: 40).start()
    try await program.shows("The first.")
    let sending = try home.mosaic("send", "--model", home.model("text-chunks-60"), words.joined(separator: " |"))
      .start()
    try await program.shows("The Biographer")
    program.resize(columns: 30)
    try await program.shows("word60\r\n")
    _ = try await sending.end()
    let lines = try await interrupt(program).screen.split(separator: "\n").filter { $0.hasPrefix("word") }
    #expect(lines.suffix(8).allSatisfy { $0.count < 30 })
  }

  @Test("Through a pipe each message is a line, once it has ended")
  func lines() async throws {
    let home = try await home()
    let program = try home.mosaic("history", "--follow", "--tail", "1").start()
    try await program.shows("\tassistant\tcomplete\tThe first.\n")
    let sending = try home.mosaic("send", "--model", home.model("hang-2"), "The second.").start()
    try await sending.shows("Part 2.")
    sending.signal(SIGTERM)
    try await program.shows("\tassistant\tinterrupted\tPart 1. Part 2.\n")
    try await home.succeed("send", "--retry", "--model", home.model("echo"))
    try await program.shows("\tassistant\tcomplete\tThe second.\n")
    let lines = try await interrupt(program, by: SIGTERM).lines.map { $0.components(separatedBy: "\t") }
    #expect(lines.map { $0[2] } == ["assistant", "user", "assistant", "assistant"])
    #expect(lines.map { $0[3] } == ["complete", "complete", "interrupted", "complete"])
  }

  @Test("In NDJSON messages come at once and when they have ended, and pieces between")
  func records() async throws {
    let home = try await home()
    let program = try home.mosaic("history", "--follow", "-o", "ndjson", "--tail", "1").start()
    try await program.shows("The first.")
    let sending = try home.mosaic("send", "--model", home.model("hang-2"), "The second.").start()
    try await program.shows("Part 2.")
    sending.signal(SIGTERM)
    try await program.shows("\"interrupted\"")
    let lines = try await interrupt(program).jsonLines()
    let messages = lines.filter { $0["type"] == .null }
    let pieces = lines.filter { $0["type"].string == "chunk" }
    #expect(messages.allSatisfy { $0.names == HistoryTests.messageMembers })
    #expect(pieces.allSatisfy { $0.names == ["type", "message_id", "content"] })
    let final = try await home.json("history")["messages"].elements
    for message in final.dropFirst() { #expect(messages.last { $0["id"] == message["id"] } == message) }
    let reply = try #require(final.last)
    let first = try #require(messages.first { $0["id"] == reply["id"] })
    let text = ([first] + pieces).compactMap { $0["content"].string }.joined()
    #expect(text == "Part 1. Part 2." && Set(pieces.map { $0["message_id"] }).isSubset(of: [reply["id"]]))
    #expect(messages.first { $0["id"] == final[2]["id"] }?["status"].string == "pending")
  }

  @Test("In JSON it is one value, which ends when someone asks for an end", arguments: [SIGINT, SIGTERM])
  func value(signal: Int32) async throws {
    let home = try await home()
    let program = try home.mosaic("history", "--follow", "-o", "json", "--tail", "1").start()
    try await program.shows("The first.")
    try await home.succeed("send", "--model", home.model("echo"), "The second.")
    try await program.shows("The second.\",\"token_count\":3")
    let page = Messages(try await interrupt(program, by: signal).json())
    #expect(page.contents == ["The first.", "The second.", "The second."] && page.total == 4 && page.hasMore)
  }

  @Test("It ends with its reader, even if nothing is said any more")
  func reader() async throws {
    let home = try await home()
    let ended = try await home.mosaic("history", "--follow").losingReader(after: "The first.").run()
    #expect(ended.ending == .killed(by: SIGPIPE))
    let shell = try await home.shell("mosaic-ai history --follow | head -1").run()
    #expect(shell.status == 0 && shell.lines.count == 1)
  }

  @Test("It ends with its conversation", arguments: ["text", "json", "ndjson"])
  func deleted(format: String) async throws {
    let home = try await home()
    let program = try home.mosaic("history", "--follow", "-o", format).start()
    try await program.shows("The first.")
    try await home.succeed("delete", "last", "--yes")
    let ended = try await program.end()
    #expect(ended.status == 66 && ended.standardError.isErrorAndHint)
    if format == "json" { #expect(Messages(try ended.json()).count == 2) }
    #expect(try !home.databaseBytes().contains(text: "The first."))
  }

  @Test("A message that is deleted while it is followed leaves the rest")
  func deletedMessage() async throws {
    let home = try await home()
    let program = try home.mosaic("history", "--follow").start()
    try await program.shows("The first.")
    let id = try #require(try await home.json("history")["messages"][0]["id"].string)
    try await home.succeed("delete", "--message", id, "--yes")
    try await home.succeed("send", "--conversation", "last", "--model", home.model("echo"), "The second.")
    try await program.shows("\tassistant\tcomplete\tThe second.\n")
    #expect(try await interrupt(program).lines.count == 4)
  }

  @Test("--all shows replies that others have replaced too")
  func choices() async throws {
    let home = try await home()
    _ = try await home.mosaic("send", "--model", home.model("exception-internal-1"), "The second.").run()
    try await home.succeed("send", "--retry", "--model", home.model("echo"))
    for (options, statuses) in [
      (["--all"], ["complete", "complete", "complete", "superseded", "complete"]),
      ([], ["complete", "complete", "complete", "complete"]),
      (["--since", "1d"], ["complete", "complete", "complete", "complete"]),
    ] as [([String], [String])] {
      let program = try home.mosaic(["history", "--follow", "-o", "ndjson"] + options).start()
      try await home.succeed("send", "--model", home.model("echo"), "Now \(options).")
      try await program.shows("\"complete\",\"stop_reason\":\"end_turn\"")
      let lines = try await interrupt(program).jsonLines().filter { $0["type"] == .null }
      let old = lines.filter { $0["content"].string?.hasPrefix("Now") != true }
      #expect(old.compactMap { $0["status"].string } == statuses, "\(options)")
      try await home.succeed("delete", "--message", "\(try await home.messages("--tail", "2")[0].id)", "--yes")
    }
  }

  @Test("What cannot go on is refused", arguments: [["--limit", "1"], ["--offset", "1"], ["--until", "2030"]])
  func refused(options: [String]) async throws {
    let home = try await home()
    let ended = try await home.mosaic(["history", "--follow"] + options).run()
    #expect(ended.status == 64 && ended.error.contains("--follow") && ended.error.contains(options[0]))
  }

  @Test("Without a conversation there is nothing to follow")
  func nothing() async throws {
    let home = try await Home.remembering("Rose")
    #expect(try await home.mosaic("history", "--follow").run().status == 66)
  }

  @Test("What is imported into a conversation comes too, however much it is")
  func importing() async throws {
    let home = try await home()
    let other = try Home()
    let export = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    #expect(try await other.mosaic("import", "-").reading(export).run().status == 0)
    for number in 1...3 { try await home.succeed("send", "--model", home.model("echo"), "Number \(number).") }
    let more = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    let program = try other.mosaic("history", "--follow").start()
    try await program.shows("The first.")
    #expect(try await other.mosaic("import", "-").reading(more).run().status == 0)
    try await program.shows("\tassistant\tcomplete\tNumber 3.\n")
    #expect(try await interrupt(program).lines.count == 8)
  }
}
