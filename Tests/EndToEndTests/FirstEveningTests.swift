import Foundation
import TestSupport
import Testing

import Platform

/// What someone meets on the first evening: at a terminal, at first without anything.
@Suite(.crowd, .inGoodTime) struct FirstEveningTests {
  // MARK: Typing a message

  @Test("A line of 9,000 characters that is pasted into a terminal is stored whole", arguments: [40, 80] as [UInt16])
  func paste(columns: UInt16) async throws {
    let home = try await Home.remembering("Rose")
    let text = String(
      (0..<9000).map { index -> Character in index % 7 == 0 ? "é" : index % 11 == 0 ? "漢" : index % 5 == 0 ? " " : "x" }
    )
    let send = try home.mosaic("send", "--model", home.model("normal"), "-").onTerminal(columns: columns).start()
    try await send.shows("Ctrl-D")
    send.type(text + "\n\u{4}")
    #expect(try await send.end().status == 0)
    #expect(try await home.messages()[0].content == text)
  }

  @Test("Backspace, Ctrl-W and Ctrl-U work, Ctrl-D ends on an empty line or twice, and the arrows move")
  func editing() async throws {
    let home = try await Home.remembering("Rose")
    for (typed, text) in [
      ("Roses\u{7f}\u{7f}y\n\u{4}", "Rosy"), ("caf\u{e9}\u{7f}e\n\u{4}", "cafe"),
      ("one two\u{17}three\n\u{4}", "one three"),
      ("away\u{15}here\u{4}\u{4}", "here"), ("a\u{1b}[A\u{1b}[D\u{1b}OHb\u{5}\n\u{4}", "ba"),
      ("one\ntwo\n\u{4}", "one\ntwo"),
      ("👍🏽\u{7f}!\n\u{4}", "!"),
    ] {
      let send = try home.mosaic("send", "--new", "--model", home.model("normal"), "-").onTerminal(columns: 30).start()
      try await send.shows("Ctrl-D")
      send.type(typed)
      #expect(try await send.end().status == 0)
      let kept = try await home.messages()[0].content
      #expect(kept == text, "\(kept.debugDescription)")
    }
  }

  @Test("The terminal is as it was, however the typing ends", arguments: [SIGINT, SIGTERM, SIGHUP])
  func restored(signal: Int32) async throws {
    let home = try await Home.remembering("Rose")
    // Keys are echoed again only if the terminal is as it was.
    let script =
      """
      trap : INT TERM HUP QUIT; mosaic-ai send -; stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e echo -e isig; echo \
      over
      """
    let shell = try home.shell(script).onTerminal().start()
    try await shell.shows("empty line")
    let child = try await home.shell("cat /proc/\(shell.pid)/task/\(shell.pid)/children").run().value
    let pid = try #require(pid_t(child.split(separator: " ").first ?? ""))
    shell.type("half a line")
    try await shell.shows("half a line")
    kill(pid, signal)
    try await shell.shows("over")
    let screen = try await shell.end().screen
    for mode in ["icanon", "echo", "isig"] { #expect(screen.contains("\(mode)\n")) }
  }

  @Test(
    "A terminal that goes while something is typed has answered nothing and sent nothing",
    .enabled(if: Tool.have("python3"), "python3 is not installed"),
    arguments: [
      (["delete", "last"], "y"), (["legacies", "remove", "Rose"], "y"), (["send", "-"], "half a thou"),
      (["send", "-"], "a line\r"), (["interview", "--questions", "-", "--name", "iv"], "Who was sh"),
      (["delete", "last"], ""), (["chat"], "half a thou"), (["send", "--user", "new", "Hello."], "Jo"),
      (["send", "--user", "new", "Hello."], "Jo\ry"),
    ] as [([String], String)], [true, false])
  func terminalGoes(command: ([String], String), isControlling: Bool) async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let script =
      """
      import fcntl, os, subprocess, sys, termios, time
      text, is_controlling = sys.argv[1].encode(), sys.argv[2] == "true"
      master, slave = os.openpty()
      def prepare():
          os.setsid()
          if is_controlling: fcntl.ioctl(0, termios.TIOCSCTTY, 0)
      program = subprocess.Popen(sys.argv[3:], stdin=slave, stdout=slave, stderr=slave, preexec_fn=prepare)
      os.close(slave)
      # Keys are taken once something is asked.
      time.sleep(0.5)
      for byte in text:
          os.write(master, bytes([byte]))
          time.sleep(0.02)
      time.sleep(0.3)
      os.close(master)
      print(program.wait())
      """
    let ended = try await Command(
      Tool.path("python3"), ["-c", script, command.1, "\(isControlling)", "mosaic-ai"] + command.0,
      variables: home.variables, folder: home.path, owner: home
    ).run()
    #expect(ended.output == "\(-SIGHUP)\n", "\(ended.output) \(ended.errors)")
    #expect(try await home.messages().statuses == ["complete", "complete"], "nothing has changed")
    #expect(try await home.conversationCount() == 1)
    #expect(try await home.succeed("legacies", "--user", "new").output.isEmpty)
  }

