import Foundation
import TestSupport
import Testing

import Platform

/// Text in other encodings and spellings, times from clocks that are wrong, things that are gone or have one name.
@Suite(.crowd, .inGoodTime) struct OddTextTests {
  /// "José" in ISO 8859-1, for printf(1).
  private static let latin1 = #"Jos\351"#

  // MARK: Encodings

  @Test(
    "A variable that is not UTF-8 is refused as an argument is, and nothing is made of it",
    arguments: [
      "HOME", "MOSAIC_AI_DATABASE", "MOSAIC_AI_USER", "MOSAIC_AI_LEGACY", "MOSAIC_AI_PERSONA", "MOSAIC_AI_MODEL",
      "XDG_DATA_HOME", "XDG_CONFIG_HOME", "AWS_PROFILE", "AWS_CONFIG_FILE", "TMPDIR", "EDITOR", "PAGER", "HTTPS_PROXY",
    ])
  func variable(name: String) async throws {
    let home = try Home()
    let script =
      "value=$(printf '%b' \"$PWD/\(OddTextTests.latin1)\"); mkdir -p \"$value\"; export \(name)=\"$value\"; \"$@\""
    for arguments in [
      ["legacies", "add", "Rose"], ["legacies"], ["send", "Hello."], ["doctor"], ["backup", "copy"], ["config"],
    ] {
      let ended = try await home.shell(script, [Programs.mosaicAI] + arguments)
        .run()
      #expect(ended.status == 65, "\(arguments): \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint && ended.error.contains(name), "\(ended.errors)")
    }
    let json = try await home.shell(script, [Programs.mosaicAI, "send", "-o", "json", "Hi."]).run()
    #expect(try json.json()["code"].string == "invalid_input")
    // The folder of that name alone, and nothing in it. Foundation cannot name it.
    let found = try await home.shell("find . -mindepth 1 | wc -l").run()
    #expect(found.value.trimmingCharacters(in: .whitespaces) == "1")
    // Help needs nothing of it.
    let help = try await home.shell(script, [Programs.mosaicAI, "--version"]).run()
    #expect(help.status == 0)
  }

  @Test("A variable whose value begins with a mark has that value")
  func mark() async throws {
    let home = try Home()
    let added = try await home.mosaic("legacies", "add", "Rose").with("MOSAIC_AI_DATABASE", "\u{301}rose.db").run()
    #expect(added.status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).contains("\u{301}rose.db"))
  }

  @Test("A variable that nobody here uses may have any bytes, and a program that is started gets them")
  func foreignVariable() async throws {
    let home = try await Home.remembering("Rose", .none)
    try home.write("[default]\ncredential_process = /bin/sh \(home.path)/keys\n", to: ".aws/config")
    try home.write(
      """
      printf '%s' "$NOTE" > \(home.path)/note
      echo '{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret"}'
      """, to: "keys")
    let script = "NOTE=$(printf '%b' '\(OddTextTests.latin1)') exec mosaic-ai send --model \"$1\" Hello."
    let ended = try await home.shell(script, home.model("echo")).run()
    #expect(ended.status == 0 && ended.output == "Hello.\n", "\(ended.errors)")
    #expect(home.folder.contents("note") == Data([0x4a, 0x6f, 0x73, 0xe9]))
  }

  @Test(
    "A home folder that only the system knows, by a name that is not UTF-8, is refused, and no other one is taken",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"),
    arguments: [["legacies", "add", "Rose"], ["legacies"], ["send", "Hello."], ["doctor"], ["config", "path"]])
  func accountHome(arguments: [String]) async throws {
    let home = try Home()
    let script = """
      unset HOME; FAULT_HOME=$(printf '%b' "$PWD/\(OddTextTests.latin1)"); export FAULT_HOME; mkdir "$FAULT_HOME"
      LD_PRELOAD=$1; export LD_PRELOAD; shift; exec "$@"
      """
    let library = try OddMachine.fault("FAULT_HOME", "")[0].1
    let ended = try await home.shell(script, [library, Programs.mosaicAI] + arguments).run()
    #expect(ended.status == 65, "\(ended.errors)")
    #expect(ended.standardError.isErrorAndHint && ended.error.contains("home") && ended.hint.contains("HOME"))
    // One that is set is the home folder, whatever the system knows.
    let set = try await home.shell(
      script.replacing("unset HOME", with: "HOME=$PWD"), [library, Programs.mosaicAI, "legacies"]
    ).run()
    #expect(set.status == 0, "\(set.errors)")
  }

