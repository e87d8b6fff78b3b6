import Foundation
import TestSupport
import Testing

import Platform

/// Calls of the system that fail where they hardly ever do.
@Suite(.enabled(if: OddMachine.hasFaults, "no C compiler is installed"), .crowd, .inGoodTime) struct FaultTests {
  // MARK: Standard streams

  @Test("What a file system says only when standard output is closed is an error", arguments: [EIO, ENOSPC, EDQUOT])
  func closing(error: Int32) async throws {
    let home = try await Home.remembering()
    for arguments in [["legacies"], ["--version"], ["send", "-o", "json", "--model", home.model("echo"), "Hello."]] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_CLOSE", "\(error)").run()
      #expect(ended.status == 74, "\(arguments): \(ended.ending) \(ended.errors)")
      #expect(ended.error.contains("cannot write the output"), "\(ended.errors)")
      #expect(ended.standardError.isErrorAndHint, "\(ended.errors)")
    }
    let whole = try await home.mosaic("legacies").with(fault: "FAULT_CLOSE", "\(EINTR)").run()
    #expect(whole.status == 0)
    #expect(try await home.shell("mosaic-ai config path >&-").run().status == 74)
  }

  @Test(
    "Without /proc, the program knows what it was asked for",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"))
  func noProc() async throws {
    let home = try await Home.remembering("Rose")
    func run(_ arguments: String...) async throws -> Ended {
      try await Sandbox.empty("/proc", home.mosaic(arguments)).run()
    }
    let sent = try await run("send", "--model", home.model("echo"), "Hello.")
    #expect(sent.status == 0 && sent.output == "Hello.\n", "\(sent.errors)")
    #expect(try await run("backup", "copy").status == 0 && home.list().contains("copy"))
    #expect(try await run("--nonsense").status == 64)
  }

  @Test("Tracing goes by any clock", arguments: [-100, -3_000_000_000, 20_000_000_000])
  func tracedClock(time: Int) async throws {
    let home = try await Home.remembering("Rose")
    let ended = try await home.mosaic("send", "--model", home.model("echo"), "Hello.")
      .with("MOSAIC_AI_TRACE_FILE", "\(home.path)/trace").with(fault: "FAULT_CLOCK", "\(time)").run()
    #expect(ended.status == 0 && ended.output == "Hello.\n", "\(ended.ending) \(ended.errors)")
    let trace = try String(contentsOfFile: "\(home.path)/trace", encoding: .utf8)
    let nanoseconds = time < 0 ? "0" : String(UInt64.max)
    #expect(trace.contains("\"startTimeUnixNano\":\"\(nanoseconds)\""), "\(trace.prefix(400))")
  }

  @Test("Without /dev/null, closed streams are no trap, and a source of credentials has an empty input")
  func noNullDevice() async throws {
    let home = try await Home.remembering("Rose", .none)
    for (command, status) in [("backup copy >&- 2>&-", 74), ("backup copy <&-", 0), ("legacies <&- 2>&-", 0)] {
      let ended = try await home.shell("mosaic-ai \(command)").with(fault: "FAULT_OPEN", "\(ENOENT) /dev/null").run()
      #expect(ended.status == Int32(status), "\(command): \(ended.ending) \(ended.errors)")
      unlink("\(home.path)/copy")
    }
    let printed = #"{"Version":1,"AccessKeyId":"AKIDSIMULATOR","SecretAccessKey":"simulator-secret"}"#
    try home.write("cat\necho '\(printed)'\n", to: "keys")
    try home.write("[default]\ncredential_process = sh \(home.path)/keys\n", to: ".aws/config")
    let ended = try await home.mosaic("send", "--model", home.model("echo"), "-").reading("Hello.")
      .with(fault: "FAULT_OPEN", "\(ENOENT) /dev/null").run()
    #expect(ended.status == 0 && ended.output == "Hello.\n", "\(ended.errors)")
  }

  // MARK: Files that cannot be read

  @Test("A file of the AWS CLI that the disk does not give is not called missing", arguments: [EIO, ESTALE])
  func awsFiles(error: Int32) async throws {
    let home = try await Home.remembering("Rose", .none)
    try home.write("[default]\naws_access_key_id = AKIDSIMULATOR\naws_secret_access_key = x\n", to: "keys")
    try home.write("token", to: "token")
    for variables in [
      ["AWS_CONFIG_FILE": "keys"], ["AWS_SHARED_CREDENTIALS_FILE": "keys"],
      [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
        "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
      ],
      [
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "token",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/creds",
      ],
    ] {
      let path = "\(home.path)/\(variables.values.contains("token") ? "token" : "keys")"
      let variables = variables.mapValues { ["keys", "token"].contains($0) ? path : $0 }
      for arguments in [["send", "Hello."], ["doctor"]] {
        let ended = try await variables.reduce(home.mosaic(arguments)) { $0.with($1.key, $1.value) }
          .with(fault: "FAULT_OPEN", "\(error) \(path)").run()
        #expect(ended.status == 78, "\(variables.keys): \(ended.ending) \(ended.errors)")
        let reason = "\(path): \(String(cString: strerror(error)))"
        #expect((ended.output + ended.errors).contains(reason), "\(ended.errors)")
      }
    }
  }

  @Test("A lock file that the disk does not give is an error, not a database without one")
  func lockFile() async throws {
    let home = try await Home.remembering()
    for arguments in [["legacies"], ["history"], ["doctor"], ["send", "Hello."]] {
      let ended = try await home.mosaic(arguments).with(fault: "FAULT_OPEN", "\(EIO) \(home.database)-lock").run()
      #expect(ended.status == 74, "\(arguments): \(ended.ending) \(ended.errors)")
      #expect((ended.output + ended.errors).contains("mosaic-ai.sqlite3-lock"), "\(ended.output)\(ended.errors)")
    }
  }

  @Test(
    "The user's entry that cannot be read is told from none", arguments: [EAGAIN, EIO, ETIMEDOUT, 0, ENOENT, ESRCH])
  func account(error: Int32) async throws {
    let home = try await Home.remembering()
    let ended = try await home.mosaic("legacies").with(fault: "FAULT_ACCOUNT", "\(error)").run()
    let isNone = [0, ENOENT, ESRCH].contains(error)
    #expect(ended.status == (isNone ? 0 : 74), "\(ended.ending) \(ended.errors)")
    #expect(isNone || ended.standardError.isErrorAndHint && ended.hint.contains("MOSAIC_AI_USER"), "\(ended.errors)")
  }

  // MARK: Files that are made

  @Test(
    "A file that cannot be given to the group of the database is not opened to another group",
    .enabled(if: OddMachine.hasOtherUsers, "programs cannot be started as another user"))
  func groups() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    chown(home.database, 201_001, 201_003)
    chmod(home.database, 0o664)
    unlink("\(home.database)-lock")
    let ended = try await home.mosaic("restore", "copy").with(fault: "FAULT_OWNERS", "\(EPERM)").run()
    #expect(ended.status == 0, "\(ended.errors)")
    for name in try home.list(".local/share/mosaic-ai") {
      let owner = try home.owner(of: "\(home.dataFolder)/\(name)")
      #expect(owner.mode == (owner.user == 0 ? 0o604 : 0o664), "\(name): \(owner)")
    }
  }

  @Test("A damaged database that cannot be replaced keeps its log, and one that has been replaced has none")
  func log() async throws {
    let home = try await Home.remembering()
    try await home.succeed("backup", "copy")
    let damaged = "SQLite format 3\0" + String(repeating: "?", count: 5000)
    try home.write(damaged, to: ".local/share/mosaic-ai/mosaic-ai.sqlite3")
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: home.database))
    let application = try await home.shell("od -An -tx1 -j68 -N4 copy").run().output.split(separator: " ")
    try file.seek(toOffset: 68)
    try file.write(contentsOf: Data(application.compactMap { UInt8($0.filter { $0 != "\n" }, radix: 16) }))
    try file.close()
    try home.write("what SQLite left", to: ".local/share/mosaic-ai/mosaic-ai.sqlite3-wal")
    let refused = try await home.mosaic("restore", "copy").with("FAULT_FOLDER", home.database)
      .with(fault: "FAULT_RENAME", "\(EIO)").run()
    #expect(refused.status == 74, "\(refused.ending) \(refused.errors)")
    #expect(try String(contentsOfFile: "\(home.database)-wal", encoding: .utf8) == "what SQLite left")
    // The new file has its name by then, and the folder cannot be put on disk.
    let unsure = try await home.mosaic("restore", "copy").with(fault: "FAULT_OPEN", "\(EIO) \(home.dataFolder)").run()
    #expect(unsure.status == 74, "\(unsure.ending) \(unsure.errors)")
    #expect(try !home.list(".local/share/mosaic-ai").contains("mosaic-ai.sqlite3-wal"))
    #expect(try await home.succeed("legacies").output.contains("Rose"))
  }
}
