import Foundation
import TestSupport
import Testing

import Platform

/// A path is a path for every command, wherever it leads.
@Suite(.crowd, .inGoodTime) struct PathTests {
  private static let urls = [
    "postgresql+psycopg://zoe:pass-word@host/db", "POSTGRES://zoe:pass-word@host",
    "jdbc:postgresql://zoe:pass-word@host/db",
    "file:///srv/pass-word/m.sqlite3", "file:/srv/pass-word", "sqlite:///pass-word",
    "postgresql:/zoe:pass-word@host/db",
    " postgresql://zoe:pass-word@host/db", "mysql:zoe:pass-word@host", "user=zoe password=pass-word host=h",
  ]

  @Test("A URL is not a database: every command says so, shows no password, and makes nothing", arguments: urls)
  func databaseURL(url: String) async throws {
    let home = try await Home.remembering()
    let archive = try home.write(try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output, to: "a")
    try await home.succeed("backup", "copy")
    let configuration = try home.write("database: '\(url)'\n", to: "config.yaml")
    let before = try home.list()
    for arguments in [
      ["legacies"], ["legacies", "add", "Ben"], ["send", "Hello."], ["send", "--retry"], ["send", "--dry-run", "Hi."],
      ["history"], ["conversations"], ["delete", "last", "--yes"], ["export", "last"], ["import", archive], ["doctor"],
      ["backup", "other"], ["restore", "copy"], ["legacies", "remove", "Rose", "--yes"], ["search", "Hello"], ["usage"],
      ["questions"], ["questions", "next", "--skip"], ["conversations", "rename", "last", "Songs"],
    ] {
      for command in [
        home.mosaic(arguments + ["-v", "--database", url]),
        home.mosaic(arguments + ["-v"]).with("MOSAIC_AI_DATABASE", url),
        home.mosaic(arguments + ["-v", "--config", configuration]),
      ] {
        let ended = try await command.run()
        #expect(ended.status == 64, "\(arguments): \(ended.errors)")
        #expect(!(ended.output + ended.errors).contains("pass-word"), "\(arguments): \(ended.output)\(ended.errors)")
        #expect(ended.errors.contains("database"))
      }
    }
    #expect(try home.list() == before)
    // What needs no database works, and shows no password either.
    for arguments in [["config"], ["config", "get", "database"], ["personas"], ["doctor", "-o", "json"]] {
      let ended = try await home.mosaic(arguments).with("MOSAIC_AI_DATABASE", url).run()
      #expect(!(ended.output + ended.errors).contains("pass-word"), "\(arguments): \(ended.output)\(ended.errors)")
    }
  }

  @Test(
    "No password of an endpoint's URL is shown",
    arguments: [
      ["config"], ["config", "get", "endpoint_url"], ["doctor"], ["doctor", "-o", "json"], ["send", "-v", "Hi."],
    ])
  func endpoint(arguments: [String]) async throws {
    let home = try await Home.remembering()
    for url in ["http://zoe:pass-word@host/", "https://zoe:pass-w@rd@host:1/x@y"] {
      let ended = try await home.mosaic(arguments).with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", url).run()
      #expect(!(ended.output + ended.errors).contains("pass-w"), "\(ended.output)\(ended.errors)")
      #expect(arguments[0] != "config" || ended.output.contains("…@"))
    }
  }