  @Test(
    "What was typed when a signal came is kept in a file, unless it was Ctrl-C", arguments: [SIGTERM, SIGHUP, SIGINT])
  func typedTextIsKept(signal: Int32) async throws {
    let home = try await Home.remembering("Rose")
    let send = try home.mosaic("send", "-").with("TMPDIR", home.path).onTerminal().start()
    try await send.shows("empty line")
    send.type("One line.\rHalf a li")
    try await send.shows("Half a li")
    if signal == SIGINT { send.type("\u{3}") } else { send.signal(signal) }
    let ended = try await send.end()
    #expect(ended.ending == .killed(by: signal))
    let kept = try home.list().filter { $0.hasPrefix("mosaic-ai.") }.map { "\($0)/message.txt" }
    #expect(kept.count == (signal == SIGINT ? 0 : 1))
    for file in kept { #expect(home.folder.contents(file) == Data("One line.\nHalf a li".utf8)) }
    #expect(try await home.conversationCount() == 0)
  }

  @Test("Ctrl-C in an editor that goes on is the editor's alone")
  func interruptInEditor() async throws {
    let home = try await Home.remembering("Rose")
    let editor = try home.write(
      "trap 'echo Edited. >\"$1\"; exit 0' INT\necho waiting\nwhile :; do sleep 0.05; done\n", to: "editor")
    let send = try home.mosaic("send", "--edit", "--model", home.model("echo")).with("VISUAL", "sh \(editor)")
      .onTerminal().start()
    try await send.shows("waiting")
    send.type("\u{3}")
    let ended = try await send.end()
    #expect(ended.status == 0, "\(ended.screen)")
    #expect(try await home.messages()[0].content == "Edited.")
  }

  @Test("Ctrl-C interrupts typing and stores nothing")
  func interrupt() async throws {
    let home = try await Home.remembering("Rose")
    let send = try home.mosaic("send", "-").onTerminal().start()
    try await send.shows("empty line")
    send.type("half\u{3}")
    #expect(try await send.end().ending == .killed(by: SIGINT))
    #expect(try await home.conversationCount() == 0)
  }

  @Test("A message that cannot be stored is kept in a file of its own")
  func keptText() async throws {
    let home = try await Home.remembering("Rose")
    let send = try home.mosaic("send", "-").with("TMPDIR", home.path).onTerminal(columns: 200).start()
    try await send.shows("empty line")
    send.type(String(repeating: "x", count: 10_001) + "\n\u{4}")
    let ended = try await send.end()
    #expect(ended.status == 65)
    let path = try #require(ended.screen.firstMatch(of: /kept in (\S+)/)?.1)
    #expect(try String(contentsOfFile: String(path), encoding: .utf8).count == 10_002)
  }

  @Test("The editor gets a private file, an empty text sends nothing, and what a failing editor wrote is kept")
  func editor() async throws {
    let home = try await Home.remembering("Rose")
    try home.write(
      "ls -l \"$2\" >>'\(home.path)/seen'\nprintf '%s' \"$TEXT\" >\"$2\"\nexit ${STATUS:-0}\n", to: "editor.sh")
    let send = home.mosaic("send", "--edit", "--model", home.model("normal")).with("TMPDIR", home.path)
      .with("EDITOR", "sh '\(home.path)/editor.sh' --wait").with("TEXT", "She sang.")
    #expect(try await send.run().status == 0)
    #expect(try await home.messages()[0].content == "She sang.")
    #expect(try String(contentsOfFile: "\(home.path)/seen", encoding: .utf8).hasPrefix("-rw-------"))
    let empty = try await send.with("TEXT", " ").run()
    #expect(empty.status == 0 && empty.output == "" && !empty.errors.isEmpty)
    let left = { try FileManager.default.contentsOfDirectory(atPath: home.path).filter { $0.hasPrefix("mosaic-ai.") } }
    #expect(try left() == [])
    let failed = try await send.with("STATUS", "3").run()
    #expect(failed.status == 65 && failed.hint.contains("kept in"))
    #expect(try left().count == 1)
    #expect(try await home.messages().count == 2)
  }

  @Test("A folder for temporary files whose name looks like an option is a folder to the editor too")
  func oddTemporaryFolder() async throws {
    let home = try await Home.remembering("Rose")
    mkdir("\(home.path)/-x", 0o700)
    try home.write("printf '%s' \"$1\" >\"$1\"\n", to: "editor.sh")
    let ended = try await home.mosaic("send", "--edit", "--model", home.model("normal")).with("TMPDIR", "-x")
      .with("EDITOR", "sh '\(home.path)/editor.sh'").run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try await home.messages()[0].content.hasPrefix("./-x/"))
  }

