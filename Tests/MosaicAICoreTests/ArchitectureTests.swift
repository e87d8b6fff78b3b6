import TestSupport
import Testing

/// The rules of the code's layout, read from the sources.
@Suite struct ArchitectureTests {
  /// The folders of the core, from the bottom up: each may use those before it. A new folder has to be given its place.
  private static let floors = [
    "Basics", "Model", "YAML", "HTTP", "EventStream", "Configuration", "Personas", "Questions", "Search", "Recall",
    "AWS", "Archive",
    "Contract",
    "Storage", "Bedrock", "Conversations", "Interviews", "Tracing", "Doctor",
  ]

  private let core: [SwiftSource]
  /// The core and the programs.
  private let all: [SwiftSource]

  init() throws {
    core = try SwiftSource.all(below: "MosaicAICore")
    let others = ["MosaicAI", "BedrockSimulator", "Platform", "SQLite", "PostgreSQL", "LibYAML"]
    all = try core + others.flatMap(SwiftSource.all)
    try #require(core.count > 80 && all.count > core.count + 50)
  }

  // MARK: Imports

  @Test(
    "Each library is imported only by those who own it",
    arguments: [
      ("ArgumentParser", ["MosaicAI/", "BedrockSimulator/"]), ("SQLite", ["MosaicAICore/Storage/SQLite/"]),
      ("CSQLite", ["MosaicAICore/Storage/SQLite/", "SQLite/"]), ("LibYAML", ["MosaicAICore/YAML/"]),
      ("CLibYAML", ["LibYAML/"]),
      ("PostgreSQL", ["MosaicAICore/Storage/Postgres/"]), ("CLibPQ", ["PostgreSQL/"]),
      ("Tracing", ["MosaicAICore/Tracing/"]), ("Logging", ["MosaicAI/Terminal/"]),
      ("CLibCurl", ["MosaicAICore/HTTP/"]), ("CLibCrypto", ["MosaicAICore/AWS/Digest.swift"]),
      ("CChecksum", ["MosaicAICore/EventStream/"]), ("CPlatform", ["Platform/"]), ("Glibc", ["Platform/"]),
      ("Musl", ["Platform/"]),
      // Foundation is big and slow to start.
      ("Foundation", []), ("FoundationEssentials", []),
      ("FoundationNetworking", []),
    ])
  func doors(library: String, owners: [String]) {
    let importers = all.filter { $0.imports.contains(library) }.map(\.path)
    #expect(importers.filter { path in !owners.contains { path.hasPrefix($0) } } == [])
    for owner in owners { #expect(importers.contains { $0.hasPrefix(owner) }, "\(owner) no longer imports \(library)") }
  }

  @Test("Our C functions come only through Platform")
  func platform() {
    let users = all.filter { $0.code.contains("platform_") }
    #expect(users.contains { $0.path.hasPrefix("MosaicAICore/Storage/SQLite/") })
    #expect(users.filter { !$0.imports.contains("Platform") && !$0.path.hasPrefix("Platform/") }.map(\.path) == [])
  }

  @Test("The core does not know the programs that use it, and neither program knows the other")
  func direction() {
    #expect(core.filter { !Set($0.imports).isDisjoint(with: ["MosaicAI", "BedrockSimulator"]) }.map(\.path) == [])
    for (program, other) in [("MosaicAI", "BedrockSimulator"), ("BedrockSimulator", "MosaicAI")] {
      let wrong = all.filter { $0.path.hasPrefix("\(program)/") && $0.imports.contains(other) }
      #expect(wrong.map(\.path) == [])
    }
  }

  // MARK: Floors

  @Test("Every folder of the core has a floor, and every floor a folder")
  func folders() {
    #expect(Set(core.map(\.folder)) == Set(ArchitectureTests.floors))
  }

  @Test("A folder of the core uses only the folders below it")
  func arrows() throws {
    let owners = try owners()
    try #require(owners.count > 100)
    var upward: [String] = []
    for file in core {
      let own = try #require(ArchitectureTests.floors.firstIndex(of: file.folder), "\(file.folder) has no floor")
      for name in try ArchitectureTests.names(usedIn: file.code).sorted() {
        guard let owner = owners[name], let floor = ArchitectureTests.floors.firstIndex(of: owner), floor > own else {
          continue
        }
        upward.append("\(file.path) uses \(name) of \(owner)")
      }
    }
    #expect(upward == [])
  }

  @Test("An arrow up would be found")
  func detection() throws {
    #expect(try owners()["BedrockModel"] == "Bedrock")
    func isFound(_ text: String) throws -> Bool {
      try ArchitectureTests.names(usedIn: SwiftSource(text).code).contains("BedrockModel")
    }
    #expect(try isFound("let model: BedrockModel = make()"))
    #expect(try isFound(#""a \(BedrockModel.name) b""#))
    #expect(try isFound("let text = \"\"\"\n  one \\(two(\"three\", BedrockModel.self)) four\n  \"\"\""))
    #expect(try isFound(#"let both = (/a "quoted" word/, BedrockModel.self)"#))
    #expect(try !isFound("// BedrockModel\n\"BedrockModel\" /* BedrockModel */"))
    #expect(try !isFound(##"#"a "BedrockModel" \(BedrockModel)"#"##))
    #expect(try !isFound("\"\"\"\n  one \"BedrockModel\"\n  \"\"\""))
  }

  /// The folder of every top-level declaration, by its name; names that two folders declare belong to neither.
  private func owners() throws -> [String: String] {
    let declaration = try Regex(
      #"(?m)^(?:package |public |private |fileprivate )?(?:final |indirect )*"#
        + #"(?:struct|class|enum|protocol|func|typealias) ([A-Za-z_]\w*)"#)
    var folders: [String: Set<String>] = [:]
    for file in core {
      for match in file.code.matches(of: declaration) {
        if let name = match.output[1].substring { folders[String(name), default: []].insert(file.folder) }
      }
    }
    return folders.compactMapValues { $0.count == 1 ? $0.first : nil }
  }

  /// The names that stand by themselves in code, without those that the file declares inside a type.
  private static func names(usedIn code: String) throws -> Set<String> {
    let use = try Regex(#"(?:^|[^.\w])([A-Za-z_]\w*)"#)
    let nested = try Regex(
      #"(?m)^\s+(?:package |private |fileprivate )?(?:final |indirect )*"#
        + #"(?:struct|class|enum|protocol|typealias) (\w+)"#)
    let own = Set(code.matches(of: nested).compactMap { $0.output[1].substring.map(String.init) })
    return Set(code.matches(of: use).compactMap { $0.output[1].substring.map(String.init) }).subtracting(own)
  }

  // MARK: What the core leaves to programs

  @Test("The core knows no option and no command of any program")
  func words() throws {
    let pattern = try Regex(#"(^|[^\w-])--[a-z][a-z-]+|mosaic-ai [a-z]"#)
    let texts = core.flatMap { file in file.literals.map { (file.path, $0.text) } }
    try #require(texts.count > 1000)
    #expect(texts.filter { $0.1.contains(pattern) }.map { "\($0): \($1)" } == [])
  }

  @Test(
    "The core prints nothing, exits nowhere, and reads neither environment nor arguments",
    arguments: [
      "print", "debugPrint", "dump", "exit", "_exit", "abort", "getenv", "setenv", "ProcessInfo", "CommandLine",
      "FileHandle", "readLine",
      "NSLog",
    ])
  func noProcess(name: String) throws {
    // As a word of its own that is called or has a member: not `exitStatus` nor `fingerprint(`.
    let use = try Regex("(^|[^\\w.`])\(name)\\s*[(.]")
    #expect(lines(of: core) { $0.contains(use) } == [])
  }

  @Test("No error is swallowed by force", arguments: ["try!", "as!", "fatalError(", "preconditionFailure("])
  func noForce(word: String) {
    #expect(lines(of: all) { $0.contains(word) } == [])
  }

  // MARK: Documentation

  @Test("Every type and function that another module can use has a doc comment")
  func documentation() throws {
    let declaration = try Regex(
      #"^ *(?:package|public) (?:[a-z()]+ )*?(struct|class|enum|protocol|func|typealias) (\w+)"#)
    let requirement = try Regex(#"(?m)^  (?:mutating )?func (\w+)"#)
    // What a protocol asks for is documented there, or is the standard library's.
    let requirements = Set(
      all.filter { $0.code.contains("protocol ") }.flatMap { $0.code.matches(of: requirement) }
        .compactMap { $0.output[1].substring.map(String.init) } + ["makeIterator"])
    var (count, missing) = (0, [String]())
    for file in all {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        guard let match = line.firstMatch(of: declaration), let name = match.output[2].substring else { continue }
        count += 1
        let before = lines[..<index].last { !$0.drop(while: { $0 == " " }).hasPrefix("@") } ?? ""
        if !before.drop(while: { $0 == " " }).hasPrefix("///"), !requirements.contains(String(name)) {
          missing.append("\(file.path): \(name)")
        }
      }
    }
    #expect(count > 400)
    #expect(missing == [])
  }

  /// The lines of code that are such.
  private func lines(of files: [SwiftSource], where isSuch: (Substring) -> Bool) -> [String] {
    files.flatMap { file in file.code.split(separator: "\n").filter(isSuch).map { "\(file.path): \($0)" } }
  }
}

extension SwiftSource {
  /// The folder of the core that it is in.
  fileprivate var folder: String { path.split(separator: "/").dropFirst().dropLast().first.map(String.init) ?? "" }
}
