import Foundation
import TestSupport
import Testing

/// Out of one database and into another, byte for byte.
@Suite(.crowd, .inGoodTime) struct ExportTests {
  /// A home with conversations of every kind about Rose, one about Ben, and one of bob's.
  private func filledHome() async throws -> Home {
    let home = try await Home.remembering("Rose")
    func send(_ model: String, _ arguments: String...) async throws {
      _ = try await home.mosaic(["send", "--max-attempts", "1", "--model", home.model(model)] + arguments).run()
    }
    try await send(
      "cut-2", "She sang: \u{9b}\u{202e}e\u{301} 🌻\n\ta song.", "--legacy", "Rose", "--title", "Songs & \"hymns\" \\ 🌻")
    try await send("normal", "--retry")
    try await send("controls", "Controls, please.", "--legacy", "Rose")
    try await send("emoji", "Emoji, please.", "--legacy", "Rose")
    try await send("guardrail-2", "Blocked.", "--legacy", "Rose")
    try await send("text-chunks", "NUL comes later: \\ \" / |done", "--legacy", "Rose", "--persona", "friend")
    try await send("max-tokens", "At length.", "--legacy", "Rose")
    try await home.succeed("legacies", "add", "Ben")
    try await send("echo", "About Ben.", "--legacy", "Ben")
    try await home.succeed("legacies", "share", "Rose", "bob")
    try await send("echo", "Bob's secret.", "--legacy", "Rose", "--user", "bob")
    try await send("quota", "Fails.", "--legacy", "Rose")
    return home
  }