  // MARK: Whose life it is

  @Test("The question about the legacy ignores what was typed before and refuses a command")
  func legacyQuestion() async throws {
    let home = try Home()
    let send = try home.mosaic("send", "--model", home.model("echo"), "Hello.").onTerminal().start()
    try await send.shows("Whose life")
    send.type("mosaic-ai send --persona friend\n")
    try await send.shows("looks like a command")
    send.type("Rose Miller\n")
    try await send.shows("Remember Rose Miller?")
    send.type("\n")
    let ended = try await send.end()
    #expect(ended.status == 0 && ended.screen.contains("Added Rose Miller."))
    #expect(try await home.json("legacies").elements.map { $0["name"].string } == ["Rose Miller"])
  }

  @Test("Adding a legacy says what to do next on a terminal, and through a pipe gives the id alone")
  func adding() async throws {
    let home = try Home()
    let shown = try await home.mosaic("legacies", "add", "Rose").onTerminal().run().screen
    #expect(shown.contains("mosaic-ai send \"MESSAGE\""))
    #expect(try await home.succeed("legacies", "add", "Jo").errors == "")
  }

  @Test("Removing what others have talked about asks for the name")
  func removing() async throws {
    let home = try await Home.remembering("Rosé")
    try await home.succeed("legacies", "share", "Rosé", "bob")
    try await home.succeed("send", "Hello.", "--user", "bob")
    let yes = try home.mosaic("legacies", "remove", "Rosé").onTerminal().start()
    try await yes.shows("Type the name")
    yes.type("y\n")
    #expect(try await yes.end().status == 0)
    #expect(try await home.json("legacies").elements.count == 1)
    let named = try home.mosaic("legacies", "remove", "Rosé").onTerminal().start()
    try await named.shows("Type the name")
    named.type("rose\n")
    #expect(try await named.end().status == 0)
    #expect(try await home.json("legacies").elements.isEmpty)
  }

