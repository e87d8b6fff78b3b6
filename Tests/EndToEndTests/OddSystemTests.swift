import Foundation
import TestSupport
import Testing

import Platform

/// Systems that give less than usual: no random numbers, few descriptors, no locks, no threads, small files.
@Suite(.crowd, .inGoodTime) struct OddSystemTests {
  // MARK: Random numbers

  @Test(
    "Ids differ although the kernel has no getrandom",
    .enabled(if: Tool.have("strace"), "strace is not installed"))
  func noSystemCall() async throws {
    let home = try Home()
    let script = """
      for name in Rose Ben Ada; do
        strace -qq -f -o /dev/null -e trace=getrandom -e inject=getrandom:error=ENOSYS mosaic-ai legacies add $name || exit
      done
      """
    let ended = try await home.shell(script).run()
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(Set(ended.lines).count == 3 && ended.lines.allSatisfy { $0.utf8.count == 36 && !$0.contains("00000000") })
  }

  @Test(
    "Without /dev/urandom ids differ, and without getrandom too nothing is stored",
    .enabled(
      if: geteuid() == 0 && Tool.have("unshare", "strace"), "only root can hide /dev, and strace makes calls fail"))
  func noDevice() async throws {
    let home = try await Home.remembering()
    let ended = try await home.shell(
      """
      exec unshare -m sh -c '
        mount -t tmpfs none /dev && mosaic-ai legacies add Ben && mosaic-ai legacies add Ada || exit
        # The first calls are those of the start and of the libraries.
        exec strace -qq -f -o trace -e trace=getrandom -e inject=getrandom:error=ENOSYS:when=6+ mosaic-ai send --legacy Rose Hi.'
      """
    ).run()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.standardError.isErrorAndHint && ended.hint.contains("getrandom"), "\(ended.errors)")
    #expect(Set(ended.lines).count == 2 && !ended.output.contains("00000000"))
    #expect(try await home.conversationCount() == 0)
  }

  @Test(
    "Without either of them from the start it is an error that says so, not a crash",
    .enabled(
      if: geteuid() == 0 && Tool.have("unshare", "strace"), "only root can hide /dev, and strace makes calls fail"))
  func noRandomNumbers() async throws {
    let home = try Home()
    for arguments in ["legacies add Rose", "--version"] {
      let ended = try await home.shell(
        """
        exec unshare -m sh -c 'mount -t tmpfs none /dev
          exec strace -qq -f -o trace -e trace=getrandom -e inject=getrandom:error=ENOSYS mosaic-ai \(arguments)'
        """
      ).run()
      #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint && ended.hint.contains("getrandom"), "\(ended.errors)")
    }
    #expect(try home.list() == ["trace"])
  }

  @Test("Keys that few descriptors keep from being read are not called missing, and the hint helps", arguments: 7...14)
  func fewDescriptorsForKeys(count: Int) async throws {
    let home = try await Home.remembering("Rose", .none)
    let keys = "aws_access_key_id = AKIDSIMULATOR\naws_secret_access_key = simulator-secret\n"
    try home.write("[default]\n\(keys)", to: "credentials")
    let printed = #"{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret"}"#
    try home.write(printed, to: "printed")
    try home.write("[default]\ncredential_process = cat \(home.path)/printed\n", to: "process")
    try home.write("token", to: "token")
    for variables in [
      ["AWS_SHARED_CREDENTIALS_FILE": "credentials"], ["AWS_CONFIG_FILE": "process"],
      ["AWS_CA_BUNDLE": "/etc/ssl/certs/ca-certificates.crt", "AWS_BEARER_TOKEN_BEDROCK": "simulator-api-key"],
      [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
      ],
    ] {
      var command = home.shell(
        "ulimit -n \(count); exec mosaic-ai send --max-attempts 1 --model \"$1\" Hi.", home.model("echo"))
      for (name, value) in variables { command = command.with(name, value) }
      let ended = try await command.run()
      // 127: the libraries of a debug build need one more. A certificate may be missing here.
      let isMissing = ended.status == 78 && !FileManager.default.fileExists(atPath: variables["AWS_CA_BUNDLE"] ?? "/")
      guard ended.status != 127, !isMissing else { continue }
      #expect([0, 74, 75].contains(ended.status), "\(variables): \(ended.status): \(ended.errors)")
      let isNoService = ended.status == 75 && variables["AWS_ENDPOINT_URL_STS"] != nil
      if ended.status != 0, !isNoService { #expect(ended.hint.contains("ulimit"), "\(ended.errors)") }
    }
  }

  @Test("So is a library that cannot be loaded for lack of descriptors or memory", arguments: ["n", "v"])
  func noRoomForLibrary(limit: String) async throws {
    let home = try await Home.remembering()
    var isFound = false
    for count in limit == "n" ? Array(4...9) : Array(stride(from: 20_000, to: 60_000, by: 2000)) {
      let ended = try await home.shell("ulimit -\(limit) \(count); exec mosaic-ai doctor -o json").run()
      guard case .exited(let status) = ended.ending, status != 127, let report = try? ended.json() else { continue }
      let check = report["checks"].elements.first { $0["name"].string == "libcurl" }
      if let check, check["status"].string == "error" {
        isFound = true
        #expect(check["hint"].string?.contains("ulimit -\(limit)") == true, "\(count): \(ended.output)")
      }
    }
    #expect(isFound)
  }

  @Test("With few descriptors there is an error or it works, but no crash, and no id comes twice", arguments: 3...24)
  func fewDescriptors(count: Int) async throws {
    let home = try await Home.remembering()
    let script = "ulimit -n \(count) && exec mosaic-ai \"$@\""
    for arguments in [
      ["legacies", "add", "Ben"], ["send", "--legacy", "Rose", "--model", home.model("echo"), "One."],
      ["send", "--legacy", "Rose", "--max-attempts", "1", "--model", home.model("echo"), "Two."], ["history"],
      ["backup", "copy", "--force"], ["doctor"],
    ] {
      let ended = try await Command(
        "/bin/sh", ["-c", script, "sh"] + arguments, variables: home.variables, folder: home.path, owner: home
      ).run()
      guard case .exited(let status) = ended.ending else {
        Issue.record("\(arguments): \(ended.ending)")
        continue
      }
      // 127: the libraries of a debug build need one more.
      #expect([0, 64, 66, 69, 74, 75, 78, 127].contains(status), "\(arguments): \(status): \(ended.errors)")
      #expect(!ended.errors.contains("report it"), "\(ended.errors)")
    }
    let names = try await home.json("legacies").elements
    #expect(Set(names.map { $0["id"].string }).count == names.count)
    #expect(try home.list().filter { $0.contains("partial") } == [])
    if try await home.conversationCount() > 0 {
      #expect(try await home.messages().statuses.allSatisfy { ["complete", "failed"].contains($0) })
    }
  }

  // MARK: Locks

  @Test(
    "A file system without locks is an error that says so, before anything is stored",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"),
    arguments: [EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP, EIO])
  func noLocks(error: Int32) async throws {
    let home = try await Home.remembering()
    let reason = String(cString: strerror(error))
    for arguments in [
      ["send", "Hello."], ["send", "Hello.", "--new"], ["legacies", "add", "Ben", "--database", "new"],
    ] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_LOCKS", "\(error)").run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint && ended.error.contains(reason), "\(ended.errors)")
      #expect(ended.error.contains("-lock") && ended.hint.contains("--database"))
    }
    #expect(try await home.conversationCount() == 0)
    #expect(try home.list() == [".local"], "nothing is left of a database that cannot be")
    // What needs no lock works.
    for arguments in [
      ["legacies"], ["search", "Hello"], ["usage"], ["questions", "next", "--skip"], ["history"], ["conversations"],
    ] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_LOCKS", "\(error)").run()
      #expect([0, 66].contains(ended.status), "\(arguments): \(ended.errors)")
    }
    let backup = try await home.mosaic("backup", "copy").with(fault: "FAULT_LOCKS", "\(error)").run()
    #expect(backup.status == 0, "\(backup.errors)")
    let restore = try await home.mosaic("restore", "copy").with(fault: "FAULT_LOCKS", "\(error)").run()
    #expect(restore.status == 74 && restore.error.contains(reason), "\(restore.errors)")
  }

  @Test(
    "A file system without shared memory is an error that says so, and nothing is left of a new database",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"), arguments: [ENODEV, EINVAL])
  func noSharedMemory(error: Int32) async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let before = try home.list()
    for arguments in [
      ["send", "Hello."], ["history"], ["legacies"], ["backup", "other"], ["doctor"],
      ["legacies", "add", "Ben", "--database", "new/deep/db"],
    ] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_MAPS", "\(error)").run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      let text = ended.output + ended.errors
      #expect(text.contains(String(cString: strerror(error))) && text.contains("local disk"), "\(arguments): \(text)")
    }
    #expect(try home.list() == before)
  }

  @Test(
    "Nor are locks that fail for SQLite too taken for those of another process",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"),
    arguments: [EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP, EIO])
  func noLocksAtAll(error: Int32) async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let before = try home.list()
    for arguments in [
      ["send", "Hello."], ["history"], ["legacies"], ["backup", "other"], ["restore", "copy"], ["doctor"],
      ["legacies", "add", "Ben", "--database", "new"],
    ] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_ALL_LOCKS", "\(error)").run()
      #expect(ended.status == 74, "\(arguments): \(ended.errors)")
      #expect(ended.standardError.isErrorAndHint && ended.error.contains(String(cString: strerror(error))))
      #expect(ended.hint.contains("--database"), "\(arguments): \(ended.errors)")
    }
    #expect(try home.list() == before)
  }

  @Test(
    "doctor finds that messages cannot be answered where nothing can be locked",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"), arguments: ["FAULT_LOCKS", "FAULT_SET_LOCKS"])
  func doctorWithoutLocks(fault: String) async throws {
    let home = try await Home.remembering()
    #expect(try await home.mosaic("doctor").run().status == 0)
    let ended = try await home.mosaic("doctor", "-o", "json").with(fault: fault, "\(ENOLCK)").run()
    #expect(ended.status == 74, "\(ended.errors)")
    #expect(try await home.mosaic("send", "Hello.").with(fault: fault, "\(ENOLCK)").run().status == 74)
    let found = try ended.json()["checks"].elements.filter { $0["status"].string == "error" }
    #expect(found.map { $0["name"].string } == ["database_locks"])
  }

  @Test(
    "A message under way is not called busy where nothing can be locked, and its conversation can be read",
    .enabled(if: OddMachine.hasFaults, "there is no C compiler"), arguments: [EINVAL, ENOLCK])
  func unknownLiveness(error: Int32) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-2"), "Hello.").start()
    try await send.shows(" Part 2.")
    send.signal(SIGKILL)
    _ = try await send.end()
    let history = try await home.mosaic("history").with(fault: "FAULT_LOCKS", "\(error)").run()
    #expect(history.status == 0 && history.lines.count == 2, "\(history.errors)")
    let retry = try await home.mosaic("send", "--retry").with(fault: "FAULT_LOCKS", "\(error)").run()
    #expect(retry.status == 74 && retry.error.contains(String(cString: strerror(error))), "\(retry.errors)")
    #expect(try await home.messages().statuses == ["complete", "interrupted"])
  }

  // MARK: Threads

  @Test(
    "Without a thread, everything works and every word is saved as it comes",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func noThread() async throws {
    let home = try Home()
    let user = uid_t.random(in: 100_000...900_000)
    try home.give(to: user)
    func run(_ arguments: String...) throws -> Command {
      try OddMachine.asUser(user, processes: 1, arguments, in: home)
    }
    for arguments in [
      ["legacies", "add", "Rose"], ["legacies"], ["search", "Hello"], ["usage"], ["questions", "next", "--skip"],
    ] {
      let ended = try await OddMachine.asUser(user, processes: 1, arguments, in: home).run()
      #expect(ended.status == 0, "\(arguments): \(ended.errors)")
    }
    #expect(try await run("send", "--model", home.model("echo"), "Hello.").run().output == "Hello.\n")
    #expect(try await run("backup", "copy").run().status == 0)
    func history() async throws -> JSONText { try await run("history", "-o", "json", "--tail", "2").run().json() }
    for signal in [SIGTERM, SIGKILL, SIGINT] {
      let send = try run("send", "--model", home.model("hang-3"), "Hello.").start()
      try await send.shows(" Part 3.")
      if signal == SIGKILL {
        // What was shown is stored a moment later.
        try await home.eventually {
          try await history()["messages"].elements.last?["content"].string?.contains("3.") == true
        }
      }
      send.signal(signal)
      #expect(try await send.end().ending == .killed(by: signal))
      let shown = try await history()
      #expect(shown["messages"].elements.map { $0["status"].string } == ["complete", "interrupted"])
      #expect(shown["messages"].elements.last?["content"].string == "Part 1. Part 2. Part 3.")
    }
    let doctor = try await run("doctor", "--online", "--model", home.model("normal")).run()
    #expect(doctor.status == 0, "\(doctor.errors)\(doctor.output)")
  }

  @Test(
    "A name that no thread can look up is an error that says why, and the message is saved",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func noResolver() async throws {
    let home = try Home()
    let user = uid_t.random(in: 100_000...900_000)
    try home.give(to: user)
    _ = try await OddMachine.asUser(user, processes: 1, ["legacies", "add", "Rose"], in: home).run()
    let ended = try await OddMachine.asUser(
      user, processes: 1, ["send", "--max-attempts", "1", "Hello.", "-o", "json"], in: home
    ).with("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://bedrock.invalid").run()
    #expect(ended.status == 75, "\(ended.errors)")
    #expect(try ended.json()["code"].string == "connection")
    #expect(ended.error.contains("threads") && ended.hint.contains("send --retry"), "\(ended.errors)")
  }

  @Test(
    "A signal ends every command that waits, also without a thread",
    .enabled(
      if: OddMachine.hasOtherUsers && Tool.have("sqlite3", "stdbuf"), "needs another user, sqlite3 and stdbuf"))
  func signalWithoutThread() async throws {
    let home = try await Home.remembering()
    let user = uid_t.random(in: 100_000...900_000)
    let holder = try await home.holdDatabase("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (a);")
    try home.give(to: user)
    let backup = try OddMachine.asUser(user, processes: 1, ["backup", "copy"], in: home).start()
    try await backup.waitsForLock()
    backup.signal(SIGTERM)
    #expect(try await backup.end(within: 15).ending == .killed(by: SIGTERM))
    holder.endInput()
    _ = try await holder.end()
  }

  // MARK: Files that may not grow

  @Test("A file size limit is an error like a full disk, wherever it strikes", arguments: [0, 1, 8, 64, 150, 176, 200])
  func fileSizeLimit(blocks: Int) async throws {
    let home = try Home()
    let script = "ulimit -f \(blocks) && exec mosaic-ai \"$@\""
    let added = try await home.shell(script, "legacies", "add", "Rose").run()
    let reason = String(cString: strerror(EFBIG))
    if added.status != 0 {
      #expect(added.status == 74, "\(added.ending) \(added.errors)")
      #expect(added.standardError.isErrorAndHint && added.error.contains(home.database), "\(added.errors)")
      #expect(added.error.contains(reason) && added.hint.contains("ulimit"), "\(added.errors)")
      #expect(try home.list() == [], "nothing is left of a database that cannot be")
      // Once the limit is gone, it works.
      try await home.succeed("legacies", "add", "Rose")
    }
    let sent = try await home.shell(script, "send", "-o", "json", "--model", home.model("large-1000000"), "Hello.")
      .run()
    #expect(sent.status == 74, "\(sent.ending)")
    #expect(try sent.json()["code"].string == "storage_failed")
    #expect(sent.error.contains(reason), "\(sent.errors)")
    try await home.succeed("send", "--model", home.model("large-1000000"), "Hello.")
    for arguments in [["backup", "copy"], ["export", "last"]] {
      let ended = try await home.shell("\(script) > out", arguments[0], arguments[1]).run()
      #expect(ended.status == 74, "\(arguments): \(ended.ending)")
      #expect(ended.error.contains(reason), "\(ended.errors)")
    }
    #expect(try home.list().filter { $0.contains("copy") } == [])
    let read = try await home.shell(script, "history").run()
    #expect(!read.errors.contains("saved"), "nothing was to be: \(read.errors)")
    if blocks == 0 {
      let set = try await home.shell(script, "config", "set", "user", "zoe").run()
      #expect(set.status == 74 && set.error.contains(reason) && set.hint.contains("ulimit"), "\(set.errors)")
      #expect(try home.list(".config/mosaic-ai") == [])
    }
  }

  @Test("A restore that finds no room says so, and that nothing has changed", arguments: [0, 20, 100])
  func noRoomToRestore(blocks: Int) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("large-200000"), "Hello.")
    try await home.succeed("backup", "copy")
    let ended = try await home.shell("ulimit -f \(blocks) && exec mosaic-ai restore copy").run()
    #expect(ended.status == 74, "\(ended.ending) \(ended.errors)")
    #expect(ended.standardError.isErrorAndHint && ended.error.contains(String(cString: strerror(EFBIG))))
    #expect(ended.hint.contains("ulimit") && ended.hint.contains("nothing has changed"), "\(ended.errors)")
    #expect(!ended.hint.contains("another copy"))
    #expect(try await home.messages().count == 2)
  }

  @Test("An import that cannot keep standard input names the folder for temporary files")
  func noRoomToImport() async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    let archive = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    let missing = try await home.mosaic("import", "-", "--database", "new").with("TMPDIR", "\(home.path)/missing")
      .reading(archive).run()
    #expect(missing.status == 74 && missing.standardError.isErrorAndHint, "\(missing.errors)")
    #expect(missing.error.contains("\(home.path)/missing") && missing.hint.contains("TMPDIR"), "\(missing.errors)")
    let small = try await home.shell("ulimit -f 0; exec mosaic-ai import - --database new").reading(archive).run()
    #expect(small.status == 74 && small.error.contains("/tmp") && small.hint.contains("ulimit"), "\(small.errors)")
    #expect(!(try home.list().contains("new")))
  }

  @Test("Programs that are started die of a file size limit as usual")
  func childrenAreUnaware() async throws {
    let home = try await Home.remembering("Rose", .none)
    try home.write("[default]\ncredential_process = /bin/sh \(home.path)/keys\n", to: ".aws/config")
    try home.write(
      "dd if=/dev/zero of=\(home.path)/big bs=4096 count=1 2>/dev/null; echo $? > \(home.path)/ended\n", to: "keys")
    _ = try await home.shell("ulimit -f 1000; exec mosaic-ai send Hi.").run()
    #expect(home.folder.contents("ended") == Data("0\n".utf8))
    try home.write(
      "trap '' PIPE; (ulimit -f 0; exec dd if=/dev/zero of=\(home.path)/big2 bs=4096 count=1) 2>/dev/null; "
        + "echo $? > \(home.path)/ended\n", to: "keys")
    _ = try await home.mosaic("send", "Hi.").run()
    #expect(home.folder.contents("ended") == Data("\(128 + SIGXFSZ)\n".utf8))
  }

  @Test("The end of the processor time that is allowed saves what came, and ends by that signal")
  func processorTime() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("hang-2"), "Hello.").start()
    try await send.shows(" Part 2.")
    send.signal(SIGXCPU)
    #expect(try await send.end().ending == .killed(by: SIGXCPU))
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"] && messages[1].content == "Part 1. Part 2.")
  }

  // MARK: Waits

  @Test(
    "Ctrl-C ends every command at once that waits for someone who keeps the database",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"),
    arguments: [
      ["backup", "copy"], ["restore", "sound"], ["history"], ["doctor"], ["delete", "last", "--yes"],
      ["legacies", "add", "Ben"], ["send", "Hello."], ["send", "--retry", "--all"], ["export", "last"],
      ["import", "archive"], ["search", "Hello"], ["usage"], ["usage", "--by", "day"], ["questions"],
      ["questions", "next", "--skip"], ["conversations", "rename", "last", "Songs"], ["send", "--dry-run", "Hi."],
      ["legacies", "share", "Rose", "ben"], ["legacies", "rename", "Rose", "R"],
      ["legacies", "remove", "Rose", "--yes"],
    ])
  func heldDatabase(arguments: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("send", "--model", home.model("echo"), "Hello.")
    try await home.succeed("backup", "sound")
    try home.write(try await home.succeed("export", "last", "-o", "ndjson").output, to: "archive")
    let holder = try await home.holdDatabase(
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (a);")
    for signal in [SIGINT, SIGTERM] {
      let waiting = try home.mosaic(arguments).start()
      try await waiting.waitsForLock()
      waiting.signal(signal)
      // Less than the wait would take.
      let ended = try await waiting.end(within: arguments[0] == "doctor" ? 4 : 15)
      #expect(ended.ending == .killed(by: signal), "\(ended.ending) \(ended.errors)")
    }
    holder.endInput()
    _ = try await holder.end()
    #expect(try home.list().filter { $0.contains("partial") || $0 == "copy" } == [])
    #expect(try await home.messages().statuses == ["complete", "complete"])
  }

  @Test(
    "So does it for everyone who only waits to write, with threads of their own or not",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"),
    arguments: [
      ["interview", "--questions", "life.txt", "--name", "life", "--all-legacies", "--jobs", "2"],
      ["interview", "--questions", "life.txt", "--name", "life", "--legacy", "Rose"], ["send", "Hello."],
      ["questions", "next", "--legacy", "Rose", "--skip"],
    ])
  func waitingToWrite(arguments: [String]) async throws {
    let home = try await Home.remembering()
    try await home.succeed("legacies", "add", "Ben")
    try home.write("Where did {name} sing?\n", to: "life.txt")
    let holder = try await home.holdDatabase()
    for signal in [SIGINT, SIGTERM] {
      let waiting = try home.mosaic(arguments).with("MOSAIC_AI_LEGACY", arguments[0] == "send" ? "Rose" : nil).start()
      try await waiting.waitsForLock()
      waiting.signal(signal)
      // Less than the wait would take.
      let ended = try await waiting.end(within: 15)
      #expect(ended.ending == .killed(by: signal), "\(ended.ending) \(ended.errors)")
    }
    holder.endInput()
    _ = try await holder.end()
    #expect(try await home.conversationCount() == 0)
  }

  @Test(
    "Ctrl-C during a reply ends it while the database is kept, and what was stored stays",
    .enabled(if: Tool.have("sqlite3", "stdbuf"), "sqlite3 or stdbuf is not installed"),
    arguments: ["slow-200", "hang-2"])
  func heldDuringReply(model: String) async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model(model), "Hello.").start()
    try await send.shows(model == "hang-2" ? " Part 2." : "This is")
    try await Task.sleep(for: .milliseconds(1000))
    let shown = send.outputSoFar
    let holder = try await home.holdDatabase()
    try await Task.sleep(for: .milliseconds(500))
    send.signal(SIGINT)
    let ended = try await send.end(within: 15)
    #expect(ended.ending == .killed(by: SIGINT))
    #expect(ended.hint.contains("send --retry"))
    holder.endInput()
    _ = try await holder.end()
    let messages = try await home.messages()
    #expect(messages.statuses == ["complete", "interrupted"])
    #expect(messages[1].content.hasPrefix(shown.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  // MARK: Input

  @Test("A standard input that does not wait is waited for, whatever reads it")
  func inputThatDoesNotWait() async throws {
    let home = try await Home.remembering()
    let send = try home.mosaic("send", "--model", home.model("echo")).readingOpenPipeWithoutWaiting().start()
    for piece in ["Good ", "morn", "ing."] {
      try await Task.sleep(for: .milliseconds(200))
      #expect(!send.hasEnded)
      send.type(piece)
    }
    send.endInput()
    let ended = try await send.end()
    #expect(ended.status == 0 && ended.output == "Good morning.\n", "\(ended.errors)")
    let archive = try await home.succeed("export", "--legacy", "Rose", "-o", "ndjson").output
    let importing = try home.mosaic("import", "-", "--database", "other").readingOpenPipeWithoutWaiting().start()
    for piece in [archive.prefix(100), archive.dropFirst(100)] {
      try await Task.sleep(for: .milliseconds(200))
      #expect(!importing.hasEnded)
      importing.type(String(piece))
    }
    importing.endInput()
    #expect(try await importing.end().status == 0)
    #expect(try await home.messages("--database", "other").count == 2)
  }

  @Test("Nor does a wait for input keep a signal from ending it")
  func signalWhileWaitingForInput() async throws {
    let home = try await Home.remembering()
    for arguments in [["send"], ["import", "-"]] {
      let waiting = try home.mosaic(arguments).readingOpenPipeWithoutWaiting().start()
      try await Task.sleep(for: .milliseconds(300))
      waiting.signal(SIGTERM)
      #expect(try await waiting.end().ending == .killed(by: SIGTERM))
    }
  }
}

extension Running {
  /// Waits until the program sleeps between two attempts to get a lock.
  fileprivate func waitsForLock() async throws {
    // It has loaded its libraries and goes on without using the processor.
    var last = -1
    for _ in 0..<600 {
      try await Task.sleep(for: .milliseconds(200))
      let fields = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?.split(separator: " ") ?? []
      guard fields.count > 14, let time = Int(fields[13]) else { throw Complaint("it has ended") }
      if time == last, fields[2] == "S" { return }
      last = time
    }
    throw Complaint("it does not wait")
  }
}