  @Test("Exporting, importing as another user and exporting again gives the same bytes")
  func roundTrip() async throws {
    let home = try await filledHome()
    let export = try await home.mosaic("export", "--legacy", "rose", "-o", "ndjson").run()
    #expect(export.status == 0 && export.errors == "")
    #expect(!export.output.contains("Bob's secret") && !export.output.contains("About Ben"))
    let lines = try export.jsonLines()
    #expect(
      lines.map { $0["type"].string ?? "" }.filter { $0 != "message" } == [
        "export", "legacy", "conversation", "conversation", "end",
      ])
    #expect(lines[0]["format_version"].integer == 3)
    let statuses = lines.compactMap { $0["type"].string == "message" ? $0["status"].string : nil }
    #expect(Set(statuses) == ["complete", "superseded", "failed", "blocked"])
    #expect(
      lines.contains {
        $0["token_count"].integer != nil && $0["input_tokens"].integer != nil
          && $0["stop_reason"].string == "max_tokens"
      })
    try home.write(export.output, to: "rose.ndjson")

    let away = try Home()
    let imported = try await away.mosaic("import", "\(home.path)/rose.ndjson", "--user", "zoe", "-o", "json").run()
    #expect(imported.status == 0 && imported.errors == "")
    let summary = try imported.json()
    #expect(
      summary.names == [
        "legacy_id", "legacy_name", "legacy_created", "conversations_added", "conversations_updated",
        "conversations_skipped",
        "messages_added", "messages_skipped",
      ])
    #expect(summary["conversations_added"].integer == 2 && summary["messages_added"].integer == statuses.count)
    #expect(summary["legacy_created"].isTrue && summary["legacy_name"].string == "Rose")
    let again = try await away.mosaic("export", "--legacy", "Rose", "--user", "zoe", "-o", "ndjson").run()
    #expect(again.outputBytes == export.outputBytes)
    #expect(try await away.json("legacies", "--user", "zoe")[0]["role"].string == "owner")

    // And once more, which adds nothing; through standard input, with the result for people.
    let twice = try await away.mosaic("import", "-", "--user", "zoe").reading(export.outputBytes).run()
    #expect(twice.status == 0 && twice.value == summary["legacy_id"].string)
    #expect(twice.errors.contains("0 conversations") && twice.errors.contains("2 conversations"))
    #expect(try await away.mosaic("import", "-", "--user", "zoe", "-q").reading(export.outputBytes).run().errors == "")
    #expect(
      try await away.mosaic("export", "--legacy", "Rose", "--user", "zoe", "-o", "ndjson").run().outputBytes
        == export.outputBytes)

    // The conversations go on there.
    let next = try await away.mosaic(
      "send", "Next.", "--user", "zoe", "--persona", "friend", "-o", "json", "--model", away.model("echo")
    ).run()
    #expect(next.status == 0)
    #expect(
      try next.json()["conversation_id"].string == lines.first { $0["persona_id"].string == "friend" }?["id"].string)
  }

  @Test("json is the same as one value, and an export holds only one's own conversations")
  func selection() async throws {
    let home = try await filledHome()
    let all = try await home.json("export", "--legacy", "Rose")
    #expect(all.names == ["format_version", "legacy", "conversations"])
    #expect(all["conversations"].elements.count == 2)
    let id = all["conversations"][0]["id"].string ?? ""
    let one = try await home.json("export", id)
    #expect(one["conversations"].elements == [all["conversations"][0]])
    let latest = try await home.json("export", "last")["legacy"]["name"].string ?? ""
    #expect(try await home.json("export", "last", "--legacy", latest)["legacy"]["name"].string == latest)
    #expect(try await home.mosaic("export", "last", "--legacy", latest == "Ben" ? "Rose" : "Ben").run().status == 64)
    #expect(try await home.mosaic("export", id, "--user", "bob").run().status == 66)
    #expect(try await home.mosaic("export", "--legacy", "Rose", "--user", "eve").run().status == 66)
    #expect(try await home.mosaic("export").run().status == 64)
    #expect(try await home.mosaic("export", "--legacy", "Nobody").run().status == 66)
    try await home.succeed("legacies", "unshare", "Rose", "bob")
    #expect(try await home.mosaic("export", "last", "--user", "bob").run().output.contains("Bob's secret"))
  }

  @Test("Markdown and HTML leave out superseded replies and anything that drives a terminal")
  func forPeople() async throws {
    let home = try await filledHome()
    let markdown = try await home.succeed("export", "--legacy", "Rose").output
    #expect(markdown.hasPrefix("# Rose\n\n## ") && markdown.contains("**The Biographer**"))
    #expect(try await home.mosaic("export", "--legacy", "Rose", "-o", "markdown").run().output == markdown)
    let html = try await home.succeed("export", "--legacy", "Rose", "-o", "html").output
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("Songs &amp; &quot;hymns&quot;"))
    for text in [markdown, html] {
      #expect(
        text.unicodeScalars.allSatisfy {
          [0x09, 0x0a].contains($0.value) || $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
        })
      #expect(!text.contains("\u{202e}"))
      #expect(!text.contains("Bob's secret"))
    }
  }

  @Test("Anything but an export is refused with file and line, and nothing is stored")
  func refused() async throws {
    let home = try await filledHome()
    let lines = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").lines
    let away = try Home()
    let cases: [(name: String, lines: [String], place: String)] = [
      ("empty", [], ":1:"), ("cut", Array(lines.dropLast()), ":\(lines.count):"),
      ("line-missing", lines.enumerated().filter { $0.offset != 3 }.map(\.element), ":"),
      ("newer", [#"{"type":"export","format_version":4}"#] + lines.dropFirst(), ":1:"), ("other", ["{}"], ":1:"),
      ("broken", lines.prefix(4) + ["{\"type\":\"mess"] + lines.dropFirst(5), ":5:14:"),
      ("prose", ["Dear diary,"], ":1:"),
      ("twice", lines + lines, ":\(lines.count + 1):"),
      ("json", [try await home.succeed("export", "--legacy", "Rose", "-o", "json").value], ":1:"),
    ]
    for (name, lines, place) in cases {
      try away.write(lines.map { $0 + "\n" }.joined(), to: name)
      let ended = try await away.mosaic("import", name).run()
      #expect(ended.status == 65, "\(name): \(ended.errors)")
      #expect(
        ended.error.hasPrefix("\(name)\(place)") && ended.standardError.isErrorAndHint, "\(name): \(ended.errors)")
      #expect(ended.output == "")
    }
    for (arguments, bytes) in [
      (["import", "-"], [UInt8](repeating: 0xff, count: 5000)), (["import", "none"], []), (["import", "."], []),
    ] {
      #expect(try await away.mosaic(arguments).reading(bytes).run().status == 65)
    }
    #expect(!away.hasDatabase, "a file that cannot be imported begins no database")
  }

  @Test("Messages and titles of invisible characters are exported and imported")
  func invisible() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--new", String(repeating: "\u{200b}", count: 100) + "a")
    #expect(try await home.json("conversations")[0]["title"].string == "a")
    let export = try await home.succeed("export", "last", "-o", "ndjson").output
    #expect(try await home.mosaic("import", "-", "--database", "away").reading(export).run().status == 0)
    // As titles were cut once.
    let old = export.replacing(#""title":"a""#, with: "\"title\":\"\(String(repeating: "\u{200b}", count: 80))\"")
    let imported = try await home.mosaic("import", "-", "--database", "old").reading(old).run()
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(try await home.mosaic("export", "last", "-o", "ndjson", "--database", "old").run().output == old)
  }

  @Test("A message with byte order marks can be exported and imported, and so can a title with some from before")
  func marks() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--new", "\u{FEFF}Dear all\u{FEFF}")
    #expect(try await home.json("conversations")[0]["title"].string?.utf8.count == "Dear all".utf8.count)
    #expect(try await home.succeed("history", "Dear all").output.contains("Dear all"))
    let export = try await home.succeed("export", "last", "-o", "ndjson").output
    for (database, text) in [
      ("away", export), ("old", export.replacing(#""title":"Dear all""#, with: "\"title\":\"\u{FEFF}Dear all\"")),
    ] {
      // Editors leave an empty line at the end.
      let imported = try await home.mosaic("import", "-", "--database", database).reading("\(text)\n \r\n").run()
      #expect(imported.status == 0, "\(imported.errors)")
      let again = try await home.mosaic("export", "last", "-o", "ndjson", "--database", database).run()
      #expect(Array(again.output.utf8) == Array(text.utf8))
    }
    #expect(try await home.mosaic("import", "-").reading("\(export)x\n").run().status == 65)
  }

  @Test(
    "An export made during a reply fits a later export and the database it came from"
  )
  func whileStreaming() async throws {
    let home = try await Home.remembering()
    for isRetry in [false, true] {
      let away = ["--database", "away-\(isRetry)", "--user", "zoe"]
      if isRetry {
        _ = try await home.mosaic("send", "--new", "Ask.", "--model", home.model("cut-2"), "--max-attempts", "1").run()
      }
      let target = isRetry ? "--retry" : "Ask."
      let send = try home.mosaic("send", target, "--model", home.model("slow-900")).start()
      try await send.shows("This is")
      try await Task.sleep(for: .milliseconds(600))
      let mid = try await home.succeed("export", "last", "-o", "ndjson").output
      #expect(try await home.mosaic("import", "-").reading(mid).run().status == 0)
      let markdown = try await home.succeed("export", "last").output
      #expect(markdown.contains("Ask.") && !markdown.contains("This is"), "what is under way is left out")
      #expect(try await send.end().status == 0)
      let after = try await home.succeed("export", "last", "-o", "ndjson").output
      for export in [mid, after, mid, after] {
        let ended = try await home.mosaic(["import", "-"] + away).reading(export).run()
        #expect(ended.status == 0, "\(ended.errors)")
      }
      #expect(try await home.mosaic(["export", "last", "-o", "ndjson"] + away).run().output == after)
      #expect(try await home.mosaic("import", "-").reading(mid).run().status == 0)
      #expect(try await home.succeed("export", "last", "-o", "ndjson").output == after)
    }
  }

  @Test("Broken personas stop only the exports that name them")
  func brokenPersonas() async throws {
    let home = try await filledHome()
    try home.write("personas: [", to: ".config/mosaic-ai/personas.yaml")
    for (format, status) in [("ndjson", 0), ("json", 0), ("markdown", 78), ("html", 78)] {
      #expect(
        try await home.mosaic("export", "--legacy", "Rose", "-o", format).run().status == Int32(status), "\(format)")
    }
  }

  @Test("Somebody else's legacy or conversation cannot be taken over")
  func takingOver() async throws {
    let home = try await filledHome()
    let export = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").outputBytes
    #expect(try await home.mosaic("import", "-", "--user", "eve").reading(export).run().status == 77)
    let ended = try await home.mosaic("import", "-", "--user", "bob").reading(export).run()
    #expect(ended.status == 65 && ended.error.contains("standard input:3: "))
    #expect(try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").outputBytes == export)
  }

  @Test("Of eight imports of one file at once, one adds and the others find everything there")
  func atOnce() async throws {
    let home = try await filledHome()
    try home.write(try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output, to: "rose.ndjson")
    let imports = try (0..<8).map { _ in
      try home.mosaic("import", "rose.ndjson", "--database", "away", "--user", "zoe", "-o", "json").start()
    }
    var added = 0
    for running in imports {
      let ended = try await running.end()
      #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
      added += try ended.json()["conversations_added"].integer ?? 0
    }
    #expect(added == 2)
  }

  @Test("Ten thousand messages, one of them a megabyte, are exported and imported quickly")
  func large() async throws {
    let home = try Home()
    func id(_ number: Int) -> String {
      "00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - String(number).count))\(number)"
    }
    let time = "2026-11-23T06:13:02.123Z"
    var lines = [
      #"{"type":"export","format_version":3}"#,
      #"{"type":"legacy","id":"\#(id(1))","name":"Rose","created_at":"\#(time)","updated_at":"\#(time)"}"#,
      #"""
      {"type":"conversation","id":"\#(id(2))","legacy_id":"\#(id(1))","persona_id":"friend","name":null,"title":null,\#
      "message_count":10000,"last_message_at":"\#(time)","created_at":"\#(time)","updated_at":"\#(time)"}
      """#,
    ]
    for number in 0..<10_000 {
      let isReply = number % 2 == 1
      let content = number == 9999 ? String(repeating: "\\u0000", count: 1_000_000) + "!" : "Message \(number)."
      lines.append(
        #"""
        {"type":"message","id":"\#(id(10 + number))","conversation_id":"\#(id(2))",\#
        "role":"\#(isReply ? "assistant" : "user")","content":"\#(content)","token_count":null,"input_tokens":null,\#
        "cache_read_input_tokens":null,"cache_write_input_tokens":null,"status":"complete","stop_reason":null,\#
        "error_code":null,"model_id":null,"reply_to":\#(isReply ? "\"\(id(9 + number))\"" : "null"),\#
        "idempotency_key":null,"created_at":"\#(time)"}
        """#
      )
    }
    lines.append(#"{"type":"end","conversations":1,"messages":10000}"#)
    let file = lines.map { $0 + "\n" }.joined()
    let imported = try await home.mosaic("import", "-", "-o", "json").reading(file).run()
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(try await home.succeed("export", "last", "-o", "ndjson").output == file)
  }
}
