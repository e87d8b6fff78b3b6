// swift-tools-version: 6.1

import PackageDescription

/// Release builds link SQLite, libcrypto and libstdc++ statically, drop what is unreferenced and pack relocations:
/// start-up time is a feature. `make` puts the static libraries into the folder named here, which the linker searches
/// first; without it the shared ones are used, as in debug builds.
let tunedLinking: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-L", "\(Context.packageDirectory)/.build-release/static",
      "-use-ld=lld",
      "-Xclang-linker", "-static-libgcc",
      "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
      "-Xlinker", "--icf=safe",
      "-Xlinker", "--as-needed",
      // Swift exports every symbol, which keeps what nobody calls: nothing looks any up by name.
      "-Xlinker", "--no-export-dynamic",
      "-Xlinker", "-l:libcrypto.a",
    ],
    .when(platforms: [.linux], configuration: .release))
]

/// The dynamic checks of exclusive access cost a fifth of the time a long reply takes; debug builds, and so unit and
/// nightly tests, keep them.
let tunedChecks: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
  name: "mosaic-ai",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "mosaic-ai", targets: ["MosaicAI"]),
    .executable(name: "bedrock-simulator", targets: ["BedrockSimulator"]),
    .executable(name: "recall-benchmark", targets: ["RecallBenchmark"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .executableTarget(
      name: "MosaicAI",
      dependencies: [
        "MosaicAICore", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: tunedChecks, linkerSettings: tunedLinking),
    .executableTarget(
      name: "BedrockSimulator",
      dependencies: [
        "MosaicAICore", "Platform",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      linkerSettings: tunedLinking),
    // What `make recall` runs.
    .executableTarget(
      name: "RecallBenchmark", dependencies: ["MosaicAICore", "Platform"], path: "Benchmarks/Recall",
      exclude: ["Conversations"], linkerSettings: tunedLinking),
    .target(
      name: "MosaicAICore",
      dependencies: [
        "CChecksum", "CLibCurl", "CLibCrypto", "CSQLite", "LibYAML", "Platform", "PostgreSQL", "SQLite",
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ],
      resources: [.embedInCode("Personas/personas.yaml"), .embedInCode("Questions/questions.yaml")],
      swiftSettings: tunedChecks,
      linkerSettings: [.linkedLibrary("crypto", .when(configuration: .debug))]),
    .target(name: "CChecksum"),
    .target(name: "CLibCurl"),
    .target(name: "CLibPQ"),
    .target(name: "PostgreSQL", dependencies: ["CLibPQ", "Platform"], swiftSettings: tunedChecks),
    .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "SQLite", dependencies: ["CSQLite", "Platform"], swiftSettings: tunedChecks),
    .systemLibrary(name: "CLibYAML"),
    .target(name: "LibYAML", dependencies: ["CLibYAML"], linkerSettings: [.linkedLibrary("yaml")]),
    .target(name: "CPlatform"),
    .target(name: "Platform", dependencies: ["CPlatform"]),
    .systemLibrary(name: "CLibCrypto"),
    .testTarget(
      name: "MosaicAICoreTests",
      dependencies: ["MosaicAICore", "SQLite", "TestSupport"]),
    .testTarget(name: "MosaicAITests", dependencies: ["MosaicAI", "MosaicAICore", "TestSupport"]),
    .testTarget(name: "BedrockSimulatorTests", dependencies: ["BedrockSimulator", "MosaicAICore"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["MosaicAI", "BedrockSimulator", "TestSupport"], exclude: ["scenarios.tsv"]),
    .testTarget(name: "FuzzTests", dependencies: ["MosaicAICore"], exclude: ["Corpus", "Fuzzer", "run"]),
    // What more than one of the test targets uses.
    .target(
      name: "TestSupport",
      dependencies: ["CTestSupport", "MosaicAICore", "Platform", "SQLite"],
      path: "Tests/TestSupport"),
    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
  ],
  swiftLanguageModes: [.v6]
)

// `Tests/FuzzTests/run` names libFuzzer's library: the core is then built to be watched by it, and the fuzzer in place
// of the tests.
if let library = Context.environment["MOSAIC_AI_LIBFUZZER"] {
  for target in package.targets where target.name == "MosaicAICore" {
    target.swiftSettings = [.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])]
    target.linkerSettings = [.linkedLibrary("crypto")]
  }
  package.targets.removeAll { $0.isTest }
  package.targets.append(
    .executableTarget(
      name: "Fuzzer", dependencies: ["MosaicAICore"], path: "Tests/FuzzTests",
      exclude: ["Corpus", "CorpusTests.swift", "run"],
      linkerSettings: [.unsafeFlags([library, "-lstdc++", "-lm", "-lpthread"])]))
}
