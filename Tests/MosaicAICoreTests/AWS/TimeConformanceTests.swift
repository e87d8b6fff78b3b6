import FoundationEssentials
import Platform
import Testing

@testable import MosaicAICore

/// A time that botocore has read.
private struct TimeCase: Decodable {
  let text: String
  let moment: String?
  let differs: String?

  /// What of our own reading differs from botocore's.
  var difference: String? {
    let ours = Timestamp(aws: text)?.rfc3339
    if differs != nil { return ours == nil ? nil : "\(text.debugDescription): \(ours ?? ""), not refused" }
    return ours == moment ? nil : "\(text.debugDescription): \(ours ?? "refused") instead of \(moment ?? "refused")"
  }
}

private struct TimeCases: Decodable {
  let cases: [TimeCase]
}

private func differences(_ path: String, atLeast count: Int) throws -> [String] {
  let bytes = try #require(try LocalFile(path).readableContents())
  let cases = try JSONDecoder().decode(TimeCases.self, from: Data(bytes)).cases
  #expect(cases.count >= count)
  return cases.compactMap(\.difference)
}

/// A time means to us what it means to botocore, and what it refuses we refuse.
@Suite struct TimeConformanceTests {
  @Test("The committed times are read as botocore reads them")
  func committedTimes() throws {
    let differences = try differences("\(conformanceFolder)/times.json", atLeast: 300)
    #expect(differences == [])
  }

  /// `make conformance` lets this compare thousands of fresh times.
  @Test(
    "Fresh times are read as botocore reads them",
    .enabled(if: getenv("MOSAIC_AI_TIME_CASES") != nil, "MOSAIC_AI_TIME_CASES names no file of cases"))
  func freshTimes() throws {
    let differences = try differences(String(cString: #require(getenv("MOSAIC_AI_TIME_CASES"))), atLeast: 1)
    #expect(differences.prefix(5) == [])
  }
}