  @Test("Sharing with an unknown handle works, and warns with the nearest known one")
  func sharing() async throws {
    let home = try await Home.remembering("Rose")
    let first = try await home.mosaic("legacies", "share", "Rose", "barbara").run()
    #expect(first.status == 0 && first.standardError.warnings.count == 1)
    let typo = try await home.mosaic("legacies", "share", "Rose", "barbra").run()
    #expect(typo.status == 0 && typo.hint.contains("\"barbara\""))
    let known = try await home.mosaic("legacies", "share", "Rose", "barbara").run()
    #expect(known.errors == "")
  }

  // MARK: While a reply is awaited

  @Test("On a terminal it says who answers, about which legacy; not elsewhere, nor with --quiet")
  func introduction() async throws {
    let home = try await Home.remembering("Rose")
    let send = home.mosaic("send", "--persona", "friend", "--new", "--model", home.model("echo"), "Hello.")
    let line = "The Friend · Rose · new conversation"
    #expect(try await send.onTerminal().run().screen.contains(line))
    #expect(try await !send.run().errors.contains("The Friend"))
    #expect(try await !send.appending(Array("-q".utf8)).onTerminal().run().screen.contains("The Friend"))
    let plain = try await send.with("NO_COLOR", "1").onTerminal().run().screen
    #expect(plain.contains(line) && !plain.contains("\u{1b}"))
  }

  @Test("From a second on it says what it waits for, on a line that the first word erases")
  func waiting() async throws {
    let home = try await Home.remembering("Rose")
    let slow = try await home.mosaic("send", "--model", home.model("slow-headers-1500"), "Hello.")
      .with("NO_COLOR", "1").onTerminal().run()
    #expect(slow.status == 0 && slow.screen.contains("…\r \r"))
    let busy = home.mosaic("send", "--model", home.model("throttle-retry-after-2-1"), "Hello.").with("NO_COLOR", "1")
    let shown = try await busy.onTerminal().run().screen
    #expect(shown.contains("Amazon Bedrock is busy; trying again in 2 s (2 of 3)\r"))
    let home2 = try await Home.remembering("Rose")
    let dumb = try await home2.mosaic("send", "--model", home2.model("throttle-retry-after-1-1"), "Hello.")
      .with("TERM", "dumb").onTerminal().run().screen
    #expect(!dumb.replacingOccurrences(of: "\r\n", with: "\n").contains("\r"))
    #expect(dumb.contains("warning"))
  }

