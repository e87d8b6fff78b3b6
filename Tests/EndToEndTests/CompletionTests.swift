import Foundation
import TestSupport
import Testing

/// Completions in the shells themselves, in front of a terminal.
@Suite(.crowd, .inGoodTime) struct CompletionTests {
  /// A shell, started without anybody's own settings.
  struct Shell: Sendable {
    let path: String
    let arguments: [String]
    /// Loads the script that the program prints.
    let setup: String

    var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }
  }

  static let bash = Shell(
    path: "/bin/bash", arguments: ["--norc", "--noprofile", "-i"],
    setup: "mosaic-ai --generate-completion-script bash > script; source ./script")
  static let zsh = Shell(
    path: "/usr/bin/zsh", arguments: ["-f", "-i"],
    setup:
      "mkdir f; mosaic-ai --generate-completion-script zsh > f/_mosaic-ai; fpath=($PWD/f $fpath); autoload -U compinit; compinit -u"
  )
  static let fish = Shell(
    path: "/usr/bin/fish", arguments: ["--no-config", "-i"],
    setup: "mosaic-ai --generate-completion-script fish > script; source ./script")

  /// Each begins with a letter of its own.
  static let names = [
    "a $(touch pwned)", "b `touch pwned`", "c O'Brien's", #"d "quoted""#, #"e back\slash \\ \"#,
    "f x:y=z;w|v>u<*?[q]~{a,b}#x", "g Rosé 山田",
    "h folder", "i ${HOME} $'x'", "j !x !!", "k & touch pwned",
  ]

  @Test(
    "Completing a hostile legacy name in bash runs nothing and inserts that name",
    .enabled(if: bash.isThere, "bash is not installed"))
  func hostileNamesInBash() async throws { try await completeHostileNames(CompletionTests.bash) }

  @Test(
    "Completing a hostile legacy name in zsh runs nothing and inserts that name",
    .enabled(if: zsh.isThere, "zsh is not installed"))
  func hostileNamesInZsh() async throws { try await completeHostileNames(CompletionTests.zsh) }

  @Test(
    "Completing a hostile legacy name in fish runs nothing and inserts that name",
    .enabled(if: fish.isThere, "fish is not installed"))
  func hostileNamesInFish() async throws { try await completeHostileNames(CompletionTests.fish) }

  private func completeHostileNames(_ shell: Shell) async throws {
    let home = try Home()
    for name in CompletionTests.names { try await home.succeed("legacies", "add", "--", name) }
    try FileManager.default.createDirectory(atPath: "\(home.path)/h folder", withIntermediateDirectories: false)
    let command = Command(shell.path, shell.arguments, variables: home.variables, folder: home.path, owner: home)
    let running = try command.with("TERM", "xterm").onTerminal(columns: 200).start()
    running.type("\(shell.setup); echo re''ady\n")
    try await running.shows("ready")
    let status = shell.path.hasSuffix("fish") ? "$status" : "$?"
    for (index, name) in CompletionTests.names.enumerated() {
      running.type("mosaic-ai conversations --legacy \(name.prefix(1))\t -o json; echo st''atus-\(index)-\(status)-\n")
      try await running.shows("status-\(index)-0-")
    }
    running.type("exit\n")
    _ = try await running.end()
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/pwned"))
  }

  @Test(
    "bash completes within quotes, and offers personas and conversations",
    .enabled(if: bash.isThere, "bash is not installed"))
  func quotesInBash() async throws {
    let home = try await Home.remembering("O'Brien $(touch pwned) \"x\"")
    try await home.succeed("send", "Hello.")
    let id = try await home.json("conversations").elements.first?["id"].string ?? ""
    let shell = CompletionTests.bash
    let command = Command(shell.path, shell.arguments, variables: home.variables, folder: home.path, owner: home)
    let running = try command.onTerminal(columns: 200).start()
    running.type("\(shell.setup); echo re''ady\n")
    try await running.shows("ready")
    let lines = [
      "mosaic-ai conversations --legacy 'O\t", "mosaic-ai conversations --legacy \"O\t",
      "mosaic-ai legacies members O\t",
      "mosaic-ai history \(id.prefix(5))\t", "mosaic-ai personas show fr\t", "mosaic-ai conversations --lim\t 1",
      "mosaic-ai legacies --out\t json",
    ]
    for (index, line) in lines.enumerated() {
      running.type("\(line); echo st''atus-\(index)-$?-\n")
      try await running.shows("status-\(index)-0-")
    }
    running.type("exit\n")
    _ = try await running.end()
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/pwned"))
  }
}