  @Test(
    "A variable for traces that is not UTF-8 is told and ignored, as a value that cannot be used is",
    arguments: [
      ("OTEL_SERVICE_NAME", true), ("OTEL_TRACES_EXPORTER", true), ("OTEL_TRACES_EXPORTER", false),
      ("OTEL_EXPORTER_OTLP_ENDPOINT", false), ("OTEL_RESOURCE_ATTRIBUTES", true), ("OTEL_TRACES_SAMPLER", true),
      ("TRACEPARENT", true), ("OTEL_SDK_DISABLED", true),
    ])
  func traces(name: String, hasFile: Bool) async throws {
    let home = try await Home.remembering()
    let script = """
      value=$(printf '%b' '\(OddTextTests.latin1)'); export \(name)="$value"; exec mosaic-ai send --model "$1" Hello.
      """
    var command = home.shell(script, home.model("echo"))
    if hasFile { command = command.with("MOSAIC_AI_TRACE_FILE", "\(home.path)/t.json") }
    let ended = try await command.run()
    #expect(ended.status == 0 && ended.output == "Hello.\n", "\(ended.errors)")
    #expect(ended.standardError.warnings.count == 1 && ended.errors.contains(name), "\(ended.errors)")
    #expect((home.folder.contents("t.json") != nil) == hasFile)
  }

  @Test("A program is found in a folder whose name is not UTF-8: a source of credentials, a pager")
  func foreignFolder() async throws {
    let home = try await Home.remembering("Rose", .none)
    try home.write("[profile p]\ncredential_process = mycred\n", to: ".aws/config")
    let script = """
      folder=$(printf '%b' "$PWD/\(OddTextTests.latin1)") && mkdir "$folder" && PATH="$folder:$PATH" && export PATH &&
      cat > "$folder/mycred" <<'END' && printf '#!/bin/sh\\necho paged\\n' > "$folder/less" && chmod +x "$folder"/* &&
      #!/bin/sh
      echo '{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret"}'
      END
      mosaic-ai send --profile p --model "$1" "$2" && unset PAGER && exec mosaic-ai history
      """
    let lines = (1...40).map { "line \($0)" }.joined(separator: "\n")
    let ended = try await home.shell(script, home.model("echo"), lines).onTerminal().run()
    #expect(ended.status == 0 && ended.screen.hasSuffix("paged\n"), "\(ended.screen)")
  }

