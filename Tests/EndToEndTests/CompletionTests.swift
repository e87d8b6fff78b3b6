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
      """
      mkdir f; mosaic-ai --generate-completion-script zsh > f/_mosaic-ai; fpath=($PWD/f $fpath); autoload -U compinit; \
      compinit -u
      """
  )
  static let fish = Shell(
    path: "/usr/bin/fish", arguments: ["--no-config", "-i"],
    setup: "mosaic-ai --generate-completion-script fish > script; source ./script")

  /// Each begins with a letter of its own.
  static let names = [
    "a $(touch pwned)", "b `touch pwned`", "c O'Brien's", #"d "quoted""#, #"e back\slash \\ \"#,
    "f x:y=z;w|v>u<*?[q]~{a,b}#x", "g Rosé 山田",
    "h folder", "i ${HOME} $'x'", "j !x !!", "k & touch pwned",
    "l '\u{301}; touch pwned; '\u{301}",
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

  /// Command lines with tabs in them, each of which succeeds only if what is completed is right.
  private static let lines = [
    // By a title, also one that another begins as, and by a name.
    "history Sum\t", "history She\t", "history The\t50\t", "history last --tail 1 -o nd\t", "history fam\t",
    "export Sum\t -o ht\t", "search garden --conversation Sum\t --role us\t",
    "conversations rename Zo\t 'Zoë at home'", "send --dry-run --conversation Sum\t Hello", "delete fam\t --yes",
    // Elsewhere.
    "conversations --database other.sqlite3 --legacy Ka\t --per\t fri\t", "legacies members O\t",
    "legacies unshare O\t gra\t", "config set reg\t eu-west-1", "usage --by per\t", "questions --chapter chi\t",
    "send --dry-run --profile 'my p\t Hello", "send --dry-run --profile wor\t Hello",
    "send --dry-run --name rec\t Hello",
    "import arch\t",
  ]

  @Test(
    "bash completes what has spaces, quotes and letters of its own", .enabled(if: bash.isThere, "bash is not installed")
  )
  func valuesInBash() async throws { try await completeValues(CompletionTests.bash) }

  @Test(
    "zsh completes what has spaces, quotes and letters of its own", .enabled(if: zsh.isThere, "zsh is not installed"))
  func valuesInZsh() async throws { try await completeValues(CompletionTests.zsh) }

  @Test(
    "fish completes what has spaces, quotes and letters of its own", .enabled(if: fish.isThere, "fish is not installed")
  )
  func valuesInFish() async throws { try await completeValues(CompletionTests.fish) }

  private func completeValues(_ shell: Shell) async throws {
    let home = try await talkative()
    let running = try await start(shell, home)
    let status = shell.path.hasSuffix("fish") ? "$status" : "$?"
    for (index, line) in CompletionTests.lines.enumerated() {
      running.type("mosaic-ai \(line) >/dev/null; echo st''atus-\(index)-\(status)-\n")
      try await running.shows("status-\(index)-")
      #expect(running.screenSoFar.contains("status-\(index)-0-"), "\(line): \(running.screenSoFar.suffix(600))")
    }
    running.type("exit\n")
    _ = try await running.end()
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/pwned"))
    #expect(try await home.json("conversations", "--search", "home").elements.count == 1)
  }

  @Test(
    "zsh and fish say what each is, and fish does not repeat the help of the option",
    arguments: [zsh, fish].filter(\.isThere))
  func descriptions(shell: Shell) async throws {
    let home = try await talkative()
    let running = try await start(shell, home)
    running.type("mosaic-ai history S\t")
    try await running.shows("with The Biographer")
    let id = try #require(try await home.json("conversations", "--search", "summers").elements.first?["id"].string)
    try await clearLine(running)
    running.type("mosaic-ai history \(id.prefix(6))\t -o ndjson; echo st''atus-id\n")
    try await running.shows("status-id")
    #expect(running.screenSoFar.contains(id))
    let before = running.screenSoFar.count
    running.type("mosaic-ai legacies --output \t")
    try await running.shows("ndjson")
    try await Task.sleep(for: .milliseconds(300))
    let shown = running.screenSoFar.dropFirst(before)
    #expect(!shown.contains("Write text"), "\(shown)")
    try await clearLine(running)
    running.type("exit\n")
    _ = try await running.end()
  }

  /// Takes away what is typed. A terminal drops what comes with Ctrl-C.
  private func clearLine(_ running: Running) async throws {
    try await Task.sleep(for: .milliseconds(300))
    running.type("\u{3}")
    try await Task.sleep(for: .milliseconds(500))
  }

  /// A home with conversations whose titles and names take some quoting.
  private func talkative() async throws -> Home {
    let home = try await Home.remembering("O'Brien $(touch pwned) \"x\"")
    let model = home.model("echo")
    for title in [
      "Summers at Zoë's house", "She said \"no\" $(touch pwned)", "The year 1950", "The year 1960", "Zoë, 山田",
    ] {
      try await home.succeed("send", "--new", "--title", title, "--model", model, "In the garden.")
    }
    for name in ["family, the first", "recipes & jam"] {
      try await home.succeed("send", "--name", name, "--title", "Named", "--model", model, "In the garden.")
    }
    try await home.succeed("legacies", "share", "O'Brien", "grandma ä", "--role", "member")
    let other = home.mosaic("legacies", "add", "Karl the Great").with(
      "MOSAIC_AI_DATABASE", "\(home.path)/other.sqlite3")
    #expect(try await other.run().status == 0)
    try home.write(
      "[profile \"my profile\"]\nregion = us-east-1\n[profile work]\nregion = us-east-1\n", to: ".aws/config")
    try home.write(
      try await home.succeed("export", "--legacy", "O'Brien", "-o", "ndjson").output, to: "archive 1.ndjson")
    return home
  }

  private func start(_ shell: Shell, _ home: Home) async throws -> Running {
    let command = Command(shell.path, shell.arguments, variables: home.variables, folder: home.path, owner: home)
    let running = try command.with("TERM", "xterm").onTerminal(columns: 200).start()
    running.type("\(shell.setup); echo re''ady\n")
    try await running.shows("ready")
    return running
  }
}
