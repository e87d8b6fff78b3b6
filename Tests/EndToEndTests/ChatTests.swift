import Foundation
import TestSupport
import Testing

import Platform

/// A conversation at a terminal.
@Suite(.crowd, .inGoodTime) struct ChatTests {
  private static let pasteStart = "\u{1b}[200~"
  private static let pasteEnd = "\u{1b}[201~"

  /// A home, and a conversation in it that waits for a message.
  private func begin(
    _ scenario: String, _ options: String..., columns: UInt16 = 80, variables: [String: String] = [:]
  ) async throws -> (Home, Talk) {
    let home = try await Home.remembering("Rose")
    var command = home.mosaic(["chat", "--model", home.model(scenario)] + options)
    for (name, value) in variables { command = command.with(name, value) }
    let talk = try Talk(command, columns: columns)
    try await talk.prompts()
    return (home, talk)
  }

  // MARK: Talking

  @Test("It says which legacy, persona and conversation it is, and stores messages as send does")
  func basics() async throws {
    let (home, talk) = try await begin("echo", "--persona", "friend")
    try await talk.says("She sang.")
    try await talk.says("She baked.")
    let ended = try await talk.leave()
    #expect(ended.status == 0)
    #expect(ended.screen.contains("The Friend · Rose · new conversation"))
    let messages = try await home.messages()
    #expect(messages.contents == ["She sang.", "She sang.", "She baked.", "She baked."])
    #expect(messages.statuses == ["complete", "complete", "complete", "complete"])
    #expect(try await home.conversationCount() == 1)
    // The rows are the same as those of send.
    let other = try await Home.remembering("Rose")
    for text in ["She sang.", "She baked."] {
      try await other.succeed("send", "--persona", "friend", "--model", other.model("echo"), text)
    }
    func rows(_ home: Home) async throws -> String {
      try await home.succeed("export", "last", "-o", "ndjson").output
        .replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "ID").replacing(/\d{4}-[0-9T:.-]+Z/, with: "TIME")
        .replacing(home.mark, with: "MARK").replacing(/"latency_ms":\d+/, with: "")
    }
    #expect(try await rows(home) == rows(other))
  }

  @Test("The terminal says who listens, wherever standard error goes, and no log does")
  func greeting() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "Her secret garden.")
    let command = home.mosaic("chat", "--model", home.model("echo")).with("NO_COLOR", "1")
    let line = "The Biographer · Rose · Her secret garden."
    let elsewhere = try Talk(command, on: [.input, .output])
    try await elsewhere.shows(line)
    try await elsewhere.shows("Type /help for help")
    try await elsewhere.prompts()
    let ended = try await elsewhere.leave()
    #expect(ended.status == 0 && !ended.errors.contains("secret") && ended.errors.contains("/help"))
    let logged = try Talk(home.mosaic("chat", "--model", home.model("echo"), "--log-format", "json"))
    try await logged.shows(line)
    try await logged.prompts()
    let screen = try await logged.leave().screen
    #expect(!screen.split(separator: "\n").contains { $0.contains("{\"") && $0.contains("secret") })
    let quiet = try Talk(home.mosaic("chat", "--model", home.model("echo"), "-q"))
    try await quiet.prompts()
    #expect(try await !quiet.leave().screen.contains(line))
  }

  @Test("It continues the latest conversation and shows the last exchange")
  func continues() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "The *first* thing.")
    try await home.succeed("send", "--model", home.model("echo"), "The second thing.")
    let talk = try Talk(home.mosaic("chat", "--model", home.model("echo")).with("NO_COLOR", "1"))
    try await talk.prompts()
    try await talk.says("The third thing.")
    let ended = try await talk.leave()
    #expect(ended.screen.contains("The Biographer · Rose · The *first* thing."))
    #expect(ended.screen.contains("You  just now\nThe second thing.\n\nThe Biographer  just now\nThe second thing.\n"))
    #expect(!ended.screen.contains("The first thing.\n"))
    #expect(try await home.messages().count == 6)
    let new = try Talk(home.mosaic("chat", "--new", "--title", "Another day", "--model", home.model("echo")))
    try await new.prompts()
    try await new.says("A new thing.")
    _ = try await new.leave()
    #expect(
      try await home.json("conversations").elements.map { $0["title"].string } == ["Another day", "The *first* thing."])
  }

  @Test("Off a terminal it names send", arguments: [Command.Stream.input, .output])
  func offTerminal(stream: Command.Stream) async throws {
    let home = try await Home.remembering("Rose")
    let streams = Set(Command.Stream.allCases).subtracting([stream, .errors])
    let ended = try await home.mosaic("chat").onTerminal(streams).run()
    #expect(ended.status == 64)
    #expect(ended.error.contains("standard \(stream == .input ? "input" : "output")"))
    #expect(ended.hint.contains("mosaic-ai send \"MESSAGE\""))
    #expect(ended.output == "")
    let send = try await home.mosaic("send").onTerminal([.input]).run()
    #expect(send.status == 64)
    for way in ["mosaic-ai chat", "send -", "send --edit"] { #expect(send.hint.contains(way)) }
  }

  @Test("Without a legacy it asks whose life it is about")
  func firstLegacy() async throws {
    let home = try Home()
    let talk = try Talk(home.mosaic("chat", "--model", home.model("echo")))
    try await talk.shows("Whose life")
    talk.type("Rose\r\r")
    try await talk.shows("Rose · new conversation")
    try await talk.prompts()
    try await talk.says("Hello.")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().count == 2)
  }

  // MARK: Typing

  @Test("A paste is one message, whatever lines it has")
  func paste() async throws {
    let (home, talk) = try await begin("echo")
    let text = "First line.\n\n  Third, 東京 and e\u{301} and 👩‍👩‍👧.\n/quit\n\tLast."
    talk.type(Self.pasteStart + text.replacingOccurrences(of: "\n", with: "\r") + Self.pasteEnd)
    try await talk.shows("Last.")
    try await talk.says("")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().contents == [text, text])
  }

  @Test("What the terminal answers late, and keys that nobody knows, are no part of a message")
  func foreignKeys() async throws {
    let (home, talk) = try await begin("echo")
    try await talk.says("\u{1b}]11;rgb:0000/0000/0000\u{1b}\\Dear \u{1b}é\u{1b}[[ARose.")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().contents == ["Dear Rose.", "Dear Rose."])
  }

  @Test("Alt-Enter and a backslash at the end add a line, and the arrows and word keys move over characters")
  func editing() async throws {
    let (home, talk) = try await begin("echo")
    try await talk.says("one\u{1b}\rtwo\\\rthree \\\\")
    try await talk.says("東京 e\u{301} 👩‍👩‍👧x\u{1b}[D\u{1b}[D\u{7f}\u{7f}\u{1b}[D\u{1b}[DX\u{1}Y\u{5}Z")
    try await talk.says("one two three\u{1b}b\u{1b}b\u{b}\u{1}\u{19} ")
    _ = try await talk.leave()
    let messages = try await home.messages()
    #expect(messages[0].content == "one\ntwo\nthree \\\\")
    #expect(messages[2].content == "Y東X京 👩‍👩‍👧xZ")
    #expect(messages[4].content == "two three one")
  }

  @Test("What was sent comes back with the arrows, also from before, and the draft is kept")
  func history() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "From before.")
    let talk = try Talk(home.mosaic("chat", "--model", home.model("echo")))
    try await talk.prompts()
    try await talk.says("Now.")
    try await talk.says("Draft\u{1b}[A\u{1b}[A\u{1b}[A again\r\u{1b}[A\u{1b}[A\u{1b}[B\u{1b}[B ")
    _ = try await talk.leave()
    let contents = try await home.messages().contents
    #expect(contents == ["From before.", "From before.", "Now.", "Now.", "From before. again", "From before. again"])
    let kept = try Talk(home.mosaic("chat", "--model", home.model("echo")))
    try await kept.prompts()
    try await kept.says("Draft\u{1b}[A\u{1b}[B!")
    _ = try await kept.leave()
    #expect(try await home.messages()[6].content == "Draft!")
  }

  @Test("A message of more than 10,000 characters is refused and stays, and one of 10,000 is sent")
  func limit() async throws {
    let (home, talk) = try await begin("echo")
    let text = String((0..<10_000).map { $0 % 9 == 8 ? " " : $0 % 7 == 0 ? "é" : "x" })
    talk.type(Self.pasteStart + text + "!" + Self.pasteEnd + "\r")
    try await talk.shows("10,001 characters")
    talk.type("\u{7f}\r")
    try await talk.shows("\r\n\r\n")
    try await talk.prompts()
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().contents == [text, text])
  }

  @Test("A text that is not UTF-8 is refused and not replaced")
  func invalid() async throws {
    let (home, talk) = try await begin("echo")
    talk.program.type(Array("caf".utf8) + [0xe9, 0x0d])
    try await talk.shows("UTF-8")
    talk.type("\u{7f}e\r")
    try await talk.shows("cafe")
    try await talk.prompts()
    _ = try await talk.leave()
    #expect(try await home.messages().contents == ["cafe", "cafe"])
  }

  @Test("So is a command, and nothing is made of it", arguments: ["title", "search", "export", "legacy", "persona"])
  func invalidCommand(name: String) async throws {
    let (home, talk) = try await begin("echo")
    try await talk.says("Hello.")
    talk.program.type(Array("/\(name) Jos".utf8) + [0xe9, 0x0d])
    try await talk.shows("UTF-8")
    // It stays to be corrected; the first Ctrl-C clears it.
    try await talk.shows("/\(name) Jos")
    talk.type("\u{3}")
    try await talk.prompts()
    try await talk.says("She sang.")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.json("conversations").elements[0]["title"].string == "Hello.")
    #expect(try await home.messages().count == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).filter { $0.hasPrefix("Jos") } == [])
  }

  @Test(
    "A conversation is exported to a path, and not to a URL", arguments: ["file:///x.md", "https://host/pass-word"])
  func exportToURL(url: String) async throws {
    let (_, talk) = try await begin("echo")
    try await talk.says("Hello.")
    talk.type("/export \(url)\r")
    try await talk.shows("error: ")
    try await talk.shows("URL")
    try await talk.prompts()
    #expect(try await talk.leave().status == 0)
  }

  @Test("After a resize, text and cursor stand there once, and the reply keeps to the new width")
  func resize() async throws {
    let (home, talk) = try await begin("text-chunks-60")
    let words = (1...60).map { "word\($0)" }
    talk.type("A long message that takes more than one row of a terminal with only forty columns.")
    try await talk.shows("columns.")
    talk.program.resize(columns: 40)
    try await talk.shows("columns.")
    talk.type("\u{15}\(words.joined(separator: " |"))")
    try await talk.shows("word60")
    talk.type("\r")
    try await talk.shows("word9 ")
    talk.program.resize(columns: 30)
    try await talk.shows("word60\r\n")
    try await talk.prompts()
    let ended = try await talk.leave()
    let lines = ended.screen.split(separator: "\n").drop { !$0.hasPrefix("word1 word2") }.prefix {
      $0.hasPrefix("word")
    }
    #expect(lines.prefix(2).map(\.count).allSatisfy { (30..<40).contains($0) })
    #expect(lines.count > 8 && lines.dropFirst(4).map(\.count).allSatisfy { $0 < 30 })
    #expect(try await home.messages()[1].content == words.joined(separator: " "))
  }

  @Test("The terminal is as it was, however the conversation ends", arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0])
  func restored(signal: Int32) async throws {
    let home = try await Home.remembering("Rose")
    let script =
      "trap : INT TERM HUP QUIT; mosaic-ai chat --model \"$1\"; echo \"status $?\"; "
      + "stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo -e isig -e icrnl; echo over"
    for scenario in ["", "hang-2"] {
      let shell = try home.shell(script, home.model("hang-2")).onTerminal().start()
      try await shell.shows("> ")
      let child = try await home.shell("cat /proc/\(shell.pid)/task/\(shell.pid)/children").run().value
      let pid = try #require(pid_t(child.split(separator: " ").first ?? ""))
      if scenario.isEmpty {
        shell.type("half a line")
        try await shell.shows("half a line")
      } else {
        shell.type("Hello.\r")
        try await shell.shows("Part 2.")
      }
      switch signal {
      case 0: shell.type("\u{3}\u{3}\u{4}")
      case SIGINT:
        kill(pid, SIGINT)
        try await shell.shows(scenario.isEmpty ? "Ctrl-C again" : "Stopped.")
        kill(pid, SIGINT)
        if !scenario.isEmpty {
          try await shell.shows("Ctrl-C again")
          kill(pid, SIGINT)
        }
      default: kill(pid, signal)
      }
      try await shell.shows("over")
      let screen = try await shell.end().screen
      let status = [0, SIGINT].contains(signal) ? 0 : 128 + signal
      #expect(screen.contains("status \(status)\n"))
      for mode in ["icanon", "echo", "isig", "icrnl"] { #expect(screen.contains("\(mode)\n"), "\(mode)") }
      var seen = Screen(columns: 80)
      seen.write(screen)
      #expect(!seen.isBracketingPastes && seen.unknown == [])
    }
  }

  @Test("Ctrl-S does not stop the terminal at the prompt")
  func flowControlAtPrompt() async throws {
    let (home, talk) = try await begin("echo")
    talk.type("\u{13}She \u{11}sang\u{13}.")
    try await talk.shows("She sang.")
    talk.type("\r")
    try await talk.shows("\n")
    try await talk.prompts()
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().contents == ["She sang.", "She sang."])
  }

  @Test(
    "Ctrl-S pauses a reply, which keeps neither a signal from ending it nor Ctrl-C", arguments: [SIGTERM, SIGHUP, 0])
  func flowControl(signal: Int32) async throws {
    let (home, talk) = try await begin("hang-2")
    talk.type("Hello.\r")
    try await talk.shows("Part 2.")
    talk.type("\u{13}")
    // Of keys that are not shown nothing tells that they were read.
    try await Task.sleep(for: .milliseconds(300))
    if signal == 0 {
      talk.type("\u{3}")
      try await talk.shows("Stopped.")
      #expect(try await talk.leave().status == 0)
    } else {
      talk.program.signal(signal)
      #expect(try await talk.program.end().ending == .killed(by: signal))
    }
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }

  @Test(
    "Nor does Ctrl-S while a reply is written keep a signal from ending it, plain or not",
    arguments: [SIGTERM, SIGHUP], [true, false])
  func flowControlOfText(signal: Int32, isPlain: Bool) async throws {
    let home = try await Home.remembering("Rose")
    let chat = try home.mosaic(["chat", "--model", home.model("slow-20")] + (isPlain ? ["--plain"] : []))
      .onTerminal().start()
    try await chat.shows("> ")
    chat.type("Hello.\r")
    try await chat.shows("This is")
    chat.type("\u{13}")
    // By then it waits for the terminal.
    try await Task.sleep(for: .milliseconds(500))
    chat.signal(signal)
    #expect(try await chat.end().ending == .killed(by: signal))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }

  @Test("Stopped and continued, it shows what was being typed")
  func stopped() async throws {
    let home = try await Home.remembering("Rose")
    try #require(FileManager.default.isExecutableFile(atPath: "/bin/bash"))
    let script = "set -m; mosaic-ai chat --model \"$0\"; stty -a | grep -q -w -e -icanon || echo as it was; fg"
    let shell = try home.shell(
      "exec bash --norc --noprofile -i -c '\(script)' \"$1\"", home.model("echo")
    ).onTerminal().start()
    try await shell.shows("> ")
    shell.type("half a message\u{1a}")
    try await shell.shows("as it was")
    try await shell.shows("half a message")
    shell.type(", and the rest\r")
    try await shell.shows("rest\r\n\r\n")
    shell.type("\u{4}")
    _ = try await shell.end()
    #expect(try await home.messages().contents == ["half a message, and the rest", "half a message, and the rest"])
  }

  // MARK: Replies

  @Test("Ctrl-C stops a reply and keeps what came, and /retry asks again")
  func stopReply() async throws {
    let (home, talk) = try await begin("hang-2-1")
    talk.type("Hello.\r")
    try await talk.shows("Part 2.")
    talk.type("\u{3}")
    try await talk.shows("Stopped.")
    try await talk.prompts()
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
    // Only the second one at the prompt leaves.
    talk.type("\u{3}")
    try await talk.prompts()
    try await talk.says("/retry")
    try await talk.says("And another.")
    #expect(try await talk.leave().status == 0)
    let all = try await home.messages("--all")
    #expect(all.statuses == ["complete", "superseded", "complete", "complete", "complete"])
    #expect(all[1].content == "Part 1. Part 2.")
  }

  @Test("Ctrl-C before the first word keeps the message, which the same text or /retry sends")
  func stopWaiting() async throws {
    let (home, talk) = try await begin("hang-headers-1")
    talk.type("Hello.\r")
    try await talk.program.waits(for: home)
    talk.type("\u{3}")
    try await talk.shows("/retry sends it again")
    try await talk.prompts()
    #expect(try await home.messages().statuses == ["failed"])
    try await talk.says("\u{1b}[A")
    _ = try await talk.leave()
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test(
    "Ctrl-C while another program keeps the database gives the message back, and stores nothing",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"))
  func stopsWaitForDatabase() async throws {
    let (home, talk) = try await begin("echo")
    try await talk.says("Hello.")
    let holder = try await home.holdDatabase()
    talk.type("I miss her.\r")
    try await talk.shows("\n")
    try await Task.sleep(for: .milliseconds(300))
    talk.type("\u{3}")
    try await talk.shows("not saved")
    try await talk.shows("I miss her.")
    // The same goes for what a command waits for.
    talk.type("\u{3}")
    try await talk.prompts()
    talk.type("/title Songs\r")
    try await talk.shows("\n")
    try await Task.sleep(for: .milliseconds(300))
    talk.type("\u{3}")
    try await talk.prompts()
    holder.endInput()
    _ = try await holder.end()
    #expect(try await home.messages().contents == ["Hello.", "Hello."])
    try await talk.says("She sang.")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().contents == ["Hello.", "Hello.", "She sang.", "She sang."])
    #expect(try await home.json("conversations").elements[0]["title"].string == "Hello.")
  }

  @Test(
    "A signal ends the wait for a database that another program keeps",
    .enabled(
      if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"), arguments: [SIGTERM, SIGHUP])
  func signalEndsWaitForDatabase(signal: Int32) async throws {
    let (home, talk) = try await begin("echo")
    let holder = try await home.holdDatabase()
    talk.type("I miss her.\r")
    try await talk.shows("\n")
    try await Task.sleep(for: .milliseconds(300))
    talk.program.signal(signal)
    // Less than the wait would take.
    #expect(try await talk.program.end(within: 15).ending == .killed(by: signal))
    holder.endInput()
    _ = try await holder.end()
    #expect(try await home.conversationCount() == 0)
  }

  @Test("After SIGTERM or SIGHUP what came is saved, and it dies by the signal", arguments: [SIGTERM, SIGHUP])
  func ended(signal: Int32) async throws {
    let (home, talk) = try await begin("hang-2")
    talk.type("Hello.\r")
    try await talk.shows("Part 2.")
    talk.program.signal(signal)
    let ended = try await talk.program.end()
    #expect(ended.ending == .killed(by: signal))
    #expect(ended.screen.contains("mosaic-ai send --retry") && !ended.screen.contains("/retry"))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
    #expect(try await home.messages()[1].content == "Part 1. Part 2.")
  }

  @Test("SIGTERM ends the conversation though Ctrl-C comes with it")
  func endedDespiteInterrupt() async throws {
    let (home, talk) = try await begin("hang-2")
    talk.type("Hello.\r")
    try await talk.shows("Part 2.")
    // Stopped, so that it gets both at once.
    for signal in [SIGSTOP, SIGTERM, SIGINT, SIGCONT] { talk.program.signal(signal) }
    #expect(try await talk.program.end().ending == .killed(by: SIGTERM))
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }

  @Test("What was being typed when a signal came is kept in a file")
  func draft() async throws {
    let home = try await Home.remembering("Rose")
    let talk = try Talk(home.mosaic("chat").with("TMPDIR", home.path), columns: 200)
    try await talk.prompts()
    talk.type("half a memory")
    try await talk.shows("memory")
    talk.program.signal(SIGTERM)
    let ended = try await talk.program.end()
    #expect(ended.ending == .killed(by: SIGTERM))
    let path = try #require(ended.screen.firstMatch(of: /kept in (\S+)\./)?.1)
    #expect(try String(contentsOfFile: String(path), encoding: .utf8) == "half a memory")
  }

  @Test("An error is shown as on standard error with its way out here, and the prompt comes back")
  func error() async throws {
    let (home, talk) = try await begin("cut-3-1", "--max-attempts", "1")
    talk.type("Hello.\r")
    try await talk.shows("mosaic-ai: error:")
    try await talk.shows("/retry")
    try await talk.prompts()
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
    try await talk.says("/retry")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test("The line that says what is waited for is gone with the first word")
  func waiting() async throws {
    let (_, talk) = try await begin("throttle-retry-after-2-1", columns: 40, variables: ["TERM": "xterm"])
    talk.type("Hello.\r")
    try await talk.shows("trying again in 2 s (2 of 3)")
    try await talk.prompts()
    let ended = try await talk.leave()
    var screen = Screen(columns: 40, rows: 100)
    screen.write(ended.screen)
    #expect(screen.unknown == [] && !screen.text.joined().contains("trying again"))
  }

  @Test("Type-ahead waits for its prompt")
  func typeAhead() async throws {
    let (home, talk) = try await begin("slow-30")
    talk.type("First.\r")
    try await talk.shows("This is")
    talk.type("Second.\r/quit\r")
    #expect(try await talk.program.end().status == 0)
    #expect(try await home.messages().contents.filter { $0.count < 10 } == ["First.", "Second."])
  }

  @Test("Ctrl-C during a reply takes nothing away that was typed before it")
  func typeAheadBeforeInterrupt() async throws {
    let (home, talk) = try await begin("hang-2-1")
    talk.type("Hello.\r")
    try await talk.shows("Part 2.")
    talk.type("And then?\u{3}")
    try await talk.shows("Stopped.")
    try await talk.prompts()
    try await talk.shows("And then?")
    try await talk.says("")
    #expect(try await talk.leave().status == 0)
    #expect(try await home.messages()[2].content == "And then?")
  }

  @Test("A command that failed comes back with the arrow, to be corrected")
  func failedCommand() async throws {
    let (_, talk) = try await begin("echo")
    try await talk.says("/retyr")
    talk.type("\u{1b}[A")
    try await talk.shows("/retyr")
    talk.type("\u{3}\u{3}")
    #expect(try await talk.program.end().status == 0)
  }

  // MARK: Without moving the cursor

  @Test(
    "Plain, it writes whole lines, and nothing that moves the cursor",
    arguments: [("--plain", [:]), ("--new", ["NO_COLOR": "1"]), ("--new", ["TERM": "dumb"])]
      as [(String, [String: String])])
  func plain(option: String, variables: [String: String]) async throws {
    let home = try await Home.remembering("Rose")
    var command = home.mosaic("chat", "--model", home.model("text-chunks-300"), option)
    for (name, value) in variables { command = command.with(name, value) }
    let talk = try Talk(command, columns: 40)
    try await talk.prompts()
    talk.type("**One** |two three four |five six seven eight |nine ten|\u{1b}[D\r")
    // A line that is not whole is not begun.
    try await talk.shows("\n**One** two three four five six seven\r\n")
    try await talk.prompts()
    let ended = try await talk.leave()
    #expect(ended.status == 0)
    let shown = ended.screen.replacing("\u{1b}[?2004h", with: "").replacing("\u{1b}[?2004l", with: "")
    #expect(!shown.contains("\u{1b}") && !shown.contains("\r") && !shown.contains("\u{8}"))
    if variables["TERM"] == "dumb" { #expect(shown == ended.screen) }
    #expect(shown.split(separator: "\n").allSatisfy { $0.count < 80 })
  }

  // MARK: Commands

  @Test("Each command does what /help says, and an unknown one suggests the nearest")
  func commands() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("legacies", "add", "Jo")
    let talk = try Talk(home.mosaic("chat", "--legacy", "Rose", "--model", home.model("echo"), "--plain"), columns: 200)
    try await talk.prompts()
    try await talk.says("/help")
    try await talk.says("/retry")
    try await talk.says("/usage")
    try await talk.says("/title Her songs")
    try await talk.says("She sang.")
    try await talk.says("/title Her \"other\" songs")
    try await talk.says("/persona FRIEND")
    try await talk.says("Hello, friend.")
    try await talk.says("/persona biographer")
    try await talk.says("//etc is a folder.")
    try await talk.says("/history 1")
    try await talk.says("/export ~/songs.md")
    try await talk.says("/export ~/songs.md")
    try await talk.says("/export ~/songs.ndjson")
    try await talk.says("/new")
    try await talk.says("Another day.")
    try await talk.says("/legacy jo")
    try await talk.says("About Jo.")
    for wrong in [
      "/retyr", "/export songs.docx", "/persona", "/persona nobody", "/legacy xyz", "/new now", "/history x", "/ x",
      "/question x",
      "/usage x",
    ] {
      try await talk.says(wrong)
    }
    talk.type("/quit\r")
    let ended = try await talk.program.end()
    #expect(ended.status == 0)
    let screen = ended.screen.replacing("\u{1b}[?2004h", with: "").replacing("\u{1b}[?2004l", with: "")
    for name in [
      "retry", "new", "persona ID", "legacy L", "history [N]", "search WORDS", "question [skip]", "title TEXT", "usage",
      "export FILE", "help", "quit",
    ] {
      #expect(screen.contains("\n/\(name) "), "\(name)")
    }
    for fact in [
      "did you mean \"/retry\"?", "The Friend · Rose · new conversation", "The Biographer · Rose · Her \"other\" songs",
      "The Biographer · Rose · new conversation", "The Biographer · Jo · new conversation", "Exported to ~/songs.md.",
      "~/songs.md", "type /persona ID", "\"nobody\"", "\"xyz\"", "/etc is a folder.", "//",
    ] {
      #expect(ended.screen.contains(fact), "\(fact)")
    }
    let conversations = try await home.json("conversations").elements
    #expect(
      conversations.map { $0["title"].string } == [
        "About Jo.", "Another day.", "Her \"other\" songs", "Hello, friend.",
      ])
    #expect(conversations.map { $0["persona_id"].string } == ["biographer", "biographer", "biographer", "friend"])
    #expect(home.text("songs.md").contains("/etc is a folder"))
    #expect(home.text("songs.ndjson").split(separator: "\n").count > 5)
    #expect(try home.folder.mode("songs.md") == 0o600)
    #expect(ended.screen.ranges(of: "Exported to ~/songs.md.").count == 1, "what is there is not replaced")
  }

  @Test("/question puts the next question at the prompt, to be sent, changed or skipped", arguments: [[], ["--plain"]])
  func questions(options: [String]) async throws {
    let home = try await Home.remembering("Rose")
    let bank = try await home.json("questions").elements.compactMap { $0["question"].string }
    let talk = try Talk(home.mosaic(["chat", "--model", home.model("echo")] + options), columns: 200)
    try await talk.prompts()
    talk.type("/question\r")
    try await talk.shows(bank[0])
    try await talk.says("")
    talk.type("/question skip\r")
    try await talk.shows(bank[2])
    try await talk.says(" I never knew.")
    talk.type("/question\r")
    try await talk.shows(bank[2])
    talk.type("\u{15}")
    #expect(try await talk.leave().status == 0)
    let said = try await home.messages().all.filter { $0.role == "user" }.map(\.content)
    #expect(said == [bank[0], "\(bank[2]) I never knew."])
    let next = try await home.mosaic("questions", "next").run().value
    #expect(next == bank[2])
  }

  @Test("/usage counts the tokens of this conversation, and what they cost at the prices that are set")
  func usage() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--new", "--model", home.model("echo"), "Another conversation.")
    func shown() async throws -> String {
      let talk = try Talk(home.mosaic("chat", "--new", "--model", home.model("echo"), "--plain"), columns: 100)
      try await talk.prompts()
      try await talk.says("/usage")
      try await talk.says("Hello.")
      try await talk.says("/usage")
      return try await talk.leave().screen
    }
    let screen = try await shown()
    let expected = try #require(
      try await home.json("usage").elements.first { $0["messages"].integer == 2 && $0["name"].string == "Hello." })
    #expect(screen.contains("Nothing has been said yet."))
    #expect(screen.firstMatch(of: /Messages +2\n/) != nil)
    #expect(screen.firstMatch(of: /Tokens read +([\d,]+)\n/)?.1 == "\(expected["input_tokens"].integer ?? -1)")
    #expect(screen.firstMatch(of: /Tokens written +([\d,]+)\n/)?.1 == "\(expected["output_tokens"].integer ?? -1)")
    #expect(!screen.contains("Cost"))
    try home.write(
      "prices:\n  simulator:\n    input: 3\n    output: 15\n    cache_read: 1\n    cache_write: 4\n",
      to: ".config/mosaic-ai/config.yaml")
    #expect(try await shown().firstMatch(of: /Cost +.*\d/) != nil)
  }

  @Test("--name finds the conversation of that name again, or starts it")
  func named() async throws {
    let home = try await Home.remembering("Rose")
    for text in ["One.", "Two."] {
      let talk = try Talk(home.mosaic("chat", "--name", "an evening", "--model", home.model("echo")))
      try await talk.prompts()
      try await talk.says(text)
      if text == "One." { try await talk.says("/title The evening") }
      _ = try await talk.leave()
      try await home.succeed("send", "--new", "--model", home.model("echo"), "Elsewhere.")
    }
    let named = try await home.json("conversations").elements.filter { $0["name"].string == "an evening" }
    #expect(named.count == 1 && named[0]["message_count"].integer == 4 && named[0]["title"].string == "The evening")
    #expect(try await home.mosaic("chat", "--name", "x", "--new").onTerminal().run().status == 64)
  }

  // MARK: What is kept open

  @Test("Two turns go over one connection")
  func connection() async throws {
    let (home, talk) = try await begin("normal")
    try await talk.says("One.")
    try await talk.says("Two.")
    try await talk.says("Three.")
    _ = try await talk.leave()
    let ports = try home.requests().map { $0["client_port"].integer ?? 0 }
    #expect(ports.count == 3 && Set(ports).count == 1 && !ports.contains(0))
  }

  @Test("Credentials that have expired between two turns are looked for again, and those that have not are kept")
  func expiry() async throws {
    let home = try await Home.remembering("Rose", .none)
    let program = try home.write(
      """
      echo >>"$HOME/calls"
      echo '{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret",'
      echo "\\"Expiration\\":\\"$(cat "$HOME/expiration")\\"}"
      """, to: "credentials.sh")
    try home.write("[default]\ncredential_process = sh \(program)\n", to: ".aws/config")
    func calls() -> Int { home.text("calls").count }
    let format = ISO8601DateFormatter()
    try home.write(format.string(from: Date(timeIntervalSinceNow: 20)), to: "expiration")
    let talk = try Talk(home.mosaic("chat", "--model", home.model("normal")))
    try await talk.prompts()
    try await talk.says("One.")
    #expect(calls() == 1)
    try home.write(format.string(from: Date(timeIntervalSinceNow: 3600)), to: "expiration")
    try await talk.says("Two.")
    #expect(calls() == 2)
    try await talk.says("Three.")
    #expect(calls() == 2)
    _ = try await talk.leave()
    #expect(try await home.messages().statuses.allSatisfy { $0 == "complete" })
  }

  @Test("Who corrects their credentials can go on in the same conversation")
  func corrected() async throws {
    let home = try await Home.remembering("Rose", .none)
    func write(_ secret: String) throws {
      try home.write(
        "[default]\naws_access_key_id = AKIDSIMULATOR\naws_secret_access_key = \(secret)\n", to: ".aws/credentials")
    }
    try write("wrong")
    let talk = try Talk(home.mosaic("chat", "--model", home.model("normal")))
    try await talk.prompts()
    try await talk.says("One.")
    #expect(try await home.messages().statuses == ["failed"])
    try write("simulator-secret")
    try await talk.says("/retry")
    _ = try await talk.leave()
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }
}

extension Home {
  /// What is in a file below the home folder.
  fileprivate func text(_ name: String) -> String { String(decoding: folder.contents(name) ?? Data(), as: UTF8.self) }
}
