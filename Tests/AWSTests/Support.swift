#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import FoundationEssentials
import Synchronization
import Testing

@testable import MosaicAICore

/// A home folder of its own, removed at the end.
final class TemporaryHome {
  let path: String

  init() {
    path = "/tmp/mosaic-aws-\(UInt64.random(in: 0...UInt64.max))"
    precondition(mkdir(path, 0o700) == 0)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file below the home folder.
  func write(_ name: String, _ text: String) {
    precondition(LocalFile("\(path)/\(name)").replace(with: Array(text.utf8)))
  }

  /// What is in a file below the home folder.
  func read(_ name: String) -> String? {
    LocalFile("\(path)/\(name)").contents().map { String(decoding: $0, as: UTF8.self) }
  }

  /// The permission bits of a file below the home folder.
  func mode(_ name: String) -> mode_t? {
    var status = stat()
    return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : nil
  }

  func context(
    _ variables: [String: String] = [:], profile: String? = nil, configuredProfile: String? = nil,
    transport: any HTTPTransport = UnconfiguredTransport()
  ) -> AWSContext {
    AWSContext(
      variables: ["AWS_EC2_METADATA_DISABLED": "true"].merging(variables) { $1 }, home: path, transport: transport,
      profileFlag: profile,
      configuredProfile: configuredProfile, now: { testTime }, random: { 0 })
  }
}

/// 2026-11-23T06:13:02.000Z
let testTime = Timestamp(milliseconds: 1_795_414_382_000)

/// Fails every request loudly.
struct UnconfiguredTransport: HTTPTransport {
  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    Issue.record("unexpected request to \(request.url)")
    throw TransportError(.refused, "unconfigured transport")
  }
}

/// Fails every request in the same way.
final class FailingTransport: HTTPTransport {
  private let error: TransportError
  private let count = Mutex(0)

  init(_ error: TransportError) { self.error = error }

  /// How many requests there were.
  var attempts: Int { count.withLock { $0 } }

  func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    count.withLock { $0 += 1 }
    throw error
  }
}

extension AccessKey {
  init(_ id: String, _ secret: String, _ token: String? = nil) {
    self.init(id: id, secret: Secret(secret), sessionToken: token.map(Secret.init))
  }
}

/// The failure that `body` ends with.
func failure<Result>(_ location: SourceLocation = #_sourceLocation, of body: () throws -> Result) throws -> Failure {
  do {
    _ = try body()
  } catch let failure as Failure {
    return failure
  }
  Issue.record("nothing was thrown", sourceLocation: location)
  return Failure(.internal, "nothing was thrown")
}

extension AWSContext {
  func resolve(forcingRefresh: Bool = false) throws -> CredentialsChain.Resolution {
    let settings = try AWSProfileSettings.load(self)
    let region = try AWSRegion.resolve(settings: settings, context: self)
    return try CredentialsChain(context: self, settings: settings, region: region).resolve(
      forcingRefresh: forcingRefresh)
  }
}
