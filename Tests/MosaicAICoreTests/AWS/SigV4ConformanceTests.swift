import Platform
import FoundationEssentials
import TestSupport
import Testing

@testable import MosaicAICore

/// A request that botocore signed.
private struct SignedCase: Decodable, CustomTestStringConvertible {
  let method: String
  let url: String
  let headers: [[String]]
  let body: String
  let date: String
  let key: String
  let secret: String
  let token: String?
  let service: String
  let region: String
  let canonical_request: String
  let string_to_sign: String
  let authorization: String

  var testDescription: String { "\(method) \(url)" }

  /// What of our own signing differs from botocore's.
  func differences() -> [String] {
    guard let time = Timestamp(rfc3339: date) else { return ["date \(date)"] }
    let signer = SigV4Signer(service: service, region: region)
    let request = HTTPRequest(method: method, url: url, headers: headers.map { ($0[0], $0[1]) }, body: Array(body.utf8))
    let signed = signer.sign(request, with: AccessKey(key, secret, token), at: time)
    var unsigned = signed
    unsigned.headers.removeAll { $0.name == "Authorization" }
    let canonical = signer.canonicalRequest(unsigned)
    var differences: [String] = []
    func compare(_ what: String, _ ours: String?, _ theirs: String) {
      if ours.map({ Array($0.utf8) }) != Array(theirs.utf8) {
        differences.append("\(what) of \(url)\n\(ours ?? "nil")\n---\n\(theirs)")
      }
    }
    compare("canonical request", canonical, canonical_request)
    compare("string to sign", signer.stringToSign(canonical, at: time), string_to_sign)
    compare("authorization", signed.headers.first { $0.name == "Authorization" }?.value, authorization)
    compare(
      "signing twice", signer.sign(signed, with: AccessKey(key, secret, token), at: time).headers.last?.value,
      authorization)
    return differences
  }
}

private struct SignedCases: Decodable {
  let cases: [SignedCase]
}

private func signedCases(_ path: String) throws -> [SignedCase] {
  let bytes = try #require(try LocalFile(path).readableContents())
  return try JSONDecoder().decode(SignedCases.self, from: Data(bytes)).cases
}

/// The folder of the generators and of what they made.
let conformanceFolder = "\(TestFiles.conformance)/aws"

/// Our signatures are botocore's.
@Suite struct SigV4ConformanceTests {
  @Test("The committed requests are signed as botocore signs them")
  func committedCases() throws {
    let cases = try signedCases("\(conformanceFolder)/sigv4.json")
    #expect(cases.count >= 200)
    for signed in cases { #expect(signed.differences() == []) }
  }

  /// `make conformance` lets this compare thousands of fresh requests.
  @Test(
    "Fresh requests are signed as botocore signs them",
    .enabled(if: getenv("MOSAIC_AI_SIGV4_CASES") != nil, "MOSAIC_AI_SIGV4_CASES names no file of cases"))
  func freshCases() throws {
    let path = String(cString: try #require(getenv("MOSAIC_AI_SIGV4_CASES")))
    let differing = try signedCases(path).map { $0.differences() }.filter { !$0.isEmpty }
    #expect(differing.prefix(5) == [])
  }

  @Test("Changing one byte changes the signature")
  func oneChangedByteChangesTheSignature() {
    let signer = SigV4Signer(service: "bedrock", region: "us-east-1")
    func signature(_ body: String, _ path: String = "/model/a%3A0/converse-stream") -> String? {
      let request = HTTPRequest(method: "POST", url: "https://host\(path)", body: Array(body.utf8))
      return signer.sign(request, with: AccessKey("AKIA", "secret"), at: testTime).headers.last?.value
    }
    #expect(signature("a") == signature("a"))
    #expect(signature("a") != signature("b"))
    #expect(signature("a") != signature("a", "/model/a%3A1/converse-stream"))
  }
}
