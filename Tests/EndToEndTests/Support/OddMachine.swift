import Foundation
import TestSupport

import Platform

/// Machines on which something is not as usual.
enum OddMachine {
  /// `Tests/Torture/faults.c`, built to be preloaded.
  private static let faults = Result {
    let folder = try TemporaryFolder().kept
    let library = "\(folder.path)/faults.so"
    let compiler = try Tool.path(Tool.have("clang") ? "clang" : "cc")
    let build = Process()
    build.executableURL = URL(fileURLWithPath: compiler)
    build.arguments = ["-O1", "-shared", "-fPIC", "-o", library, "\(TestFiles.tests)/Torture/faults.c", "-ldl"]
    try build.run()
    build.waitUntilExit()
    guard build.terminationStatus == 0 else { throw Complaint("faults.c does not compile") }
    return library
  }

  /// Whether faults can be put between programs and the system.
  static var hasFaults: Bool { Tool.have("clang") || Tool.have("cc") }

  /// The variables that put a fault between a program and the system.
  static func fault(_ name: String, _ value: String) throws -> [(String, String)] {
    [("LD_PRELOAD", try faults.get()), (name, value)]
  }

  /// Whether programs can be started as another user, who can also run those under test.
  static let hasOtherUsers: Bool = {
    guard geteuid() == 0, let program = try? Tool.path("setpriv"), Tool.have("prlimit") else { return false }
    let trial = Process()
    trial.executableURL = URL(fileURLWithPath: program)
    trial.arguments = asUser(54_321) + [Programs.mosaicAI, "--version"]
    trial.standardOutput = FileHandle.nullDevice
    trial.standardError = FileHandle.nullDevice
    do { try trial.run() } catch { return false }
    trial.waitUntilExit()
    return trial.terminationStatus == 0
  }()

  /// What makes another user of setpriv(1).
  ///
  /// - Parameter group: one that they are in, besides their own
  private static func asUser(_ id: uid_t, group: gid_t? = nil) -> [String] {
    ["--reuid=\(id)", "--regid=\(id)", group.map { "--groups=\($0)" } ?? "--clear-groups"]
  }

  /// A command line that another user runs, with as many processes and threads as are allowed.
  static func asUser(
    _ id: uid_t, group: gid_t? = nil, processes: Int? = nil, _ arguments: [String], in home: Home
  ) throws -> Command {
    let limit = try processes.map { [try Tool.path("prlimit"), "--nproc=\($0)"] } ?? []
    return Command(
      try Tool.path("setpriv"), asUser(id, group: group) + limit + [Programs.mosaicAI] + arguments,
      variables: home.variables.merging(["MOSAIC_AI_USER": "zoe"]) { $1 }, folder: home.path, owner: home)
  }
}

extension Command {
  /// With a fault between the program and the system.
  func with(fault name: String, _ value: String) throws -> Command {
    try OddMachine.fault(name, value).reduce(self) { $0.with($1.0, $1.1) }
  }
}

extension Home {
  /// Makes a user the owner of everything.
  func give(to user: uid_t) throws {
    for name in [""] + (FileManager.default.subpaths(atPath: path) ?? []).map({ "/\($0)" }) {
      guard lchown("\(path)\(name)", user, user) == 0 else { throw Complaint("cannot give away \(path)\(name)") }
    }
    chmod(path, 0o755)
  }

  /// What is in a folder below the home folder.
  func list(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
  }

  /// The owner and the permissions of a file.
  func owner(of path: String) throws -> (user: uid_t, mode: mode_t) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Complaint("\(path) is not there") }
    return (status.st_uid, status.st_mode & 0o777)
  }

  /// Keeps the database to itself, as another program might, until this is ended.
  func holdDatabase(_ statements: String = "BEGIN IMMEDIATE;") async throws -> Running {
    let holder = try shell(
      "{ echo \"$2\"; echo '.print held'; cat; } | stdbuf -o0 sqlite3 -cmd '.timeout 10000' \"$1\"", database,
      statements
    ).readingOpenPipe().start()
    try await holder.shows("held")
    return holder
  }
}
