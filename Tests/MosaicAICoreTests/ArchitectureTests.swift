import Foundation
import Testing

/// Where the doors of the code are, read from its `import` lines.
@Suite struct ArchitectureTests {
  /// Every Swift file below Sources: its path from there, and its lines.
  private let files: [(path: String, lines: [String])]

  init() throws {
    let sources = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources").standardizedFileURL.path
    let paths = try FileManager.default.subpathsOfDirectory(atPath: sources).filter { $0.hasSuffix(".swift") }
    files = try paths.map {
      ($0, try String(contentsOfFile: "\(sources)/\($0)", encoding: .utf8).components(separatedBy: "\n"))
    }
    try #require(files.count > 50)
  }

  @Test(
    "each library is imported by the one folder that owns it",
    arguments: [
      ("ArgumentParser", ["MosaicAI/", "BedrockSimulator/"]), ("GRDB", ["MosaicAICore/Storage/"]),
      ("Yams", ["MosaicAICore/YAML/"]),
      ("CLibCurl", ["MosaicAICore/HTTP/"]), ("CLibCrypto", ["MosaicAICore/AWS/Digest.swift"]),
      ("CChecksum", ["MosaicAICore/EventStream/"]),
      ("CSQLite", ["MosaicAICore/Storage/"]),
    ])
  func doors(library: String, owners: [String]) {
    let importers = files.filter { file in file.lines.contains { imports($0) == library } }.map(\.path)
    #expect(importers.filter { path in !owners.contains { path.hasPrefix($0) } } == [])
    for owner in owners { #expect(importers.contains { $0.hasPrefix(owner) }, "\(owner) no longer imports \(library)") }
  }

  @Test("the core does not know the programs that use it")
  func direction() {
    let wrong = core.filter { file in file.lines.contains { ["MosaicAI", "BedrockSimulator"].contains(imports($0)) } }
    #expect(wrong.map(\.path) == [])
  }

  @Test(
    "the core prints nothing, ends no process and reads neither its environment nor its arguments",
    arguments: [
      "print", "debugPrint", "dump", "exit", "_exit", "abort", "getenv", "setenv", "ProcessInfo", "CommandLine",
      "FileHandle", "readLine",
      "NSLog",
    ])
  func noProcess(name: String) throws {
    // As a word of its own that is called or asked for something: `exitStatus` and `fingerprint(` are none.
    let use = try Regex("(^|[^\\w.`\"])\(name)\\s*[(.]")
    let found = core.flatMap { file in file.lines.filter { code($0).contains(use) }.map { "\(file.path): \($0)" } }
    #expect(found == [])
  }

  @Test("nowhere is an error swallowed by force", arguments: ["try!", "as!", "fatalError(", "preconditionFailure("])
  func noForce(word: String) {
    let found = files.flatMap { file in file.lines.filter { code($0).contains(word) }.map { "\(file.path): \($0)" } }
    #expect(found == [])
  }

  private var core: [(path: String, lines: [String])] { files.filter { $0.path.hasPrefix("MosaicAICore/") } }

  /// The module that a line imports.
  private func imports(_ line: String) -> String? {
    let words = line.split(separator: " ").map(String.init)
    guard let index = words.firstIndex(of: "import"),
      words[..<index].allSatisfy({ $0.hasPrefix("@") || $0 == "public" || $0 == "internal" || $0 == "private" })
    else { return nil }
    return words.dropFirst(index + 1).first {
      !["struct", "class", "enum", "func", "var", "let", "protocol", "typealias"].contains($0)
    }
    .map { String($0.prefix { $0 != "." }) }
  }

  /// A line without its comment.
  private func code(_ line: String) -> String {
    String(line.prefix(upTo: line.firstRange(of: "//")?.lowerBound ?? line.endIndex))
  }
}
