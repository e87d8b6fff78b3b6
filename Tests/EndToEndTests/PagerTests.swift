import Foundation
import TestSupport
import Testing

import Platform

/// Long output on a terminal goes through a pager.
@Suite(.crowd, .inGoodTime) struct PagerTests {
  /// A home with a conversation of more rows than a terminal has.
  private func home() async throws -> Home {
    let home = try await Home.remembering("Rose")
    let lines = (1...30).map { "line \($0)" }.joined(separator: "\n")
    try await home.succeed("send", "--model", home.model("echo"), lines)
    return home
  }

  private func text(_ name: String, _ home: Home) -> String {
    String(decoding: home.folder.contents(name) ?? Data(), as: UTF8.self)
  }

  @Test(
    "What does not fit on a terminal goes to the pager, in color; what fits does not",
    arguments: [["history"], ["search", "line"], ["export", "last"], ["history", "-o", "json"]])
  func pages(arguments: [String]) async throws {
    let home = try await home()
    try await home.succeed("send", "--model", home.model("echo"), "The last line.")
    for _ in 0..<7 { try await home.succeed("send", "--new", "--model", home.model("echo"), "Another line.") }
    let id = try #require(try await home.json("conversations").elements.last?["id"].string)
    let arguments = arguments.map { $0 == "last" ? id : $0 } + (arguments[0] == "history" ? [id] : [])
    let command = home.mosaic(arguments).with("MOSAIC_AI_PAGER", "cat >paged; echo read")
    let ended = try await command.onTerminal().run()
    #expect(ended.status == 0 && ended.screen.hasSuffix("read\n") && !ended.screen.contains("line 1"))
    let paged = text("paged", home)
    #expect(paged.contains("Another") || paged.contains("last line."))
    if arguments[0] != "export", !arguments.contains("json") { #expect(paged.contains("\u{1b}[1m")) }
    let direct = try await command.with("MOSAIC_AI_PAGER", "").onTerminal().run()
    #expect(direct.screen.replacingOccurrences(of: "\r", with: "") == paged, "the same, at the same width")
    for short in [["history", "last", "--tail", "1"], ["search", "line", "--limit", "1"], ["export", "last"]] {
      try home.write("", to: "paged")
      let ended = try await home.mosaic(short).with("MOSAIC_AI_PAGER", "cat >paged").onTerminal().run()
      #expect(ended.screen.contains("line") && text("paged", home) == "", "\(short)")
    }
  }

  @Test("Rows count, not lines")
  func longLines() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), String(repeating: "word ", count: 400))
    let command = home.mosaic("history", "--tail", "1", "-o", "ndjson").with("PAGER", "cat >paged")
    let narrow = try await command.onTerminal(columns: 40).run()
    #expect(!narrow.screen.contains("word") && text("paged", home).contains("word"))
    try home.write("", to: "paged")
    let wide = try await command.onTerminal(columns: 400).run()
    #expect(wide.screen.contains("word") && text("paged", home) == "")
  }

  @Test(
    "Without a thread it gets everything, and both its end and a signal are noticed",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func noThread() async throws {
    let home = try Home()
    let user = uid_t.random(in: 100_000...900_000)
    try home.give(to: user)
    let lines = (1...30).map { "line \($0)" }.joined(separator: "\n")
    for arguments in [["legacies", "add", "Rose"], ["send", "--model", home.model("echo"), lines]] {
      #expect(try await OddMachine.asUser(user, arguments, in: home).run().status == 0)
    }
    try home.write("while read -r line; do echo \"> $line\"; done; read -r key </dev/tty\n", to: "pager")
    let command = try OddMachine.asUser(user, processes: 2, ["history"], in: home)
      .with("PAGER", "sh \(home.path)/pager").onTerminal()
    let read = try command.start()
    try await read.shows("> line 30")
    read.type("q\n")
    #expect(try await read.end(within: 25).status == 0)
    let ended = try command.start()
    try await ended.shows("> line 30")
    ended.signal(SIGTERM)
    #expect(try await ended.end(within: 25).ending == .killed(by: SIGTERM))
  }

  @Test("MOSAIC_AI_PAGER beats PAGER; empty, cat, --no-pager and a pipe leave it out")
  func which() async throws {
    let home = try await home()
    func shown(_ variables: [String: String], _ options: String...) async throws -> String {
      var command = home.mosaic(["history"] + options)
      for (name, value) in variables { command = command.with(name, value) }
      return try await command.onTerminal().run().screen
    }
    let (mine, other) = ("cat >/dev/null; echo mine", "cat >/dev/null; echo other")
    #expect(try await shown(["MOSAIC_AI_PAGER": mine, "PAGER": other]) == "mine\n")
    #expect(try await shown(["PAGER": other]) == "other\n")
    for (variables, options) in [
      (["MOSAIC_AI_PAGER": "", "PAGER": other], []), (["PAGER": ""], []), (["PAGER": " "], []), (["PAGER": "cat"], []),
      (["PAGER": other], ["--no-pager"]), (["PATH": "/nowhere"], []), (["TERM": "dumb"], []),
    ] as [([String: String], [String])] {
      var command = home.mosaic(["history"] + options).with("PAGER", nil)
      for (name, value) in variables { command = command.with(name, value) }
      let ended = try await command.onTerminal().run()
      #expect(ended.status == 0 && ended.screen.contains("line 1\n") && !ended.screen.contains("other"), "\(variables)")
    }
    let piped = try await home.mosaic("history").with("PAGER", other).run()
    #expect(piped.lines.count == 2 && piped.errors == "")
  }

  @Test("A pager named without options gets those that show colors, unless LESS says otherwise")
  func environment() async throws {
    let home = try await home()
    let command = home.mosaic("history").with("PAGER", "cat >/dev/null; echo \"less $LESS\"")
    #expect(try await command.onTerminal().run().screen == "less FRX\n")
    #expect(try await command.with("LESS", "M").onTerminal().run().screen == "less M\n")
  }

  @Test("Leaving the pager early is not an error, however long the output is")
  func early() async throws {
    let home = try await home()
    for number in 1...9 {
      try await home.succeed(
        "send", "--model", home.model("echo"), String(repeating: "line \(number) ", count: 1400))
    }
    for pager in ["head -1", "exit 3", "exec <&-; exit 0"] {
      let ended = try await home.mosaic("history").with("PAGER", pager).onTerminal().run()
      #expect(ended.status == 0 && ended.screen.split(separator: "\n").count <= 1, "\(pager): \(ended.screen)")
    }
  }

  @Test("Without the pager that is named, everything is written, and that is said", arguments: [1, 9])
  func missing(messages: Int) async throws {
    let home = try await home()
    for number in 1..<messages {
      try await home.succeed(
        "send", "--model", home.model("echo"), String(repeating: "line \(number) ", count: 1400))
    }
    let ended = try await home.mosaic("history").with("PAGER", "nosuchpager -x").onTerminal().run()
    #expect(ended.status == 0)
    #expect(ended.screen.contains("nosuchpager -x") && ended.screen.contains("--no-pager"))
    #expect(ended.screen.contains("line 1\n") && ended.screen.components(separatedBy: "── ").count == 2)
    if messages > 1 { #expect(ended.screen.contains("line 8 line 8")) }
    #expect(try await home.mosaic("history", "-q").with("PAGER", "nosuchpager").onTerminal().run().status == 0)
  }

  @Test("Ctrl-C is the pager's; what ends the program ends the pager first", arguments: [SIGTERM, SIGHUP])
  func signals(signal: Int32) async throws {
    let home = try await home()
    let pager = try home.write(
      """
      trap 'echo in''terrupted' INT
      trap 'echo put ba''ck; exit' TERM HUP
      cat >/dev/null
      echo read''y
      while :; do sleep 0.05; done
      """, to: "pager")
    let program = try home.mosaic("history").with("PAGER", "exec sh \(pager)").onTerminal().start()
    try await program.shows("ready")
    program.type("\u{3}")
    try await program.shows("interrupted")
    #expect(!program.hasEnded)
    program.signal(signal)
    let ended = try await program.end()
    #expect(ended.ending == .killed(by: signal))
    #expect(ended.screen.contains("put back"))
  }

  @Test("A pager that a signal ends takes the program with it")
  func killed() async throws {
    let home = try await home()
    let ended = try await home.mosaic("history").with("PAGER", "kill -TERM $$").onTerminal().run()
    #expect(ended.ending == .killed(by: SIGTERM))
  }

  @Test("An error comes after what there is")
  func errors() async throws {
    let home = try await Home.remembering("Rose")
    let ended = try await home.mosaic("history").with("PAGER", "cat >paged").onTerminal().run()
    #expect(ended.status == 66 && ended.screen.contains("mosaic-ai: error:"))
  }

  @Test("While someone reads, others can delete, and nothing is left in any file")
  func deleting() async throws {
    let home = try await home()
    for number in 1...9 {
      try await home.succeed(
        "send", "--model", home.model("echo"), String(repeating: "quince\(number) ", count: 1000))
    }
    let program = try home.mosaic("history").with("PAGER", "echo read''y; sleep 100").onTerminal().start()
    try await program.shows("ready")
    try await home.succeed("delete", "last", "--yes")
    #expect(try !home.databaseBytes().contains(text: "quince"))
    program.signal(SIGTERM)
    _ = try await program.end()
  }

  static let less = "/usr/bin/less"

  @Test(
    "less shows a page and leaves the terminal as it was",
    .enabled(if: FileManager.default.isExecutableFile(atPath: less), "less is not installed"))
  func usual() async throws {
    let home = try await home()
    let script =
      """
      trap : INT; mosaic-ai history; echo "status $?"; stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo; echo \
      over
      """
    let program = try home.shell(script).with("PAGER", nil).onTerminal().start()
    try await program.shows("line 20")
    #expect(!program.screenSoFar.contains("line 28"))
    program.type("G")
    try await program.shows("line 30")
    program.type("\u{3}")
    // What is typed before less has seen the interrupt goes with it.
    try await program.type("q", untilShown: "over")
    let screen = try await program.end().screen
    #expect(screen.contains("status 0\n") && screen.contains("icanon\n") && screen.contains("echo\n"))
  }
}
