import Foundation
import TestSupport
import Testing

import Platform

/// `config set` on files that are not just the user's own.
@Suite(.crowd, .inGoodTime) struct SettingsFileTests {
  @Test("Settings that are set at the same time are all kept")
  func together() async throws {
    let home = try await Home.remembering()
    let settings = ["legacy": "Rose", "persona": "friend", "recall_tokens": "9", "model": "m", "max_attempts": "2"]
    for _ in 0..<5 {
      let script = settings.map { "mosaic-ai config set \($0) \($1) &" }.joined(separator: "\n") + "\nwait"
      #expect(try await home.shell(script).run().status == 0)
      for (key, value) in settings { #expect(try await home.succeed("config", "get", key).output == "\(value)\n") }
      unlink("\(home.configurationFolder)/config.yaml")
    }
    #expect(try home.list(".config/mosaic-ai") == [])
  }

  /// Whether devices can be made and opened. A test of its own ones cannot harm the machine's.
  private static let canMakeDevices: Bool = {
    guard let folder = try? TemporaryFolder() else { return false }
    return withExtendedLifetime(folder) {
      guard mknod("\(folder.path)/null", S_IFCHR | 0o600, nullDevice) == 0 else { return false }
      let descriptor = open("\(folder.path)/null", O_RDONLY)
      defer { close(descriptor) }
      return descriptor >= 0
    }
  }()
  /// What mknod(2) takes for /dev/null.
  private static let nullDevice: dev_t = 1 << 8 | 3

  @Test("A device stays what it is", .enabled(if: canMakeDevices, "no device can be made here"))
  func devices() async throws {
    let home = try await Home.remembering()
    #expect(mknod("\(home.path)/null", S_IFCHR | 0o600, Self.nullDevice) == 0)
    try await expectRefusal(home, "mosaic-ai config set user x --config null")
    try await expectRefusal(home, "mosaic-ai config set user x --config /dev/stdin <null")
    var status = stat()
    #expect(lstat("\(home.path)/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("Nothing is put in the place of a pipe")
  func pipes() async throws {
    try await expectRefusal(Home.remembering(), "true | mosaic-ai config set user x --config /dev/stdin")
  }

  private func expectRefusal(_ home: Home, _ script: String) async throws {
    let ended = try await home.shell(script).run()
    #expect(ended.status == 74 && ended.error.contains("it is not a file"), "\(script): \(ended.errors)")
  }

  @Test("Who could read the settings still can, and a key stays secret", arguments: [0o644, 0o664, 0o600] as [mode_t])
  func mode(mode: mode_t) async throws {
    let home = try await Home.remembering()
    let path = try home.write("# Shared\n", to: "shared.yaml")
    chmod(path, mode)
    try await home.succeed("config", "set", "legacy", "Rose", "--config", path)
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == mode)
    try await home.succeed("config", "set", "legacy", "Rose")
    stat("\(home.configurationFolder)/config.yaml", &status)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test(
    "A file that is mounted by itself is left alone, and the error says why",
    .enabled(if: Sandbox.isPossible, "no mount namespace can be made here"))
  func mounted() async throws {
    let home = try await Home.remembering()
    let path = try home.write("user: zoe\n", to: "shared.yaml")
    let ended = try await Sandbox.mounted(path, home.mosaic("config", "set", "legacy", "Rose", "--config", path)).run()
    #expect(ended.status == 74 && ended.hint.contains("mounted"), "\(ended.errors)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "user: zoe\n")
    #expect(try home.list().contains { $0.hasPrefix("shared.yaml.") } == false)
  }

  @Test(
    "A umask that takes away the owner's rights takes none",
    .enabled(if: OddMachine.hasOtherUsers, "only root can try"),
    arguments: ["0777", "0277", "0222"])
  func umasks(mask: String) async throws {
    let home = try await Home.remembering()
    let user: uid_t = 54_321
    let folder = "\(home.path)/theirs"
    mkdir(folder, 0o777)
    chmod(home.path, 0o755)
    chown(folder, user, user)
    let script = """
      umask \(mask); export HOME=\(folder); unset MOSAIC_AI_DATABASE
      "$0" config set user zoe && "$0" legacies add Rose && "$0" backup \(folder)/copy \
      && MOSAIC_AI_TRACE_FILE=\(folder)/trace "$0" send --model "$1" Hello.
      """
    let model = home.model("echo")
    let ended = try await Command(
      try Tool.path("setpriv"),
      [
        "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "sh", "-c", script, Programs.mosaicAI, model,
      ], variables: home.variables, folder: folder, owner: home
    ).run()
    #expect(ended.status == 0, "\(ended.errors)")
    for (name, mode) in [
      (".config", 0o700), (".config/mosaic-ai", 0o700), (".config/mosaic-ai/config.yaml", 0o600),
      (".local/share/mosaic-ai", 0o700), (".local/share/mosaic-ai/mosaic-ai.sqlite3", 0o600), ("copy", 0o600),
      ("trace", 0o600),
    ] as [(String, mode_t)] {
      var status = stat()
      #expect(stat("\(folder)/\(name)", &status) == 0 && status.st_mode & 0o777 == mode, "\(name)")
    }
  }
}