  @Test("Nor is a URL any other file", arguments: urls)
  func fileURL(url: String) async throws {
    let home = try await Home.remembering()
    let before = try home.list()
    for arguments in [
      ["backup", url], ["restore", url], ["import", url], ["config", "set", "database", url],
      ["config", "set", "user", "zoe", "--config", url], ["legacies", "--config", url],
      ["config", "path", "--config", url],
    ] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 64, "\(arguments): \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint && !ended.errors.contains("pass-word"), "\(ended.errors)")
    }
    #expect(try home.list() == before)
  }

  @Test(
    "What SQLite has another meaning for is a path like any other",
    arguments: ["file:db", "file:db?mode=memory", ":memory:", "file::memory:", "-db", "a b'\"`$(x)", "db#1"])
  func path(name: String) async throws {
    let home = try Home()
    func run(_ command: String, _ arguments: String...) async throws -> Ended {
      try await home.mosaic([command, "--database=\(name)"] + arguments).run()
    }
    #expect(try await home.mosaic("legacies", "add", "Rose", "--database=\(name)").run().status == 0)
    #expect(try home.list().contains(name))
    #expect(try await run("legacies").output.contains("Rose"))
    #expect(try await run("send", "--model", home.model("echo"), "Hello.").output == "Hello.\n")
    #expect(try await run("doctor").output.contains("database\t\(name)\t"))
    #expect(try await run("backup", "--", "\(name).copy").output == "\(name).copy\n")
    // The file that was verified is the one that has the name.
    let copied = try await home.mosaic("history", "--database=\(name).copy", "-o", "json").run().json()
    #expect(copied["total"].integer == 2)
    #expect(try await run("delete", "last", "--yes").status == 0)
    #expect(try await run("restore", "--", "\(name).copy").status == 0)
    #expect(try await run("history").lines.count == 2)
    let expected = ["", "-lock", ".before-restore.backup", ".copy", ".copy-lock"].map { name + $0 }.sorted()
    #expect(try home.list() == expected, "nothing else, and nothing hidden")
    for file in expected { #expect(try home.owner(of: "\(home.path)/\(file)").mode == 0o600) }
  }

  @Test("A database without a name is a usage error")
  func emptyName() async throws {
    let home = try Home()
    for arguments in [["legacies", "add", "Rose"], ["legacies"], ["backup", "copy"]] {
      #expect(try await home.mosaic(arguments + ["--database", ""]).run().status == 64)
    }
    #expect(try home.list() == [])
  }

  // MARK: Links

  @Test("A database under a link is made where the link leads, for its owner alone", arguments: [0o022, 0o000])
  func danglingLink(umask: Int) async throws {
    let home = try Home()
    for (link, target) in [("one", "two"), ("two", "\(home.path)/deep/er/db")] {
      symlink(target, "\(home.path)/\(link)")
    }
    let script = "umask \(String(umask, radix: 8)); mosaic-ai legacies add Rose --database one"
    #expect(try await home.shell(script).run().status == 0)
    #expect(try home.list() == ["deep", "one", "two"])
    #expect(try home.list("deep/er") == ["db", "db-lock"])
    #expect(try home.owner(of: "\(home.path)/deep/er/db").mode == 0o600)
    #expect(try home.owner(of: "\(home.path)/deep").mode == 0o700)
  }

  @Test("A reply of the process that made the database under a link is not taken for a dead one's")
  func oneLock() async throws {
    let home = try Home()
    mkdir("\(home.path)/data", 0o700)
    symlink("data/db", "\(home.path)/link")
    let model = home.model("hang-2")
    let script =
      "mosaic-ai legacies add Rose --database link >/dev/null && exec mosaic-ai send --model \"$1\" Hi. --database link"
    let send = try home.shell(script, model).start()
    try await send.shows(" Part 2.")
    for path in ["link", "data/db"] {
      #expect(try await home.messages("--database", path).statuses == ["pending", "streaming"])
      #expect(try await home.mosaic("send", "--retry", "--database", path).run().status == 75)
      #expect(try await home.mosaic("restore", "x", "--database", path).run().status == 65)
    }
    send.signal(SIGTERM)
    #expect(try await send.end().ending == .killed(by: SIGTERM))
    #expect(try await home.messages("--database", "data/db").statuses == ["complete", "interrupted"])
    #expect(try home.list().filter { $0.hasSuffix("-lock") } == [])
  }

  @Test("Links in a circle are an error, and no file is left over")
  func circle() async throws {
    let home = try Home()
    symlink("b", "\(home.path)/a")
    symlink("a", "\(home.path)/b")
    for arguments in [["legacies", "add", "Rose"], ["legacies"], ["backup", "copy"], ["send", "Hi."]] {
      #expect(try await home.mosaic(arguments + ["--database", "a"]).run().status == 74)
    }
    #expect(try home.list() == ["a", "b"])
  }

  @Test("config set goes through a link to a file that is not there yet")
  func linkedConfiguration() async throws {
    let home = try Home()
    for folder in ["dotfiles", ".config", ".config/mosaic-ai"] { mkdir("\(home.path)/\(folder)", 0o700) }
    symlink("../../dotfiles/config.yaml", "\(home.configurationFolder)/config.yaml")
    try await home.succeed("config", "set", "user", "zoe")
    #expect(try home.list("dotfiles") == ["config.yaml"])
    #expect(try await home.succeed("config", "get", "user").output == "zoe\n")
  }

  // MARK: Long names

  @Test(
    "The longest path that SQLite opens works in every command, and one more byte is refused", arguments: [504, 505])
  func longPath(length: Int) async throws {
    let home = try Home()
    let isPossible = length <= 504
    var path = home.path
    while path.utf8.count < length - 101 { path += "/" + String(repeating: "d", count: 50) }
    path += "/" + String(repeating: "x", count: length - path.utf8.count - 1)
    try await everyCommand(home, path, isPossible: isPossible)
    #expect(try isPossible || home.list() == [])
  }

  @Test(
    "The longest name that has room for the files beside it works, and one more byte is refused", arguments: [247, 248])
  func longName(length: Int) async throws {
    let home = try Home()
    // Characters of several bytes are not cut in two.
    let name = String(repeating: "é", count: 100) + String(repeating: "x", count: length - 200)
    try await everyCommand(home, name, isPossible: length <= 247)
    #expect(try length <= 247 || home.list() == [])
  }

  private func everyCommand(_ home: Home, _ database: String, isPossible: Bool) async throws {
    let added = try await home.mosaic("legacies", "add", "Rose", "--database", database).run()
    #expect(added.status == (isPossible ? 0 : 74), "\(added.errors)")
    let doctor = try await home.mosaic("doctor", "--database", database).run()
    #expect((doctor.status == 74) == !isPossible, "\(doctor.output)")
    guard isPossible else {
      #expect(added.standardError.isErrorAndHint && added.error.contains("too long"), "\(added.errors)")
      return
    }
    for arguments in [
      ["send", "--model", home.model("echo"), "Hello."], ["history"], ["backup", "copy"], ["restore", "copy"],
      ["restore", "copy"], ["delete", "last", "--yes"],
    ] {
      let ended = try await home.mosaic(arguments + ["--database", database]).run()
      #expect(ended.status == 0, "\(arguments): \(ended.errors)")
    }
  }

  @Test("A backup whose name is too long leaves no file over", arguments: [247, 248, 255, 300])
  func longBackup(length: Int) async throws {
    let home = try await Home.remembering()
    let name = String(repeating: "x", count: length)
    let ended = try await home.mosaic("backup", name).run()
    #expect(ended.status == (length > 247 ? 74 : 0))
    #expect(try home.list().filter { $0.contains("x") } == (length > 247 ? [] : [name]))
    #expect(length <= 247 || ended.error.contains("too long"), "\(ended.errors)")
  }
}
