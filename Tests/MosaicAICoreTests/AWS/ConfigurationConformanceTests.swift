import Platform
import FoundationEssentials
import Testing

@testable import MosaicAICore

/// A configuration that botocore was asked about.
private struct ConfigurationCase: Decodable {
  struct Result: Decodable, Equatable {
    var endpoint: String?
    var region: String?
    var id: String?
    var secret: String?
    var token: String?
    var api_key: String?
    var error: String?
    /// What botocore says, for people.
    var exception: String?
  }

  struct Difference: Decodable {
    let reason: String
    let result: Result
  }

  let name: String
  let environment: [String: String]?
  let files: [String: String]?
  let flags: [String: String]?
  let faults: [String: String]?
  let botocore: Result
  /// Where mosaic-ai differs on purpose.
  let differs: Difference?

  /// What mosaic-ai makes of it.
  func result() -> Result {
    let home = TemporaryHome()
    func placed(_ text: String) -> String { text.replacing("{HOME}", with: home.path) }
    for (path, text) in files ?? [:] { home.write(path, placed(text)) }
    var context = home.context(
      ["PATH": "/usr/local/bin:/usr/bin:/bin"].merging((environment ?? [:]).mapValues(placed)) { $1 },
      profile: flags?["profile"],
      transport: StubTransport(faults: faults ?? [:]))
    context.askCode = { _ in Secret("123456") }
    do {
      let settings = try AWSProfileSettings(context)
      let region = try AWSRegion.resolve(
        chosen: preference("region", flags?["region"]), settings: settings, context: context)
      let endpoint = try AWSEndpoint.resolve(
        chosen: preference("endpoint_url", flags?["endpoint_url"]), region: region, settings: settings,
        context: context)
      let chain = CredentialsChain(context: context, settings: settings, region: region)
      switch try chain.resolve().credentials {
      case .apiKey(let key): return Result(endpoint: endpoint.url, region: endpoint.signingRegion, api_key: key.exposed)
      case .accessKey(let key):
        return Result(
          endpoint: endpoint.url, region: endpoint.signingRegion, id: key.id, secret: key.secret.exposed,
          token: key.sessionToken?.exposed)
      }
    } catch {
      let failure = Failure.from(error)
      return Result(error: failure.code.rawValue, exception: "\(failure.message) (\(failure.adviceText))")
    }
  }

  /// What differs from what it should be, in a line.
  func difference() -> String? {
    let ours = result()
    var (left, right) = (ours, differs?.result ?? botocore)
    (left.exception, right.exception) = (nil, nil)
    if left == right { return nil }
    return "\(name): \(ours) instead of \(differs?.result ?? botocore)"
  }
}

private struct ConfigurationCases: Decodable {
  let cases: [ConfigurationCase]
}

private func configurationCases(_ path: String) throws -> [ConfigurationCase] {
  let bytes = try #require(try LocalFile(path).readableContents())
  return try JSONDecoder().decode(ConfigurationCases.self, from: Data(bytes)).cases
}

/// Credentials, region, endpoint and kind of failure are botocore's, but for the differences that the cases list with a
/// reason.
@Suite struct ConfigurationConformanceTests {
  @Test("The committed cases resolve as botocore resolves them")
  func committedCases() throws {
    let cases = try configurationCases("\(conformanceFolder)/cases.json")
    #expect(cases.count >= 300)
    let differences = cases.compactMap { $0.difference() }
    #expect(
      differences.isEmpty,
      "\(differences.count) of \(cases.count) differ:\n\(differences.prefix(40).joined(separator: "\n"))")
  }

  @Test("Every listed difference from botocore has a reason and still exists")
  func everyDifferenceHasAReasonAndIsOne() throws {
    for made in try configurationCases("\(conformanceFolder)/cases.json") {
      guard let differs = made.differs else { continue }
      #expect(!differs.reason.isEmpty)
      var botocore = made.botocore
      botocore.exception = nil
      #expect(differs.result != botocore, "\(made.name) is no longer a difference")
    }
  }

  /// `make conformance` lets this compare fresh cases.
  @Test(
    "Fresh cases resolve as botocore resolves them",
    .enabled(if: getenv("MOSAIC_AI_CONFIGURATION_CASES") != nil, "MOSAIC_AI_CONFIGURATION_CASES names no file of cases")
  )
  func freshCases() throws {
    let differences = try configurationCases(String(cString: #require(getenv("MOSAIC_AI_CONFIGURATION_CASES"))))
      .compactMap {
        $0.difference()
      }
    #expect(differences.isEmpty, "\(differences.count) differ:\n\(differences.prefix(20).joined(separator: "\n"))")
  }
}
