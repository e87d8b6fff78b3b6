import Foundation
import TestSupport
import Testing

import Platform

/// Files that belong to someone else, go away, or are not what they were.
@Suite(.crowd, .inGoodTime) struct OddFileTests {
  // MARK: Whose files they are

  @Test(
    "A look by root leaves the database and everything beside it to its owner",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"), arguments: [0o600, 0o660])
  func lookByRoot(mode: Int) async throws {
    let (home, user) = try await ownHome()
    let mode = mode_t(mode)
    try await theirs(user, home, "backup", "copy")
    // As somebody restores a backup by hand.
    rename("\(home.path)/copy", home.database)
    unlink("\(home.database)-lock")
    chmod(home.database, mode)
    for arguments in [
      ["legacies"], ["send", "--model", home.model("echo"), "By root."], ["delete", "last", "--yes"],
    ] {
      let ended = try await home.mosaic(arguments).with("MOSAIC_AI_USER", "zoe").run()
      #expect(ended.status == 0, "\(arguments): \(ended.errors)")
      for name in try home.list(".local/share/mosaic-ai") {
        let owner = try home.owner(of: "\(home.dataFolder)/\(name)")
        #expect(owner.user == user && owner.mode == mode, "\(arguments): \(name): \(owner)")
      }
    }
    try await theirs(user, home, "send", "--model", home.model("echo"), "By me.")
  }

  @Test(
    "While root sends, the owner can too, and each side file is the owner's",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func sendingByRoot() async throws {
    let (home, user) = try await ownHome()
    unlink("\(home.database)-lock")
    let send = try home.mosaic("send", "--model", home.model("hang-2"), "By root.").with("MOSAIC_AI_USER", "zoe")
      .start()
    try await send.shows(" Part 2.")
    let names = try home.list(".local/share/mosaic-ai")
    #expect(names.contains("mosaic-ai.sqlite3-wal") && names.contains("mosaic-ai.sqlite3-lock"))
    for name in names { #expect(try home.owner(of: "\(home.dataFolder)/\(name)") == (user, 0o600), "\(name)") }
    try await theirs(user, home, "send", "--new", "--model", home.model("echo"), "By me.")
    send.signal(SIGTERM)
    _ = try await send.end()
  }

  @Test(
    "What root restores, and what is kept from before, is the owner's",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"), arguments: [true, false])
  func restoringByRoot(isSound: Bool) async throws {
    let (home, user) = try await ownHome()
    try await theirs(user, home, "backup", "copy")
    if !isSound {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: home.database))
      try file.seek(toOffset: 5000)
      try file.write(contentsOf: Data(repeating: 0xff, count: 40_000))
      try file.close()
    }
    let ended = try await home.mosaic("restore", "copy").run()
    #expect(ended.status == 0, "\(ended.errors)")
    for name in try home.list(".local/share/mosaic-ai") {
      #expect(try home.owner(of: "\(home.dataFolder)/\(name)") == (user, 0o600), "\(name)")
    }
    try await theirs(user, home, "send", "--model", home.model("echo"), "Hello.")
    try await theirs(user, home, "restore", "copy")
  }

  @Test(
    "A lock file that root has made already is told of, and mended by the next look of root's",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func foreignLockFile() async throws {
    let (home, user) = try await ownHome()
    chown("\(home.database)-lock", 0, 0)
    let refused = try await OddMachine.asUser(user, ["legacies"], in: home).run()
    #expect(refused.status == 74 && refused.hint.contains("chown \(user)"), "\(refused.errors)")
    #expect(try await home.mosaic("legacies").run().status == 0)
    try await theirs(user, home, "legacies")
  }

  @Test(
    "A configuration that root changes stays its owner's",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func configurationByRoot() async throws {
    let (home, user) = try await ownHome()
    try await theirs(user, home, "config", "set", "persona", "friend")
    try await home.succeed("config", "set", "persona", "biographer")
    #expect(try home.owner(of: "\(home.configurationFolder)/config.yaml") == (user, 0o600))
    #expect(try await theirs(user, home, "config", "get", "persona").output == "biographer\n")
  }

  @Test(
    "A database that was in use, in a place where nothing can be written, is not misread, and the error says what to do",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func unwritable() async throws {
    let (home, user) = try await ownHome()
    try await theirs(user, home, "send", "--model", home.model("echo"), "Hello.")
    chmod(home.database, 0o444)
    unlink("\(home.database)-lock")
    chmod(home.dataFolder, 0o555)
    for arguments in [["history"], ["search", "Hello"], ["send", "--dry-run", "Hi."], ["send", "Hi."]] {
      let refused = try await OddMachine.asUser(user, arguments, in: home).run()
      #expect(refused.status == 74, "\(arguments)")
      #expect(refused.error.contains("needs to write") && refused.hint.contains("copy it to"), "\(refused.errors)")
    }
    let doctor = try await OddMachine.asUser(user, ["doctor"], in: home).run()
    #expect(doctor.status == 74 && doctor.output.contains("cannot be written"), "\(doctor.errors)")
    try await theirs(user, home, "config", "list")
    #expect(try home.list(".local/share/mosaic-ai") == ["mosaic-ai.sqlite3"])
    try FileManager.default.copyItem(atPath: home.database, toPath: "\(home.path)/copy")
    chown("\(home.path)/copy", user, user)
    chmod("\(home.path)/copy", 0o600)
    #expect(try await theirs(user, home, "history", "--database", "copy").lines.count == 2)
  }

  @Test(
    "A group shares a database: whoever looks lets the others in, and whoever is kept out learns how",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func group() async throws {
    let home = try Home()
    let (anna, ben, group) = (uid_t(201_001), uid_t(201_002), gid_t(201_003))
    chmod(home.path, 0o755)
    let folder = "\(home.path)/shared"
    let database = "\(folder)/db"
    mkdir(folder, 0o770)
    chown(folder, anna, group)
    chmod(folder, 0o2770)
    func run(_ user: uid_t, _ arguments: String...) async throws -> Ended {
      try await OddMachine.asUser(user, group: group, arguments + ["--database", database], in: home).run()
    }
    #expect(try await run(anna, "legacies", "add", "Rose").status == 0)
    chmod(database, 0o660)
    let refused = try await run(ben, "legacies")
    #expect(refused.status == 74 && refused.hint.contains("chmod 660 \(database)-lock"), "\(refused.errors)")
    #expect(!refused.hint.contains("chown"))
    #expect(try await run(anna, "legacies").status == 0)
    #expect(try await run(ben, "legacies").status == 0)
    // In a folder that does not pass its group on, files are of their makers' own groups.
    chmod(folder, 0o770)
    unlink("\(database)-lock")
    let send = try OddMachine.asUser(
      ben, group: group, ["send", "--model", home.model("hang-1"), "Hi.", "--database", database], in: home
    ).start()
    try await send.shows("Part 1.")
    try await home.eventually { try await run(ben, "history").output.contains("Part 1.") }
    send.signal(SIGKILL)
    _ = try await send.end()
    #expect(try home.list("shared").contains("db-wal"))
    let looked = try await run(anna, "history")
    #expect(looked.status == 0 && looked.output.contains("Part 1."), "\(looked.errors)")
  }

  @Test(
    "A log that this user may not use is named, with a cure",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"), arguments: ["-wal", "-shm"])
  func foreignLog(suffix: String) async throws {
    let (home, user) = try await ownHome()
    let send = try OddMachine.asUser(user, ["send", "--model", home.model("hang-1"), "Hello."], in: home).start()
    try await send.shows("Part 1.")
    send.signal(SIGKILL)
    _ = try await send.end()
    chown("\(home.database)\(suffix)", 0, 0)
    let ended = try await OddMachine.asUser(user, ["history"], in: home).run()
    #expect(ended.status == 74 && ended.error.contains("\(home.database)\(suffix)"), "\(ended.errors)")
    #expect(ended.hint.contains("sudo chown \(user):\(user) \(home.database)\(suffix)"), "\(ended.errors)")
  }

  @Test(
    "What a copy of root's has left is named",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func foreignPartialFile() async throws {
    let (home, user) = try await ownHome()
    try await theirs(user, home, "backup", "b")
    for (partial, arguments) in [
      (".other.partial", ["backup", "other"]), (".local/share/mosaic-ai/.mosaic-ai.sqlite3.partial", ["restore", "b"]),
    ] {
      try home.write("", to: partial)
      chmod("\(home.path)/\(partial)", 0o600)
      let ended = try await OddMachine.asUser(user, arguments, in: home).run()
      #expect(ended.status == 74 && ended.error.contains(".partial"), "\(ended.errors)")
      #expect(ended.hint.contains("rm ") && ended.hint.contains(".partial"), "\(ended.errors)")
      unlink("\(home.path)/\(partial)")
      try await theirs(user, home, arguments[0], arguments[1])
    }
  }

  /// A home whose owner is another user, with a database of theirs.
  private func ownHome() async throws -> (Home, uid_t) {
    let home = try Home()
    let user = uid_t.random(in: 100_000...900_000)
    try home.give(to: user)
    try await theirs(user, home, "legacies", "add", "Rose")
    return (home, user)
  }

  /// Runs a command line as the owner, who must succeed.
  @discardableResult
  private func theirs(_ user: uid_t, _ home: Home, _ arguments: String...) async throws -> Ended {
    let ended = try await OddMachine.asUser(user, arguments, in: home).run()
    #expect(ended.status == 0, "\(arguments): \(ended.errors)")
    return ended
  }

  @Test(
    "A backup is made, and restored, in a folder that cannot be looked into",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func blindFolder() async throws {
    let (home, user) = try await ownHome()
    mkdir("\(home.path)/box", 0o300)
    chown("\(home.path)/box", user, user)
    try await theirs(user, home, "backup", "box/copy")
    try await theirs(user, home, "restore", "box/copy", "--database", "box/db")
    #expect(try await theirs(user, home, "legacies", "--database", "box/db").output.contains("Rose"))
    chmod("\(home.path)/box", 0o700)
  }

  // MARK: What goes away

  @Test(
    "A database that is deleted while a reply streams is an error that says so", arguments: ["json", "text", "ndjson"])
  func deleted(format: String) async throws {
    let home = try await Home.remembering()
    // In JSON nothing shows that it has begun, and looking takes a while on a busy machine.
    let model = home.model(format == "json" ? "slow-1000" : "slow-100")
    let send = try home.mosaic("send", "-o", format, "--model", model, "Hello.").start()
    if format == "json" { try await send.waits(for: home) } else { try await send.shows("This is") }
    for name in try home.list(".local/share/mosaic-ai") { unlink("\(home.dataFolder)/\(name)") }
    let ended = try await send.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.standardError.isErrorAndHint && ended.error.contains(home.database), "\(ended.errors)")
    #expect(!ended.errors.contains("--retry"), "nothing is left to be retried: \(ended.errors)")
    let event = format == "json" ? try ended.json() : format == "ndjson" ? try ended.jsonLines().last : nil
    if let event { #expect(event["code"].string == "storage_failed" && event["message_id"] == .null) }
  }

  @Test("So is one that is emptied")
  func emptied() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("slow-100"), "Hello.").start()
    try await send.shows("This is")
    #expect(truncate(home.database, 0) == 0)
    let ended = try await send.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.standardError.isErrorAndHint && ended.error.contains(home.database), "\(ended.errors)")
  }

  @Test(
    "So is one that is cut short, alone or with its log, whatever has been written to it since",
    arguments: [("", 60_000), ("", 5_000), ("", 20), ("-wal", 0), ("-wal", 100), ("-shm", 0), ("-shm", 100)])
  func cutShort(suffix: String, size: Int) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let send = try home.mosaic("send", "--model", home.model("hang-1"), "-o", "ndjson", "More.").start()
    try await send.storesFirstPart(home)
    #expect(truncate("\(home.database)\(suffix)", size) == 0)
    send.signal(SIGTERM)
    let ended = try await send.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    if suffix == "-shm", ended.errors.contains("a file of the database") { return }
    let failure = try #require(try ended.jsonLines().last)
    #expect(failure["type"].string == "error" && failure["code"].string == "storage_failed")
    #expect(failure["message"].string?.contains("\(home.database)\(suffix)") == true)
    guard !suffix.isEmpty else { return }
    // The file itself is whole, and only what the log had may be missing.
    #expect(try await home.succeed("doctor", "--deep").output.contains("database_integrity\twhole"))
    #expect(failure["hint"].string?.contains("restore") == false)
    #expect(try await home.messages()[0].content == "Hello.")
  }

  @Test(
    "Whoever follows a conversation learns that its database was cut short, or that another was copied over it",
    arguments: ["truncate -s 60000 $D", "truncate -s 0 $D-shm", "cat copy >$D"])
  func cutWhileFollowed(change: String) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    try await home.succeed("backup", "copy")
    let follow = try home.mosaic("history", "--follow").start()
    try await follow.shows("Hello.")
    _ = try await home.shell(change.replacing("$D", with: home.database)).run()
    let ended = try await follow.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.standardError.isErrorAndHint, "\(ended.errors)")
    #expect(ended.error.contains(home.database) || change.contains("-shm"), "\(ended.errors)")
  }

  @Test("A database that others vacuum, or whose log they empty, is as good as before")
  func vacuumed() async throws {
    let home = try await Home.remembering()
    for _ in 0..<4 {
      try await home.succeed("send", "--model", home.model("echo"), String(repeating: "mirabelle ", count: 900))
    }
    try await home.succeed("delete", "last", "--yes")
    let send = try home.mosaic("send", "--model", home.model("slow-100"), "Hello.").start()
    try await send.shows("This is")
    let others = try await home.shell(
      "sqlite3 \(home.database) 'PRAGMA busy_timeout = 9000; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'"
    ).run()
    #expect(others.status == 0, "\(others.errors)")
    let ended = try await send.end()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try await home.messages()[1].content + "\n" == ended.output)
  }

  @Test(
    "So is one that another file replaces, or that is moved away, also if Ctrl-C ends the reply",
    arguments: [true, false])
  func replaced(isInterrupted: Bool) async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    for isMoved in [true, false] {
      let send = try home.mosaic("send", "--new", "--model", home.model("hang-2"), "Hello.").start()
      try await send.shows(" Part 2.")
      if isMoved { rename(home.database, "\(home.path)/elsewhere") } else { rename("\(home.path)/copy", home.database) }
      if isInterrupted {
        send.signal(SIGINT)
        let ended = try await send.end()
        #expect(ended.status == 74 && ended.error.contains(home.database), "\(ended.ending) \(ended.errors)")
      } else {
        // The next write finds it.
        send.signal(SIGTERM)
        #expect(try await send.end().status == 74)
      }
      if isMoved { rename("\(home.path)/elsewhere", home.database) }
    }
  }

  @Test(
    "If files of the write-ahead log are removed, nothing that anyone was told is kept gets lost",
    arguments: [["-wal", "-shm"], ["-shm"]], [nil, ["legacies"], ["legacies", "add", "Ben"]])
  func logRemoved(suffixes: [String], other: [String]?) async throws {
    let home = try await Home.remembering()
    let isWrittenMeanwhile = other?.contains("add") == true
    let scenario = isWrittenMeanwhile ? "hang-1" : "slow-100"
    let send = try home.mosaic("send", "--model", home.model(scenario), "Hello.").start()
    if isWrittenMeanwhile { try await send.storesFirstPart(home) } else { try await send.shows("This is") }
    for suffix in suffixes { unlink("\(home.database)\(suffix)") }
    if let other { #expect(try await home.mosaic(other).run().status == 0) }
    if isWrittenMeanwhile { send.signal(SIGTERM) }
    let ended = try await send.end()
    #expect(ended.status == (isWrittenMeanwhile ? 74 : 0), "\(ended.ending) \(ended.errors)")
    let names = try await home.json("legacies").elements.compactMap { $0["name"].string }
    #expect(names == (isWrittenMeanwhile ? ["Ben", "Rose"] : ["Rose"]))
    if isWrittenMeanwhile {
      #expect(ended.error.contains(home.database))
    } else {
      #expect(try await home.messages()[1].content + "\n" == ended.output)
    }
    #expect(try await home.succeed("doctor", "--deep").output.contains("database_integrity\twhole"))
  }

  @Test(
    "Nor does any other command say that it has changed a file that is gone",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"),
    arguments: [
      ["legacies", "add", "Ben"], ["send", "Hello."], ["delete", "last", "--yes"], ["legacies", "rename", "Rose", "R"],
    ])
  func deletedBeforeWriting(arguments: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let holder = try await home.holdDatabase()
    let waiting = try home.mosaic(arguments).start()
    // It has opened the database, and waits for its turn to write.
    try await home.eventually {
      let folder = "/proc/\(waiting.pid)/fd"
      let open = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      let paths = open.map { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
      return paths.contains("\(home.database)-lock")
    }
    try await Task.sleep(for: .milliseconds(300))
    rename(home.database, "\(home.path)/elsewhere")
    holder.endInput()
    _ = try await holder.end()
    let ended = try await waiting.end()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.error.contains(home.database))
  }

  @Test("Whoever writes to a file with two names is warned, and so is doctor")
  func twoNames() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    link(home.database, "\(home.path)/second")
    for arguments in [
      ["send", "--model", home.model("echo"), "Again."], ["legacies", "add", "Ben"],
      ["legacies", "rename", "Ben", "Bo"],
      ["doctor"], ["delete", "last", "--yes"],
    ] {
      let ended = try await home.mosaic(arguments).run()
      #expect(ended.status == 0 && (ended.output + ended.errors).contains("-samefile"), "\(ended.errors)")
    }
    for arguments in [["legacies"], ["history"]] {
      let ended = try await home.mosaic(arguments).run()
      #expect(!ended.errors.contains("warning"), "\(ended.errors)")
    }
    unlink("\(home.path)/second")
    #expect(try await home.mosaic("legacies", "add", "Ada").run().errors.contains("warning") == false)
  }

  @Test(
    "Whoever writes to a file that is mounted by itself is warned, and so is doctor",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"))
  func mountedFile() async throws {
    let home = try await Home.remembering()
    for arguments in [["send", "--model", home.model("echo"), "Hello."], ["legacies", "add", "Ben"], ["doctor"]] {
      let ended = try await Sandbox.mounted(home.database, home.mosaic(arguments)).run()
      #expect(ended.status == 0 && (ended.output + ended.errors).contains("mounted by itself"), "\(ended.errors)")
    }
    let read = try await Sandbox.mounted(home.database, home.mosaic("history")).run()
    #expect(read.status == 0 && !read.errors.contains("warning"), "\(read.errors)")
  }

  // MARK: The lock file

  @Test(
    "A lock file that is none is named by every command, at once, and nothing is made",
    arguments: ["dangling link", "link", "folder", "pipe"])
  func oddLockFile(kind: String) async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let lock = "\(home.path)/deep/db-lock"
    chmod(try home.write("Dear diary.", to: "mine"), 0o640)
    mkdir("\(home.path)/deep", 0o700)
    func make() {
      switch kind {
      case "dangling link": symlink("/mnt/none/d-lock", lock)
      case "link": symlink("\(home.path)/mine", lock)
      case "folder": mkdir(lock, 0o700)
      default: mkfifo(lock, 0o600)
      }
    }
    for isThere in [false, true] {
      if isThere {
        remove(lock)
        try await home.succeed("legacies", "add", "Rose", "--database", "deep/db")
        unlink(lock)
      }
      make()
      for arguments in [
        ["legacies", "add", "Ben"], ["legacies"], ["history"], ["conversations"], ["send", "--legacy", "Rose", "Hi."],
        ["restore", "copy"], ["doctor"],
      ] where isThere || ["Ben", "copy", "doctor"].contains(arguments.last) {
        let ended = try await home.mosaic(arguments + ["--database", "deep/db"]).run()
        #expect(ended.status == 74, "\(arguments): \(ended.errors)")
        #expect((ended.output + ended.errors).contains("db-lock"), "\(arguments): \(ended.output)\(ended.errors)")
      }
      #expect(try home.list("deep") == (isThere ? ["db", "db-lock"] : ["db-lock"]))
      #expect(try home.owner(of: "\(home.path)/mine").mode == 0o640)
    }
  }

  @Test(
    "Beside the lock file of another user no database is made, and the hint says what to do",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func foreignLockFileAlone() async throws {
    let (home, user) = try await ownHome()
    try await theirs(user, home, "backup", "copy")
    try home.write("", to: "db-lock")
    chmod("\(home.path)/db-lock", 0o600)
    for arguments in [["legacies", "add", "Rose"], ["restore", "copy"], ["send", "Hi."]] {
      let ended = try await OddMachine.asUser(user, arguments + ["--database", "db"], in: home).run()
      #expect(ended.status == 74 && ended.error.contains("db-lock"), "\(ended.errors)")
      #expect(ended.hint.contains("sudo rm db-lock") || ended.hint.contains("sudo rm \(home.path)/db-lock"))
    }
    #expect(try home.list() == [".local", "copy", "db-lock"])
  }

  @Test("A reply that someone else takes over after the lock file was removed ends as overtaken, and theirs is whole")
  func overtaken() async throws {
    let home = try await Home.remembering()
    let first = try home.mosaic("send", "-o", "ndjson", "--model", home.model("slow-100"), "Hello.").start()
    try await first.shows("This is")
    unlink("\(home.database)-lock")
    let second = try await home.mosaic("send", "--retry", "--model", home.model("echo")).run()
    #expect(second.status == 0 && second.output == "Hello.\n", "\(second.errors)")
    let ended = try await first.end()
    #expect(ended.status == 75, "\(ended.ending) \(ended.errors)")
    #expect(try ended.jsonLines().last?["code"].string == "busy")
    #expect(ended.standardError.isErrorAndHint && !ended.errors.contains("report it"), "\(ended.errors)")
    let messages = try await home.messages("--all")
    #expect(messages.statuses == ["complete", "superseded", "complete"])
    #expect(messages[2].content == "Hello.")
  }

  @Test("Whoever was overtaken before their first word ends so too", arguments: ["slow-100", "echo"])
  func overtakenBeforeTheFirstWord(model: String) async throws {
    let home = try await Home.remembering()
    let first = try home.mosaic(
      "send", "--model", home.model("hang-0"), "--timeout", "2", "--max-attempts", "1", "Hello."
    )
    .start()
    try await first.waits(for: home)
    unlink("\(home.database)-lock")
    let second = try await home.mosaic("send", "--retry", "--model", home.model(model)).run()
    #expect(second.status == 0, "\(second.errors)")
    let ended = try await first.end()
    #expect(ended.status == 75 && !ended.errors.contains("report it"), "\(ended.ending) \(ended.errors)")
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test("Without the lock file, a mere look loses nothing of a reply under way")
  func lookWithoutLockFile() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("slow-50"), "Hello.").start()
    try await send.shows("This is")
    unlink("\(home.database)-lock")
    _ = try await home.messages()
    let ended = try await send.end()
    #expect(ended.status == 0, "\(ended.errors)")
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "complete"] && messages[1].content + "\n" == ended.output)
  }

  @Test("Without the lock file, a restore still finds that the database is in use")
  func restoreWithoutLockFile() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let send = try home.mosaic("send", "--model", home.model("hang-2"), "Hello.").start()
    try await send.shows(" Part 2.")
    unlink("\(home.database)-lock")
    #expect(try await home.mosaic("restore", "copy").run().status == 75)
    send.signal(SIGTERM)
    _ = try await send.end()
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }
}

extension Running {
  /// Waits until the first part of the reply of `hang-1` is stored, after which nothing is written until a signal comes:
  /// what happens to the files in the middle of a write nobody can make good.
  fileprivate func storesFirstPart(_ home: Home) async throws {
    try await shows("Part 1.")
    try await home.eventually { try await home.messages().all.last?.content.contains("Part 1.") == true }
  }
}
