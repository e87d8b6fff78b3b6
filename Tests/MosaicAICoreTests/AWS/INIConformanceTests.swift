import Platform
import FoundationEssentials
import Testing

@testable import MosaicAICore

/// A file that botocore has read.
private struct INICase: Decodable {
  enum Value: Decodable, Equatable {
    case text(String)
    case table([String: String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .table(try container.decode([String: String].self))
      }
    }

    init(_ value: INIFile.Value) {
      switch value {
      case .text(let text): self = .text(text)
      case .table(let table): self = .table(table)
      }
    }
  }

  typealias Sections = [String: [String: Value]]

  let contents: String
  let sections: Sections?
  let profiles: Sections?
  let sso_sessions: Sections?
  let services: Sections?

  /// What of our own reading differs from botocore's.
  func difference() throws -> String? {
    let bytes = Array(try #require(Data(base64Encoded: contents)))
    let text = String(decoding: bytes, as: UTF8.self).debugDescription
    let ours: Sections?
    do {
      let file = try INIFile(bytes, path: "config")
      ours = Dictionary(uniqueKeysWithValues: file.sections.map { ($0.name, $0.entries.mapValues { Value($0.value) }) })
    } catch let failure as Failure {
      #expect(failure.code == .configInvalid && failure.message.hasPrefix("config:") && failure.advice != nil)
      ours = nil
    }
    if ours != sections { return "\(text): \(String(describing: ours)) instead of \(String(describing: sections))" }
    guard sections != nil else { return nil }
    let home = TemporaryHome()
    try LocalFile("\(home.path)/.aws/config").replace(with: bytes)
    let files = try ConfigurationFiles(home.context())
    for (ours, theirs) in [(files.profiles, profiles), (files.ssoSessions, sso_sessions), (files.services, services)] {
      guard ours.mapValues(\.keys) == theirs?.mapValues({ $0.keys.sorted() }) else {
        return "\(text): \(ours.mapValues(\.keys)) instead of \(String(describing: theirs))"
      }
    }
    return nil
  }
}

private struct INICases: Decodable {
  let cases: [INICase]
}

private func differences(_ path: String, atLeast count: Int) throws -> [String] {
  let bytes = try #require(try LocalFile(path).readableContents())
  let cases = try JSONDecoder().decode(INICases.self, from: Data(bytes)).cases
  #expect(cases.count >= count)
  return try cases.compactMap { try $0.difference() }
}

/// Odd files mean to us what they mean to botocore, and what it refuses we refuse.
@Suite struct INIConformanceTests {
  @Test("The committed files are read as botocore reads them")
  func committedFiles() throws {
    #expect(try differences("\(conformanceFolder)/ini.json", atLeast: 300).prefix(5) == [])
  }

  /// `make conformance` lets this compare thousands of fresh files.
  @Test(
    "Fresh files are read as botocore reads them",
    .enabled(if: getenv("MOSAIC_AI_INI_CASES") != nil, "MOSAIC_AI_INI_CASES names no file of cases"))
  func freshFiles() throws {
    #expect(try differences(String(cString: #require(getenv("MOSAIC_AI_INI_CASES"))), atLeast: 1).prefix(5) == [])
  }
}