  @Test(
    "Errors are wrapped between words, a command stands alone, and a URL is never broken", arguments: [40, 72, 100])
  func wrapping(columns: UInt16) async throws {
    let home = try await Home.remembering("Rose")
    let ended = try await home.mosaic("send", "--model", home.model("access-denied"), "Hello.")
      .with("NO_COLOR", "1").onTerminal(columns: columns).run()
    #expect(ended.status == 77)
    let lines = ended.screen.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("mosaic-ai: error: ") })
    #expect(lines.contains { $0.wholeMatch(of: #/ +mosaic-ai send --retry --conversation [0-9a-f]{8}/#) != nil })
    for line in lines where !line.contains("https://") && !line.contains("mosaic-ai send") {
      #expect(line.count <= Int(columns))
    }
  }

  // MARK: Asking again

  @Test("The same text after an error is stored once, and every missing reply comes with --retry --all")
  func retries() async throws {
    let home = try await Home.remembering("Rose")
    let failing = ["--max-attempts", "1", "--model", home.model("http-500")]
    for text in ["one", "one", "two"] {
      #expect(try await home.mosaic(["send", text] + failing).run().status == 75)
    }
    #expect(try await home.messages().contents == ["one", "two"])
    let third = try await home.mosaic("send", "three", "--model", home.model("echo")).run()
    #expect(third.status == 0 && third.errors.contains("send --retry --all"))
    try await home.succeed("send", "other", "--new", "--model", home.model("echo"))
    let latest = try await home.json("conversations")[0]["id"].string
    let all = try await home.mosaic("send", "--retry", "--all", "--model", home.model("echo"), "-o", "json").run()
    #expect(all.status == 0)
    #expect(try all.jsonLines().map { $0["content"].string } == ["one", "two"])
    #expect(try await home.json("conversations")[0]["id"].string == latest)
    let again = try await home.mosaic("send", "--retry", "--all").run()
    #expect(again.status == 66)
  }

  @Test("--retry --all goes on after what may pass, and stops at what will not")
  func retryAllStops() async throws {
    let home = try await Home.remembering("Rose")
    for text in ["one", "two"] {
      _ = try await home.mosaic("send", text, "--max-attempts", "1", "--model", home.model("http-500")).run()
    }
    let passing = try await home.mosaic(
      "send", "--retry", "--all", "--max-attempts", "1", "--model", home.model("http-500"), "-o", "ndjson"
    ).run()
    #expect(passing.status == 75)
    #expect(try passing.jsonLines().filter { $0["type"].string == "error" }.count == 2)
    let denied = try await home.mosaic(
      "send", "--retry", "--all", "--model", home.model("access-denied"), "-o", "ndjson"
    ).run()
    #expect(denied.status == 77)
    #expect(try denied.jsonLines().filter { $0["type"].string == "error" }.count == 1)
  }

  @Test("--retry --message answers one message, and options that do not go together are refused")
  func retryOne() async throws {
    let home = try await Home.remembering("Rose")
    _ = try await home.mosaic("send", "one", "--max-attempts", "1", "--model", home.model("http-500")).run()
    try await home.succeed("send", "two", "--model", home.model("echo"))
    let id = try await home.messages()[0].id
    try await home.succeed("send", "--retry", "--message", String(id.prefix(8)), "--model", home.model("echo"))
    #expect(try await home.messages().contents == ["one", "one", "two", "two"])
    for arguments in [
      ["--retry", "--all", "--message", id], ["--all"], ["--message", id], ["--retry", "--message", id, "--new"],
      ["--retry", "--all", "--conversation", "last"], ["--edit", "-"],
    ] {
      #expect(try await home.mosaic(["send"] + arguments).run().status == 64, "\(arguments)")
    }
  }

  @Test("A plain send goes on with the persona of the latest conversation, and doctor says so")
  func persona() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("send", "Hello.", "--persona", "Friend", "--model", home.model("echo"))
    try await home.succeed("send", "And.", "--model", home.model("echo"))
    #expect(try await home.conversationCount() == 1)
    let checks = try await home.json("doctor")["checks"].elements
    let persona = checks.first { $0["name"].string == "persona" }
    #expect(persona?["value"].string == "friend" && persona?["origin"].string == "your latest conversation")
    #expect(try await home.json("personas", "show", "Friend")["id"].string == "friend")
  }

  // MARK: Settings

  @Test("config changes the file and keeps what else is in it")
  func config() async throws {
    let home = try Home()
    let path = "\(home.configurationFolder)/config.yaml"
    #expect(try await home.succeed("config", "path").value == path)
    try await home.succeed("config", "set", "max_tokens", "500")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    try home.write("# mine\nmax_tokens: 500 # enough\n", to: ".config/mosaic-ai/config.yaml")
    try await home.succeed("config", "set", "max_tokens", "600")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "# mine\nmax_tokens: 600  # enough\n")
    #expect(try await home.succeed("config", "get", "max_tokens").value == "600")
    #expect(try await home.mosaic("config", "get", "persona").run().status == 66)
    #expect(try await home.mosaic("config", "set", "max_tokens", "none").run().status == 64)
    let typo = try await home.mosaic("config", "set", "maxtokens", "5").run()
    #expect(typo.status == 64 && typo.hint.contains("max_tokens"))
    let list = try await home.json("config")
    #expect(list.elements.allSatisfy { $0.names == ["key", "value", "origin"] })
    #expect(list.elements.first { $0["key"].string == "region" }?["origin"].string == "AWS_REGION")
    try await home.succeed("config", "unset", "max_tokens")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "# mine\n")
  }

  @Test("output: sse in the environment or config.yaml is for replies alone")
  func serverSentEvents() async throws {
    let home = try await Home.remembering("Rose")
    try await home.succeed("config", "set", "output", "sse")
    #expect(try await home.succeed("legacies").value.contains("Rose"))
    #expect(try await home.succeed("send", "Hi", "--model", home.model("echo")).output.hasPrefix("data: "))
    #expect(try await home.mosaic("history").with("MOSAIC_AI_OUTPUT", "sse").run().status == 0)
    #expect(try await home.mosaic("history", "-o", "sse").run().status == 64)
  }

  @Test("setup tries a key and keeps it for its user alone; a file that others can read is refused")
  func setup() async throws {
    let home = try Home(.none)
    #expect(try await home.mosaic("setup").run().status == 64)
    let setup = try home.mosaic("setup").with("AWS_REGION", nil).onTerminal().start()
    try await setup.shows("API key:")
    setup.type("simulator-api-key\n")
    try await setup.shows("AWS region")
    setup.type("eu-central-1\n")
    let ended = try await setup.end()
    #expect(ended.status == 0 && !ended.screen.contains("simulator-api-key"))
    #expect(ended.screen.contains("mosaic-ai send"))
    let keyFile = "\(home.configurationFolder)/credentials.yaml"
    #expect(try FileManager.default.attributesOfItem(atPath: keyFile)[.posixPermissions] as? Int == 0o600)
    try await home.succeed("legacies", "add", "Rose")
    try await home.succeed("send", "Hello.", "--model", home.model("echo"))
    let report = try await home.json("doctor")["checks"].elements
    #expect(report.first { $0["name"].string == "credentials" }?["origin"].string?.contains("credentials.yaml") == true)
    chmod(keyFile, 0o644)
    let refused = try await home.mosaic("send", "Hello again.").run()
    #expect(refused.status == 78 && refused.hint.contains("chmod 600") && !refused.errors.contains("simulator-api-key"))
    let other = try await home.mosaic("send", "--retry", "--model", home.model("echo"))
      .with("AWS_BEARER_TOKEN_BEDROCK", "simulator-api-key").run()
    #expect(other.status == 0, "a key in the environment is used instead")
  }

  @Test("A key that setup is told and Amazon Bedrock refuses is called the one that was typed, and is not saved")
  func setupWithAnotherKey() async throws {
    let home = try Home(.none)
    let setup = try home.mosaic("setup").onTerminal().start()
    try await setup.shows("API key:")
    setup.type("not-the-key\n")
    try await setup.shows("AWS region")
    setup.type("\n")
    try await setup.shows("Try something else?")
    setup.type("n\n")
    let ended = try await setup.end()
    #expect(ended.status == 78, "\(ended.screen)")
    #expect(ended.screen.contains("as typed") && ended.screen.contains("pasted the whole key"))
    #expect(!ended.screen.contains("AWS_BEARER_TOKEN_BEDROCK") && !ended.screen.contains("not-the-key"))
    #expect(!FileManager.default.fileExists(atPath: "\(home.configurationFolder)/credentials.yaml"))
  }

  @Test("doctor says first whether anything is missing")
  func verdict() async throws {
    let home = try await Home.remembering("Rose")
    let ready = try await home.mosaic("doctor").with("NO_COLOR", "1").onTerminal().run()
    #expect(ready.status == 0 && ready.screen.hasPrefix("Ready."))
    let bare = try await Home.remembering("Rose", .none)
    let missing = try await bare.mosaic("doctor").with("NO_COLOR", "1").onTerminal().run()
    #expect(missing.status == 78 && missing.screen.hasPrefix("One thing is missing:"))
    #expect(missing.screen.contains("mosaic-ai setup"))
    let wrong = try await home.mosaic("doctor", "--region", "us-esat-1")
      .with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", nil).run()
    #expect(wrong.status == 64)
  }
}
