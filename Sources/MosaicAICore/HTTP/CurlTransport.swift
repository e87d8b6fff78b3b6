import CLibCurl

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Requests through libcurl, one connection each, on the thread that asks.
public struct CurlTransport: HTTPTransport {
  private let configuration: TransportConfiguration

  public init(_ configuration: TransportConfiguration) { self.configuration = configuration }

  /// Loads libcurl. Worth calling early on another thread: it takes some milliseconds, once.
  public static func preload() { _ = lc_load() }

  /// What libcurl calls itself: `libcurl/8.5.0`.
  ///
  /// - Throws: `TransportError` where it is missing or too old
  static func version() throws -> String {
    guard lc_load() == 0 else { throw TransportError(.libraryMissing, String(cString: lc_load_error())) }
    let version = String(cString: lc_version())
    return String(version.prefix { $0 != " " })
  }

  public func send(
    _ request: HTTPRequest, timeouts: HTTPTimeouts, cancellation: Cancellation, to receiver: any HTTPResponseReceiver
  ) throws {
    guard lc_load() == 0 else {
      throw TransportError(.libraryMissing, String(cString: lc_load_error()))
    }
    let transfer = CurlTransfer(receiver)
    guard let easy = lc_easy_init(), let multi = lc_multi_init() else { throw TransportError(.other, "out of memory") }
    lc_easy_setopt_pointer(easy, CURLOPT_ERRORBUFFER, transfer.errorText)
    defer {
      lc_multi_remove_handle(multi, easy)
      lc_easy_cleanup(easy)
      lc_multi_cleanup(multi)
      // Until here libcurl may write to its buffer for errors.
      withExtendedLifetime(transfer) {}
    }
    let headers = configure(easy, request, timeouts)
    defer { lc_slist_free_all(headers) }
    try withExtendedLifetime(transfer) {
      let context = Unmanaged.passUnretained(transfer).toOpaque()
      lc_easy_setopt_pointer(easy, CURLOPT_HEADERDATA, context)
      lc_easy_setopt_callback(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
        CurlTransfer.receive(context, data, size * count) { try $0.receive(headerLine: $1) }
      }
      lc_easy_setopt_pointer(easy, CURLOPT_WRITEDATA, context)
      lc_easy_setopt_callback(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
        CurlTransfer.receive(context, data, size * count) { try $0.receiver.receive(body: $1) }
      }
      try request.body.withUnsafeBytes { body in
        lc_easy_setopt_long(easy, CURLOPT_POSTFIELDSIZE, body.count)
        if !body.isEmpty || request.method == "POST" {
          lc_easy_setopt_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress ?? UnsafeRawPointer(context))
        }
        lc_easy_setopt_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
        lc_multi_add_handle(multi, easy)
        try run(multi, easy, transfer, timeouts, cancellation)
      }
    }
  }

  /// Drives the transfer to its end.
  private func run(
    _ multi: UnsafeMutableRawPointer, _ easy: UnsafeMutableRawPointer, _ transfer: CurlTransfer,
    _ timeouts: HTTPTimeouts,
    _ cancellation: Cancellation
  ) throws {
    while true {
      var running: Int32 = 0
      let code = lc_multi_perform(multi, &running)
      if let error = transfer.error { throw error }
      guard code == CURLM_OK else { throw TransportError(.other, String(cString: lc_multi_strerror(code))) }
      var result = CURLE_OK
      if lc_multi_result(multi, &result) == 1 {
        try check(result, easy, transfer)
        guard transfer.hasHead else { throw TransportError(.malformedAnswer, "no HTTP answer") }
        return
      }
      var remaining = Duration.seconds(1)
      if transfer.isRequestSent(easy) {
        let idle = transfer.receiver.idleTimeout ?? timeouts.idle
        remaining = idle - transfer.lastActivity.duration(to: .now)
        guard remaining > .zero else { throw TransportError(.idleTimeout, "no data for \(idle.seconds) s") }
      }
      // Parts of a header, or of the framing, are no data for libcurl yet, but bytes all the same.
      let milliseconds = Int32(min(remaining, .seconds(1)) / .milliseconds(1)) + 1
      if lc_multi_poll(multi, cancellation.descriptor, milliseconds) > 0 { transfer.noteActivity() }
      try cancellation.check()
    }
  }

  /// Sets all options but those of the callbacks. The list it returns must live as long as the transfer.
  private func configure(_ easy: UnsafeMutableRawPointer, _ request: HTTPRequest, _ timeouts: HTTPTimeouts)
    -> UnsafeMutablePointer<
      curl_slist
    >?
  {
    lc_easy_setopt_string(easy, CURLOPT_URL, request.url)
    lc_easy_setopt_string(easy, CURLOPT_USERAGENT, configuration.userAgent)
    lc_easy_setopt_long(easy, CURLOPT_NOSIGNAL, 1)
    lc_easy_setopt_long(easy, CURLOPT_QUICK_EXIT, 1)
    lc_easy_setopt_long(easy, CURLOPT_PATH_AS_IS, 1)
    lc_easy_setopt_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    lc_easy_setopt_long(easy, CURLOPT_BUFFERSIZE, 256 << 10)
    lc_easy_setopt_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    lc_easy_setopt_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    lc_easy_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(timeouts.connect / .milliseconds(1))))
    configureCertificates(easy)
    // An empty proxy keeps libcurl from looking into the environment by itself. A login in it is sent at once (Basic),
    // as by curl and botocore.
    let proxy = URLParts(request.url).scheme == "https" ? configuration.httpsProxy : configuration.httpProxy
    lc_easy_setopt_string(easy, CURLOPT_PROXY, request.mayUseProxy ? proxy ?? "" : "")
    lc_easy_setopt_string(easy, CURLOPT_NOPROXY, configuration.noProxy ?? "")
    // No waiting for "100 Continue", and no body type that nobody asked for.
    var list = lc_slist_append(nil, "Expect:")
    if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      list = lc_slist_append(list, "Content-Type:")
    }
    for header in request.headers { list = lc_slist_append(list, "\(header.name): \(header.value)") }
    lc_easy_setopt_list(easy, CURLOPT_HTTPHEADER, list)
    return list
  }

  /// The hashed folder of the system is preferred to its one large file, which takes OpenSSL 17 ms to read.
  private func configureCertificates(_ easy: UnsafeMutableRawPointer) {
    if let file = configuration.certificateFile {
      lc_easy_setopt_string(easy, CURLOPT_CAINFO, file)
      lc_easy_setopt_string(easy, CURLOPT_CAPATH, nil)
    } else if let folder = configuration.certificateFolder ?? CurlTransport.systemCertificateFolder {
      lc_easy_setopt_string(easy, CURLOPT_CAINFO, nil)
      lc_easy_setopt_string(easy, CURLOPT_CAPATH, folder)
    }
  }

  /// Debian's folder of trusted certificates, if it has been hashed.
  private static let systemCertificateFolder: String? = {
    let path = "/etc/ssl/certs"
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".0") { return path }
    }
    return nil
  }()

  /// - Throws: `TransportError` unless `result` says that all went well
  private func check(_ result: CURLcode, _ easy: UnsafeMutableRawPointer, _ transfer: CurlTransfer) throws {
    guard result != CURLE_OK else { return }
    let detail = String(cString: lc_easy_strerror(result))
    var proxyStatus = 0
    lc_easy_getinfo_long(easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
    if proxyStatus == 407 { throw TransportError(.proxyAuthentication, detail) }
    if proxyStatus >= 300 { throw TransportError(.proxyRefused(proxyStatus), "the proxy answered \(proxyStatus)") }
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: throw TransportError(.unresolved, detail)
    case CURLE_COULDNT_CONNECT: throw TransportError(.refused, detail)
    case CURLE_OPERATION_TIMEDOUT: throw TransportError(.connectTimeout, detail)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_CERTPROBLEM:
      var systemError = 0
      lc_easy_getinfo_long(easy, CURLINFO_OS_ERRNO, &systemError)
      // Only libcurl's own words tell an unknown authority from an expired certificate or a version of TLS that is too
      // old.
      let reason = String(cString: transfer.errorText)
      // A connection that ended during the handshake says nothing about trust. For an end without a reset, whose words
      // differ from one OpenSSL to the next, libcurl has no code.
      if systemError != 0
        || ["SSL_ERROR_SYSCALL", "unexpected eof", "reason(0)"].contains(where: { reason.contains($0) })
      {
        throw TransportError(.lost, "closed during the TLS handshake")
      }
      throw TransportError(.tls, reason.isEmpty ? detail : reason)
    case CURLE_SSL_CACERT_BADFILE: throw TransportError(.certificateFile, detail)
    case CURLE_URL_MALFORMAT: throw TransportError(.malformedURL, detail)
    // A scheme that is not supported is also what libcurl calls an answer without a status line.
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      throw TransportError(.malformedAnswer, detail)
    case CURLE_PARTIAL_FILE: throw TransportError(.lost, "the answer broke off")
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      throw TransportError(.lost, detail)
    default: throw TransportError(.other, detail)
    }
  }
}

