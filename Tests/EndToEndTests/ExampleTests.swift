import Foundation
import TestSupport
import Testing

import Platform

/// The scripts in `examples/`, as somebody runs them.
@Suite(.crowd, .inGoodTime) struct ExampleTests {
  private static let folder = "\(TestFiles.root)/examples"

  /// A home with these legacies and three questions, where nobody waits long.
  private func home(_ legacies: String...) async throws -> Home {
    let home = try Home()
    for name in legacies { try await home.succeed("legacies", "add", name) }
    try home.write("Where was she born?\n\n- And then, $HOME?\nWhat \"else\"?", to: "life.txt")
    return home
  }

  private static let questions = ["Where was she born?", "- And then, $HOME?", "What \"else\"?"]

  private func example(_ home: Home, _ name: String, _ arguments: String..., model: String? = nil) -> Command {
    Command(
      "\(Self.folder)/\(name)", arguments,
      variables: home.variables.merging(["PAUSES": "0 0 0", "MOSAIC_AI_MODEL": model ?? home.model("echo")]) { $1 },
      folder: home.path, owner: home)
  }

  /// The questions that were stored about a legacy, each with its status.
  private func asked(_ home: Home, _ legacy: String) async throws -> [String] {
    try await home.json("export", "--legacy", legacy)["conversations"].elements.flatMap { $0["messages"].elements }
      .filter { $0["role"].string == "user" }.map { "\($0["content"].string ?? ""): \($0["status"].string ?? "")" }
  }

