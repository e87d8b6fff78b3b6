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

  @Test("A home folder that is called like a server's URL makes no server of the database")
  func homeIsURL() async throws {
    let home = try await Home.remembering()
    for command in [["legacies", "add", "Ben"], ["send", "Hello."], ["conversations"], ["doctor"]] {
      let ended = try await home.mosaic(command).with("HOME", "postgresql://u:hushhush@127.0.0.1:1/db")
        .with("XDG_DATA_HOME", nil).run()
      #expect(ended.status == 64 && ended.errors.contains("URL"), "\(command): \(ended.ending) \(ended.errors)")
      #expect(!ended.errors.contains("hushhush"))
    }
  }

  @Test("A key file that is a circle of links is not taken for a missing one")
  func keyFileCircle() async throws {
    let home = try await Home.remembering("Rose", .none)
    mkdir("\(home.path)/.config", 0o700)
    mkdir(home.configurationFolder, 0o700)
    symlink("credentials.yaml", "\(home.configurationFolder)/credentials.yaml")
    let ended = try await home.mosaic("send", "Hello.").run()
    #expect(ended.status == 78 && ended.error.contains("credentials.yaml: Too many levels"), "\(ended.errors)")
  }

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
      for (command, status) in [
        (home.mosaic(arguments + ["-v", "--database", url]), 64),
        (home.mosaic(arguments + ["-v"]).with("MOSAIC_AI_DATABASE", url), 64),
        (home.mosaic(arguments + ["-v", "--config", configuration]), 78),
      ] {
        let ended = try await command.run()
        #expect(ended.status == status, "\(arguments): \(ended.errors)")
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
    "Nor is what was copied along with a URL, or is left of one",
    arguments: [
      "\"postgresql://zoe:pass-word@h/db\"", "DATABASE_URL=postgresql://zoe:pass-word@h/db",
      "postgresql//zoe:pass-word@h/db", "zoe:pass-word@h:5432/db", "connect_timeout=5 password=pass-word",
    ])
  func wrappedURL(url: String) async throws {
    let home = try await Home.remembering()
    let configuration = try home.write("database: '\(url)'\n", to: "config.yaml")
    let before = try home.list()
    for arguments in [["legacies", "add", "Ben", "-v"], ["history", "-v"], ["doctor"]] {
      for (command, status) in [
        (home.mosaic(arguments + ["--database", url]), 64),
        (home.mosaic(arguments).with("MOSAIC_AI_DATABASE", url), 64),
        (home.mosaic(arguments + ["--config", configuration]), 78),
      ] {
        let ended = try await command.run()
        #expect(ended.status == status, "\(arguments): \(ended.errors)")
        #expect(!(ended.output + ended.errors).contains("pass-word"), "\(arguments): \(ended.output)\(ended.errors)")
        #expect(ended.errors.contains("database"))
      }
    }
    for arguments in [["config", "set", "database", url], ["backup", url]] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 64 && !ended.errors.contains("pass-word"), "\(ended.errors)")
    }
    #expect(try home.list() == before)
    // A file can be called so.
    try await home.succeed("legacies", "add", "Rose", "--database", "./zoe:word@h")
    #expect(try home.list().contains("zoe:word@h"))
  }

  @Test("No password of any other URL is shown that is given for a file")
  func otherURLs() async throws {
    let home = try await Home.remembering()
    let url = "https://zoe:pass-word@h/q"
    let send = home.mosaic("send", "-v", "--model", home.model("echo"), "Hello.")
    for (command, status) in [
      (send.with("MOSAIC_AI_TRACE_FILE", url), 0), (home.mosaic("interview", "--questions", url), 64),
      (home.mosaic("interview", "--questions", "\(url).txt", "-v"), 64), (send.with("AWS_CA_BUNDLE", url), 78),
      (home.mosaic("doctor").with("AWS_CA_BUNDLE", url), 78),
    ] {
      let ended = try await command.run()
      #expect(ended.status == status, "\(ended.errors)")
      #expect(!(ended.output + ended.errors).contains("pass-word"), "\(ended.output)\(ended.errors)")
      #expect((ended.output + ended.errors).contains("https:"))
    }
    #expect(try home.list() == [".local"])
  }

  @Test("A path that ends in a slash is a folder, and nothing is made of one", arguments: ["new/deep/", "new/.", "."])
  func folder(path: String) async throws {
    let home = try await Home.remembering()
    let copy = "\(home.path)/copy"
    try await home.succeed("backup", copy)
    let before = try home.list()
    for arguments in [
      ["legacies", "add", "Rose"], ["legacies"], ["doctor"], ["restore", copy], ["send", "--legacy", "Rose", "Hi."],
    ] {
      let ended = try await home.mosaic(arguments + ["--database", path]).run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      #expect((ended.output + ended.errors).contains(path) && !ended.errors.contains("report it"))
    }
    #expect(try await home.mosaic("backup", path).run().status == 74)
    let traced = try await home.mosaic("send", "--model", home.model("echo"), "Hi.").with("MOSAIC_AI_TRACE_FILE", path)
      .run()
    #expect(traced.status == 0 && traced.errors.contains(path))
    #expect(try home.list() == before)
  }

  @Test("A tilde is the home folder wherever a database is named")
  func tilde() async throws {
    let home = try Home()
    try await home.succeed("legacies", "add", "Rose", "--database=~/new/m")
    let set = try await home.mosaic("legacies").with("MOSAIC_AI_DATABASE", "~/new/m").run()
    #expect(set.output.contains("Rose"), "\(set.errors)")
    try await home.succeed("config", "set", "database", "~/new/m")
    #expect(try await home.succeed("legacies").output.contains("Rose"))
    #expect(try home.list() == [".config", "new"])
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

  @Test(
    "A link to a path that is not UTF-8 is refused, and nothing is made", arguments: ["link", "folder/db", "folder/x"])
  func foreignLink(path: String) async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let script = """
      D=$(printf 'caf\\351'); mkdir $D; ln -s $D/db link; ln -s $D folder; cd $D; mosaic-ai legacies add Rose --database db
      """
    #expect(try await home.shell(script).run().status == 0)
    let list = "ls -lA . $(printf 'caf\\351')"
    let before = try await home.shell(list).run().output
    for arguments in [
      ["legacies", "add", "Ben"], ["legacies"], ["send", "--legacy", "Rose", "Hi."], ["send", "--retry"], ["history"],
      ["backup", "other"], ["restore", "copy"], ["doctor"],
    ] {
      let ended = try await home.mosaic(arguments + ["--database", path]).run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      #expect((ended.output + ended.errors).contains("UTF-8") || path == "folder/x", "\(arguments): \(ended.errors)")
    }
    #expect(try await home.shell(list).run().output == before)
    // Where no link is in the way it works.
    let inside = try await home.shell(
      "cd $(printf 'caf\\351') && mosaic-ai legacies --database db && mosaic-ai backup copy --database ./db"
    ).run()
    #expect(inside.status == 0 && inside.output.contains("Rose"), "\(inside.errors)")
    let copy = try await home.mosaic("backup", "folder/other").run()
    #expect(copy.status == 74 && copy.error.contains("UTF-8"), "\(copy.errors)")
    #expect(try await home.shell("ls -A folder/").run().lines.sorted() == ["copy", "db", "db-lock"])
  }

  @Test("Nor are settings written through one")
  func foreignConfiguration() async throws {
    let home = try await Home.remembering()
    let script = """
      D=$(printf 'caf\\351'); mkdir -p $D .config/mosaic-ai; echo 'user: zoe' > $D/config.yaml
      ln -s $HOME/$D/config.yaml .config/mosaic-ai/config.yaml
      mosaic-ai config set user ben; echo $?; cat $D/config.yaml; test -L .config/mosaic-ai/config.yaml; echo $?
      """
    let ended = try await home.shell(script).run()
    #expect(ended.output == "74\nuser: zoe\n0\n", "\(ended.errors)")
    #expect(ended.error.contains("config.yaml") && ended.error.contains("UTF-8"), "\(ended.errors)")
  }

  @Test("doctor looks at the database that a link leads to, and beside that")
  func linkedDoctor() async throws {
    let home = try await Home.remembering()
    mkdir("\(home.path)/links", 0o777)
    chmod("\(home.path)/links", 0o777)
    symlink(home.database, "\(home.path)/links/db")
    symlink("\(home.path)/none/deep/db", "\(home.path)/links/dangling")
    symlink("/dev/null/none/db", "\(home.path)/links/nowhere")
    let sending = try home.mosaic("send", "--model", home.model("hang-1"), "Hello.").start()
    try await sending.shows("Part 1.")
    let report = try await DoctorTests.Report(home.mosaic("doctor", "--database", "links/db"))
    #expect(report["database_permissions"]["value"].string == "0600, folder 0700" && report.warnings == [])
    let sizes = try ["", "-wal"].map { suffix in
      try #require(FileManager.default.attributesOfItem(atPath: home.database + suffix)[.size] as? Int)
    }
    #expect(report["database_size"]["value"].string == String(sizes.reduce(0, +)) && sizes[1] > 0)
    sending.signal(SIGTERM)
    _ = try await sending.end()
    #expect(try await home.mosaic("doctor", "--database", "links/dangling").run().status == 0)
    #expect(try await home.mosaic("doctor", "--database", "links/nowhere").run().status == 74)
    #expect(try home.list("links") == ["dangling", "db", "nowhere"])
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
      for ended in [added, try await home.mosaic("conversations", "--database", database).run()] {
        #expect(ended.status == 74 && ended.standardError.isErrorAndHint, "\(ended.errors)")
        #expect(ended.error.contains("too long"), "\(ended.errors)")
      }
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

  @Test("A folder that leaves no room for a file's own name, or for those beside it, is said to be too long")
  func longFolder() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    func folder(_ length: Int) -> String {
      var path = home.path
      while path.utf8.count < length - 251 { path += "/" + String(repeating: "x", count: 200) }
      return path + "/" + String(repeating: "y", count: length - path.utf8.count - 1)
    }
    for (length, isPossible, isRestorable) in [
      (480, true, true), (485, true, false), (493, true, false), (494, false, false), (502, false, false),
    ] {
      let folder = folder(length)
      #expect(try await home.shell("mkdir -p \"$1\"", folder).run().status == 0)
      for arguments in [["backup", "copy"], ["backup", "\(folder)/other"]] {
        let ended = try await home.mosaic(arguments).inside(folder).run()
        #expect(ended.status == (isPossible ? 0 : 74), "\(length): \(ended.errors)")
        #expect(isPossible || ended.error.contains("too long"), "\(length): \(ended.errors)")
      }
      for isSecond in [false, true] {
        let ended = try await home.mosaic("restore", "\(home.path)/copy", "--database", "db").inside(folder).run()
        let isDone = isSecond ? isRestorable : isPossible
        #expect(ended.status == (isDone ? 0 : 74), "\(length): \(ended.errors)")
        #expect(isDone || ended.error.contains("too long"), "\(length): \(ended.errors)")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.filter { $0.contains("partial") } == [] && names.isEmpty == !isPossible, "\(length): \(names)")
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