/// What the callbacks of one transfer share.
private final class CurlTransfer {
  let receiver: any HTTPResponseReceiver
  /// Where libcurl says what went wrong.
  let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// What the receiver threw, which ended the transfer.
  private(set) var error: (any Error)?
  private(set) var lastActivity = ContinuousClock.now
  private(set) var hasHead = false
  private var status = 0
  private var headers: [(name: String, value: String)] = []
  private var wasRequestSent = false

  init(_ receiver: any HTTPResponseReceiver) {
    self.receiver = receiver
    errorText.pointee = 0
  }

  deinit { errorText.deallocate() }

  /// Calls `body` for libcurl: an error stays here and stops libcurl by a count it does not expect.
  static func receive(
    _ context: UnsafeMutableRawPointer?, _ data: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ body: (CurlTransfer, UnsafeRawBufferPointer) throws -> Void
  ) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    // The time a receiver takes is not the network's: the clock starts again behind it.
    defer { transfer.lastActivity = .now }
    do {
      try body(transfer, UnsafeRawBufferPointer(start: data, count: count))
      return count
    } catch {
      transfer.error = error
      return Int(CURL_WRITEFUNC_ERROR)
    }
  }

  /// Whether the connection stands and the request has gone out, so that the answer's clock runs.
  func isRequestSent(_ easy: UnsafeMutableRawPointer) -> Bool {
    if wasRequestSent { return true }
    var size = 0
    lc_easy_getinfo_long(easy, CURLINFO_REQUEST_SIZE, &size)
    if size > 0 {
      wasRequestSent = true
      lastActivity = .now
    }
    return wasRequestSent
  }

  /// Bytes have gone over the wire.
  func noteActivity() { lastActivity = .now }

  func receive(headerLine line: UnsafeRawBufferPointer) throws {
    let text = String(decoding: line, as: UTF8.self).trimmingNewline
    if text.hasPrefix("HTTP/") {
      status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      headers = []
    } else if text.isEmpty {
      // 1xx answers come before the one that counts, trailers after it.
      guard status >= 200, !hasHead else { return }
      hasHead = true
      try receiver.receive(head: HTTPResponseHead(status: status, headers: headers))
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...].drop(while: \.isWhitespace)
      let blanks = value.reversed().prefix(while: \.isWhitespace)
      headers.append((String(text[..<colon]), String(value.dropLast(blanks.count))))
    }
  }
}

extension String {
  fileprivate var trimmingNewline: String {
    var text = self
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