  @Test("The shell scripts are good style", .enabled(if: Tool.have("shellcheck")))
  func style() async throws {
    let scripts = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".sh") }
    #expect(scripts.count == 5)
    let ended = try await Command(
      Tool.path("shellcheck"), scripts, variables: ["LANG": "C.UTF-8"], folder: Self.folder, owner: TemporaryFolder()
    ).run()
    #expect(ended.status == 0, "\(ended.output)")
  }

  @Test("The loop asks every question in order, and goes on where it was stopped")
  func loop() async throws {
    let home = try await home("Rose")
    let broken = try await example(home, "loop.sh", "Rose", "life.txt", model: home.model("quota")).run()
    #expect(broken.status == 69)
    // A reply that breaks off is asked for again, and is not in the output.
    let ended = try await example(home, "loop.sh", "Rose", "life.txt", model: home.model("unreliable-50-2")).run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.components(separatedBy: "## ").count == 4 && !ended.output.contains("Part 1."))
    let again = try await example(home, "loop.sh", "Rose", "life.txt").run()
    #expect(again.output == ended.output)
    #expect(try await asked(home, "Rose") == Self.questions.map { "\($0): complete" })
    #expect(try await home.conversationCount() == 1)
  }

  @Test("xargs asks one question about everyone in a file, and adds who is not there")
  func xargs() async throws {
    let home = try await home("Rose")
    let names = ["Rose", "Jean/Marie O’Neil", "Walter \"Wat\" d'Arc", "- Dash"]
    let command = example(home, "xargs.sh", "first", "What do you know so far?")
      .reading(names.joined(separator: "\n") + "\n\n")
    for _ in 0..<2 { #expect(try await command.run().status == 0) }
    for name in names { #expect(try await asked(home, name) == ["What do you know so far?: complete"]) }
    let ids = try await home.json("legacies").elements.compactMap { $0["id"].string }
    #expect(ids.count == 4)
    for id in ids { #expect(home.folder.contents("answers/\(id).txt") == Data("What do you know so far?\n".utf8)) }
    #expect(try home.requests().count == 4)
    let failed = try await example(home, "xargs.sh", "second", "And then?", model: home.model("quota"))
      .reading("Rose\n").run()
    #expect(failed.status == 123)
  }

  @Test("GNU parallel asks every question about everyone", .enabled(if: Tool.have("parallel")))
  func parallel() async throws {
    let home = try await home("Rose", "Ben B.")
    for _ in 0..<2 {
      let ended = try await example(home, "parallel.sh", "life.txt", "Rose", "Ben B.").run()
      #expect(ended.status == 0, "\(ended.errors)")
      let table = home.folder.contents("answers.csv").map { String(decoding: $0, as: UTF8.self) } ?? ""
      #expect(table.contains("\"What \"\"else\"\"?\",\"Ben B.\",\"What \"\"else\"\"?\n\","), "\(table)")
    }
    for name in ["Rose", "Ben B."] {
      #expect(try await asked(home, name).sorted() == Self.questions.map { "\($0): complete" }.sorted())
    }
    #expect(try home.requests().count == 6)
    #expect(home.folder.contents("answers.log").map { $0.contains(text: "ask.sh") } == true)
  }

  @Test("An interview is run until it is done, and its last output is whole")
  func untilDone() async throws {
    let home = try await home("Rose")
    let ended = try await example(
      home, "until-done.sh", "rose.ndjson", "--questions", "life.txt", "-o", "ndjson", model: home.model("cut-1-2")
    ).run()
    #expect(ended.status == 0, "\(ended.errors)")
    let output = home.folder.contents("rose.ndjson") ?? Data()
    let answers = try String(decoding: output, as: UTF8.self).split(separator: "\n").map { try JSONText(String($0)) }
      .filter { $0["type"].string == "answer" }
    #expect(answers.map { $0["question"].string } == Self.questions)
    let hopeless = try await example(
      home, "until-done.sh", "x", "--questions", "life.txt", "--name", "x", model: home.model("quota")
    ).run()
    #expect(hopeless.status == 69)
    #expect(try home.requests().count { $0["scenario"].string == "quota" } == 1)
  }

  @Test("make keeps a file of answers for each person", .enabled(if: Tool.have("make")))
  func make() async throws {
    let home = try await home("Rose", "Ben")
    try home.write("Where was {name} born?\n", to: "questions.txt")
    let make = home.shell("make -s -j 2 -f \"$1\"", "\(Self.folder)/Makefile").with(
      "MOSAIC_AI_MODEL", home.model("echo"))
    for _ in 0..<2 { #expect(try await make.run().status == 0) }
    for legacy in try await home.json("legacies").elements {
      let (id, name) = (legacy["id"].string ?? "", legacy["name"].string ?? "")
      #expect(
        home.folder.contents("answers/\(id).md")
          == Data("# \(name)\n\n## Where was \(name) born?\n\nWhere was \(name) born?\n".utf8))
    }
    #expect(try home.requests().count == 2)
    #expect(try await make.with("MOSAIC_AI_MODEL", home.model("quota")).run().status == 0, "there is nothing to do")
  }

  @Test("The line for cron works with what cron has", .enabled(if: Tool.have("flock")))
  func cron() async throws {
    let home = try await home("Rose")
    let lines = try String(contentsOfFile: "\(Self.folder)/crontab", encoding: .utf8).split(separator: "\n")
    let line = try #require(lines.first { !$0.hasPrefix("#") })
    let fields = line.split(separator: " ", maxSplits: 5)
    #expect(fields.prefix(5).allSatisfy { $0 == "*" || Int($0) != nil })
    let last = try #require(fields.last.map(String.init))
    // Cron ends the command at a percent sign without a backslash.
    #expect(!last.replacingOccurrences(of: "\\%", with: "").contains("%"))
    let command = last.replacingOccurrences(of: "\\%", with: "%")
    try FileManager.default.createDirectory(
      atPath: "\(home.path)/.local/bin", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(home.path)/.local/bin/mosaic-ai", withDestinationPath: Programs.mosaicAI)
    try home.write("Where was {name} born?\n", to: "memories/life.txt")
    try home.write(
      "endpoint_url: \(home.simulator.endpoint)\nregion: us-east-1\nmodel: \(home.model("echo"))\n",
      to: ".config/mosaic-ai/config.yaml")
    try home.write("api_key: simulator-api-key\n", to: ".config/mosaic-ai/credentials.yaml")
    chmod("\(home.configurationFolder)/credentials.yaml", 0o600)
    let ended = try await Command(
      "/bin/sh", ["-c", command],
      variables: ["HOME": home.path, "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "ada"], folder: home.path,
      owner: home
    ).run()
    #expect(ended.status == 0 && ended.output == "" && ended.errors == "", "\(ended.errors)")
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: "\(home.path)/memories").first { $0.hasSuffix(".md") })
    #expect(home.folder.contents("memories/\(name)").map { $0.contains(text: "## Where was Rose born?") } == true)
  }

  @Test("The Python program writes a table of the answers", .enabled(if: Tool.have("python3")))
  func python() async throws {
    let home = try await home("Rose", "Ben")
    let ended = try await example(home, "interview.py", "life.txt", "--all-legacies", "--jobs", "2").run()
    #expect(ended.status == 0 && ended.output == "6 answered now, 0 before, 0 failed\n", "\(ended.errors)")
    let table = home.folder.contents("answers.csv").map { String(decoding: $0, as: UTF8.self) } ?? ""
    #expect(table.components(separatedBy: "\r\n").count == 8)
    #expect(table.contains("Rose,\"What \"\"else\"\"?\",\"What \"\"else\"\"?\","))
    let failed = try await example(
      home, "interview.py", "life.txt", "--all-legacies", "--name", "x", model: home.model("throttle")
    ).run()
    #expect(failed.status == 75)
  }

  @Test(
    "Wrong usage is said, and ends without doing anything",
    arguments: ["ask.sh", "loop.sh", "xargs.sh", "parallel.sh", "until-done.sh", "interview.py"])
  func usage(name: String) async throws {
    let home = try Home()
    let ended = try await example(home, name).run()
    #expect(ended.ending != .exited(0) && ended.errors.contains("usage: "))
    #expect(!home.hasDatabase)
  }
}
