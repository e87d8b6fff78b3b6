import CLibCurl
import Platform
import Synchronization

/// Sends requests through libcurl, each on the thread that asks, and keeps connections open for the requests that
/// follow.
///
/// The handles that hold open connections lie in a stack while no request uses them, so only one thread at a time has
/// a handle. A handle goes back only after its transfer has ended well: a failed or cancelled one takes its connections
/// with it. libcurl itself checks a kept connection before it uses it, closes it after 118 s without use, and repeats
/// the request on another one if it turns out to be dead before any byte of the answer.
package final class CurlTransport: HTTPTransport {
  private let configuration: TransportConfiguration
  private let idleHandles = Mutex<[CurlHandle]>([])
  /// How many handles to keep while no request uses them.
  private static let maximumIdleHandles = 8

  package init(_ configuration: TransportConfiguration) { self.configuration = configuration }

  /// Loads libcurl and what TLS needs. A call ahead of time on another thread saves the first request about 6 ms.
  package static func preload() { lc_warm_up() }

  /// The name and version of libcurl: `libcurl/8.5.0`.
  ///
  /// - Throws: `Failure` with code `config_invalid` if it is missing or too old
  static func version() throws -> String {
    do {
      try load()
    } catch {
      throw error.libraryFailure
    }
    return String(String(cString: lc_version()).prefix { $0 != " " })
  }

  /// Why the library cannot use a file of certificates that it is given with every request; nil if it can, or if it is
  /// missing.
  static func failure(loading certificates: Certificates) -> Failure? {
    guard !certificates.isFolderFirst, let file = certificates.file, (try? load()) != nil,
      lc_can_load_certificates(file.value) == 0
    else { return nil }
    return certificates.unusable(String(cString: lc_easy_strerror(CURLE_SSL_CACERT_BADFILE)))
  }

  package func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    try CurlTransport.load()
    let handle = try idleHandles.withLock { $0.popLast() } ?? CurlHandle(configuration)
    try handle.perform(request, timeouts, cancellation, to: receiver)
    idleHandles.withLock { handles in
      if handles.count < CurlTransport.maximumIdleHandles { handles.append(handle) }
    }
  }

  private static func load() throws(TransportError) {
    guard lc_load() != 0 else { return }
    throw TransportError(
      .libraryMissing(LocalFile.SystemError(code: platform_shortage())), String(cString: lc_load_error()))
  }
}