  @Test("Any bytes in NO_COLOR leave out color")
  func noColor() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let script = "NO_COLOR=$(printf '%b' '\(OddTextTests.latin1)') exec mosaic-ai history"
    #expect(try await !home.shell(script).onTerminal().run().screen.contains("\u{1b}["))
    #expect(try await home.shell("exec mosaic-ai history").onTerminal().run().screen.contains("\u{1b}["))
  }

  @Test("A working folder whose name is not UTF-8 is a place for a database like any other")
  func workingFolder() async throws {
    let home = try Home()
    let script = """
      folder=$(printf '%b' '\(OddTextTests.latin1)') && mkdir "$folder" && cd "$folder" && mosaic-ai legacies add Rose --database db &&
      mosaic-ai send --model "$1" Hello. --database db && mosaic-ai backup copy --database db &&
      mosaic-ai restore copy --database db && ls
      """
    let ended = try await home.shell(script, home.model("echo")).run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.lines.suffix(4) == ["copy", "db", "db-lock", "db.before-restore.backup"])
  }

  @Test("A configuration that is not UTF-8 is refused", arguments: ["config.yaml", "personas.yaml"])
  func configuration(name: String) async throws {
    let home = try Home()
    let script =
      """
      mkdir -p .config/mosaic-ai && printf 'user: \(OddTextTests.latin1)\\n' > .config/mosaic-ai/\(name) && mosaic-ai \
      send Hi.
      """
    let ended = try await home.shell(script).run()
    #expect(ended.status == 78 && ended.error.contains(name), "\(ended.errors)")
  }

  @Test("An answer at the terminal that is not UTF-8 is refused, and goes nowhere")
  func answer() async throws {
    let home = try Home()
    let send = try home.mosaic("send", "--model", home.model("echo"), "Hello.").onTerminal().start()
    try await send.shows("Whose life is it about?")
    send.type([0x4a, 0x6f, 0x73, 0xe9, 0x0a])
    let ended = try await send.end()
    #expect(ended.status == 65, "\(ended.screen)")
    #expect(try await home.json("legacies").elements.isEmpty)
    #expect(try home.requests().isEmpty)
    try await home.succeed("legacies", "add", "Rose")
    let text = try home.mosaic("send", "-", "--model", home.model("echo")).onTerminal().start()
    try await text.shows("listening")
    text.type([0x4a, 0x6f, 0x73, 0xe9, 0x0a, 0x04])
    #expect(try await text.end().status == 65)
    #expect(try await home.conversationCount() == 0)
  }

  @Test("What an editor saves in another encoding is refused and kept")
  func editor() async throws {
    let home = try await Home.remembering()
    try home.write("printf '%b' '\(OddTextTests.latin1)' > \"$1\"\n", to: "editor")
    let ended = try await home.mosaic("send", "--edit").with("EDITOR", "/bin/sh \(home.path)/editor")
      .with("TMPDIR", home.path).run()
    #expect(ended.status == 65, "\(ended.errors)")
    #expect(ended.hint.contains("\(home.path)/mosaic-ai."))
    #expect(try await home.conversationCount() == 0)
  }

  @Test("A file with nothing but a byte order mark is an empty message, and the mark is not part of one")
  func byteOrderMark() async throws {
    let home = try await Home.remembering()
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    for rest in ["", "\n", " \r\n\t", "\u{200b}\u{2060}\n"] {
      let ended = try await home.mosaic("send").reading(mark + Array(rest.utf8)).run()
      #expect(ended.status == 65, "\(ended.errors)")
      #expect(try await home.mosaic("send", "\u{feff}\(rest)").run().status == 65)
    }
    #expect(try await home.conversationCount() == 0)
    let sent = try await home.mosaic("send", "--model", home.model("echo")).reading(mark + Array("Hello.\n".utf8)).run()
    #expect(sent.outputBytes == Array("Hello.\n".utf8))
    #expect(try await home.messages()[0].content == "Hello.")
    try home.write("printf '\\357\\273\\277' > \"$1\"\n", to: "editor")
    let edited = try await home.mosaic("send", "--edit").with("EDITOR", "/bin/sh \(home.path)/editor").run()
    #expect(edited.status == 0)
    #expect(try await home.messages().count == 2)
  }

  // MARK: Handles

  @Test("A handle is the same person's however its accents are written")
  func handle() async throws {
    let home = try Home()
    let (composed, decomposed) = ("Zo\u{eb}", "Zoe\u{308}")
    try await home.succeed("legacies", "add", "Rose", "--user", decomposed)
    let sent = try await home.mosaic("send", "--model", home.model("echo"), "Hello.").with("MOSAIC_AI_USER", composed)
      .run()
    #expect(sent.status == 0, "\(sent.errors)")
    for handle in [composed, decomposed] {
      #expect(try await home.messages("--user", handle).count == 2)
      let shared = try await home.succeed("legacies", "share", "Rose", handle, "--role", "owner", "--user", composed)
      #expect(shared.errors == "", "it is not a new handle")
    }
    let members = try await home.succeed("legacies", "members", "Rose", "--user", decomposed)
    #expect(members.lines.count == 1)
    #expect(members.output.unicodeScalars.contains("\u{eb}"), "it is kept composed")
    #expect(try await home.mosaic("history", "--user", "zo\u{eb}").run().status == 66)
  }

  // MARK: Times

  @Test(
    "Whatever the clock says, times can be written, and an export can be imported",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"),
    arguments: [
      ("4102444800", "2100-01-01T"), ("253402300799", "9999-12-31T23:59:59."),
      ("253402300800", "9999-12-31T23:59:59.999Z"),
      ("300000000000", "9999-12-31T23:59:59.999Z"), ("9223372036854775807", "9999-12-31T23:59:59.999Z"),
      ("-1", "1969-12-31T23:59:59."), ("-62167219200", "0000-01-01T00:00:00."),
      ("-62167219201", "0000-01-01T00:00:00.000Z"), ("-9223372036854775808", "0000-01-01T00:00:00.000Z"),
    ])
  func clock(seconds: String, expected: String) async throws {
    let home = try Home()
    for arguments in [["legacies", "add", "Rose"], ["send", "--model", home.model("echo"), "Hello."], ["legacies"]] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_CLOCK", seconds).run()
      #expect(ended.status == 0, "\(arguments): \(ended.errors)")
    }
    let history = try await home.json("history")["messages"].elements
    #expect(history.allSatisfy { $0["created_at"].string?.hasPrefix(expected) == true })
    let archive = try home.write(try await home.succeed("export", "last", "-o", "ndjson").output, to: "archive")
    try await home.succeed("import", archive, "--database", "other")
    #expect(try await home.messages("--database", "other").count == 2)
    // It belongs to every stretch of time without a beginning or an end.
    for options in [[], ["--until", "9999"], ["--since", "0000-01-01T00:00:00Z"]] {
      let usage = try await home.mosaic(["usage", "--by", "day", "-o", "json"] + options)
        .with("TZ", "UTC0").run().json().elements
      #expect(usage.map { $0["messages"].integer } == [2])
      #expect(usage.first?["key"].string.map { expected.hasPrefix($0) } == true, "\(usage)")
      for command in [["history"], ["search", "Hello"], ["export", "last"]] {
        let ended = try await home.mosaic(command + ["-o", "ndjson"] + options).run()
        #expect(ended.output.components(separatedBy: #""role":""#).count == 3, "\(command) \(options)")
      }
      #expect(try await home.mosaic(["conversations"] + options).run().lines.count == 1)
    }
    // For people, the future is a date.
    for command in [["conversations"], ["history"], ["search", "Hello"], ["legacies", "members", "Rose"]] {
      let screen = try await home.mosaic(command).onTerminal(columns: 120).run().screen
      #expect(!screen.contains("just now"), "\(screen)")
      // A local time zone may be a day off.
      #expect(
        ["2100", "2099", "9999", "1969", "1970", "0000"].contains {
          screen.contains("\($0)-") || screen.contains(" \(Int($0) ?? 0) ──")
        }, "\(screen)")
    }
  }

  @Test(
    "At the ends of the calendar, the day and the time of day are of one moment in any time zone",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"),
    arguments: [
      ("253402300800", "Asia/Tokyo", "December 31, 9999", "23:59", "9999-12-31"),
      ("253402300800", "Pacific/Kiritimati", "December 31, 9999", "23:59", "9999-12-31"),
      ("253402300800", "UTC0", "December 31, 9999", "23:59", "9999-12-31"),
      ("-62167219201", "America/New_York", "January 1, 0", "00:00", "0000-01-01"),
      ("-62167219201", "UTC0", "January 1, 0", "00:00", "0000-01-01"),
    ])
  func ends(seconds: String, zone: String, day: String, time: String, date: String) async throws {
    let home = try Home()
    for arguments in [["legacies", "add", "Rose"], ["send", "--model", home.model("echo"), "Hello."]] {
      #expect(try await home.mosaic(arguments).with(fault: "FAULT_CLOCK", seconds).run().status == 0)
    }
    let history = try await home.mosaic("history").with("TZ", zone).onTerminal().run().screen
    #expect(history.contains("\(day) ") && history.contains(time), "\(history)")
    let list = try await home.mosaic("conversations").with("TZ", zone).onTerminal(columns: 120).run().screen
    #expect(list.contains(date), "\(list)")
  }

  @Test(
    "A time that an earlier version wrote with five digits can be read and exported",
    .enabled(if: Tool.have("sqlite3"), "sqlite3 is not installed"))
  func longYear() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let script = """
      for table in ai_messages ai_conversations legacies; do
        sqlite3 "$1" "UPDATE $table SET created_at = '12345-01-02T03:04:05.678Z'" || exit 1
      done
      """
    #expect(try await home.shell(script, home.database).run().status == 0)
    let archive = try home.write(try await home.succeed("export", "last", "-o", "ndjson").output, to: "archive")
    try await home.succeed("import", archive, "--database", "other")
    #expect(try await home.json("legacies").elements[0]["created_at"].string == "9999-12-31T23:59:59.999Z")
    let usage = try await home.mosaic("usage", "--by", "day", "-o", "json").with("TZ", "UTC0").run().json().elements
    #expect(usage.map { $0["key"].string } == ["9999-12-31"])
  }

  // MARK: Names

  @Test("Conversations with a persona that is gone are listed by its id, whatever its case")
  func lostPersona() async throws {
    let home = try await Home.remembering()
    let path = ".config/mosaic-ai/personas.yaml"
    try home.write(
      "personas:\n  Gardener:\n    name: G\n    description: d\n    system_prompt: s\n", to: path)
    try await home.succeed("send", "--persona", "gardener", "--model", home.model("echo"), "Roses.")
    try await home.succeed("send", "--persona", "friend", "--model", home.model("echo"), "Hello.")
    unlink("\(home.path)/\(path)")
    for id in ["Gardener", "gardener", "GARDENER"] {
      let found = try await home.json("conversations", "--persona", id).elements
      #expect(found.map { $0["persona_id"].string } == ["Gardener"])
      #expect(try await home.messages("--persona", id).contents == ["Roses.", "Roses."])
      #expect(try await home.json("usage", "--persona", id).elements.map { $0["messages"].integer } == [2])
      #expect(try await home.json("search", "roses", "--persona", id).elements.count == 2)
    }
    let typo = try await home.mosaic("conversations", "--persona", "gardner").run()
    #expect(typo.status == 66 && typo.hint.contains("Gardener"), "\(typo.errors)")
    // What nobody has ever talked with is still a typo.
    for arguments in [
      ["conversations", "--persona", "gardner"], ["history", "--persona", "none"], ["usage", "--persona", "gardner"],
      ["search", "roses", "--persona", "gardner"], ["send", "--persona", "gardener", "Hello."],
    ] {
      #expect(try await home.mosaic(arguments).run().status == 66)
    }
    #expect(try await home.mosaic("conversations", "--persona", "gardener", "--user", "ben").run().status == 66)
  }

  @Test("Without its persona, nothing is asked in a conversation, and an error says what it needs")
  func neededPersona() async throws {
    let home = try await Home.remembering()
    let path = ".config/mosaic-ai/personas.yaml"
    try home.write("personas:\n  gardener:\n    name: G\n    description: d\n    system_prompt: s\n", to: path)
    try await home.succeed("send", "--persona", "gardener", "--model", home.model("echo"), "Roses.")
    _ = try await home.mosaic("send", "--persona", "gardener", "--model", home.model("quota"), "Tulips.").run()
    let id = try #require(try await home.json("conversations").elements.first?["id"].string)
    unlink("\(home.path)/\(path)")
    for arguments in [["--conversation", id, "Next."], ["--retry", "--conversation", id], ["--retry", "--all"]] {
      let ended = try await home.mosaic(["send", "--model", home.model("echo")] + arguments).run()
      #expect(ended.status == 66, "\(arguments): \(ended.errors)")
      #expect(ended.error.contains("gardener") && ended.hint.contains("personas.yaml"), "\(ended.errors)")
    }
    let other = try await home.mosaic("send", "--model", home.model("echo"), "Next.").run()
    #expect(other.status == 0 && other.standardError.warnings.count == 1, "\(other.errors)")
    #expect(other.errors.contains("gardener") && other.errors.contains("personas.yaml"))
    for arguments in [[], ["--persona", "biographer"]] {
      let again = try await home.mosaic(["send", "--model", home.model("echo"), "More."] + arguments).run()
      #expect(again.status == 0 && again.errors == "", "\(again.errors)")
    }
  }

  @Test("Ids that begin alike have as many digits in a hint as tell them apart")
  func alikeIDs() async throws {
    let home = try Home()
    let time = "2026-01-01T00:00:00.000Z"
    for number in [1, 3] {
      let head = Home.exportHead(messages: 0, at: time).map {
        $0.replacing(Home.id(1), with: Home.id(number)).replacing(Home.id(2), with: Home.id(number + 1))
          .replacing(#""last_message_at":"\#(time)""#, with: #""last_message_at":null"#)
      }
      let lines = head + [#"{"type":"end","conversations":1,"messages":0}"#]
      try await home.succeed("import", home.write(lines.joined(separator: "\n") + "\n", to: "archive"))
    }
    for (arguments, ids) in [
      (["history", "00000000"], [2, 4]), (["send", "--legacy", "Rose", "Hi."], [1, 3]), (["send", "Hi."], [1, 3]),
      (["legacies", "members", "0000"], [1, 3]),
    ] {
      let ended = try await home.mosaic(arguments).run()
      #expect([64, 66].contains(ended.status), "\(arguments): \(ended.errors)")
      for id in ids { #expect(ended.hint.contains(Home.id(id)), "\(ended.errors)") }
    }
  }

  @Test("Two legacies of one name are distinguished by their ids in every list of choices")
  func sameName() async throws {
    let home = try await Home.remembering()
    try await home.succeed("legacies", "add", "Rose", "--new")
    let ids = try await home.json("legacies").elements.compactMap { $0["id"].string?.prefix(8) }
    #expect(ids.count == 2)
    for arguments in [
      ["send", "Hello."], ["send", "Hello.", "--legacy", "Rose"], ["send", "Hello.", "--legacy", "Rosa"],
      ["send", "Hello.", "--legacy", "Ros"], ["legacies", "rename", "Rosa", "R"], ["history", "--legacy", "rosé"],
      ["export", "--legacy", "Roes"],
    ] {
      let ended = try await home.mosaic(arguments).run()
      #expect([64, 66].contains(ended.status), "\(arguments): \(ended.errors)")
      for id in ids { #expect(ended.hint.contains(id), "\(arguments): \(ended.errors)") }
    }
  }
}

extension Home {
  /// A shell script with these arguments.
  fileprivate func shell(_ script: String, _ arguments: [String]) -> Command {
    Command("/bin/sh", ["-c", script, "sh"] + arguments, variables: variables, folder: path, owner: self)
  }
}
