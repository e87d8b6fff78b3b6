import CLibCurl
import Platform

/// A multi handle of libcurl with the connections that it keeps open. `CurlTransport` sees to it that only one thread
/// at a time uses it.
final class CurlHandle: @unchecked Sendable {
  private let configuration: TransportConfiguration
  private let multi: UnsafeMutableRawPointer
  /// Whether the file of certificates is read, besides their folder.
  private var isFileRead: Bool

  /// - Throws: `TransportError` if memory runs out
  init(_ configuration: TransportConfiguration) throws {
    guard let multi = lc_multi_init() else { throw TransportError(.other, "out of memory") }
    self.configuration = configuration
    self.multi = multi
    isFileRead = !configuration.certificates.isFolderFirst
  }

  deinit { lc_multi_cleanup(multi) }

  /// Sends `request` and returns at the end of the answer. After an error the handle must not be used again.
  ///
  /// - Throws: as `HTTPTransport.send`
  func perform(
    _ request: HTTPRequest, _ timeouts: HTTPTimeouts, _ cancellation: Cancellation,
    to receiver: any HTTPResponseReceiver
  ) throws {
    let proxy = request.mayUseProxy ? configuration.proxy(for: request.url) : nil
    let isTrustNeeded = Certificates.areNeeded(for: request.url, through: proxy)
    if let problem = proxy?.problem ?? (isTrustNeeded ? configuration.certificates.problem : nil) {
      throw TransportError(.setting(problem), problem.message)
    }
    do {
      try transfer(request, timeouts, through: proxy, cancellation, to: receiver)
    } catch let error as TransportError where !isFileRead && error.mayBeTrustedWithMore {
      // Nothing has been sent yet.
      isFileRead = true
      try transfer(request, timeouts, through: proxy, cancellation, to: receiver)
    }
  }

  /// The same, once.
  ///
  /// Each transfer has an easy handle of its own: `curl_easy_reset` would keep the system's last error, which `check`
  /// reads.
  private func transfer(
    _ request: HTTPRequest, _ timeouts: HTTPTimeouts, through proxy: ProxyServer?, _ cancellation: Cancellation,
    to receiver: any HTTPResponseReceiver
  ) throws {
    guard let easy = lc_easy_init() else { throw TransportError(.other, "out of memory") }
    let transfer = CurlTransfer(
      easy, to: URLParts(request.url), through: proxy, configuration.certificates, receiver)
    let headers = configure(easy, request, timeouts, proxy)
    transfer.install()
    defer {
      lc_multi_remove_handle(multi, easy)
      lc_easy_cleanup(easy)
      lc_slist_free_all(headers)
      // Until here libcurl may call the transfer and write to its buffer for errors.
      withExtendedLifetime(transfer) {}
    }
    try request.body.withUnsafeBytes { body in
      lc_easy_setopt_long(easy, CURLOPT_POSTFIELDSIZE, body.count)
      if !body.isEmpty || request.method == "POST" {
        // An empty body has no address, but libcurl must get one: without it, it would read standard input.
        lc_easy_setopt_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress ?? UnsafeRawPointer(easy))
      }
      lc_easy_setopt_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
      lc_multi_add_handle(multi, easy)
      try run(transfer, timeouts, cancellation)
    }
  }

  /// Drives the transfer to its end.
  private func run(_ transfer: CurlTransfer, _ timeouts: HTTPTimeouts, _ cancellation: Cancellation) throws {
    while true {
      var running: Int32 = 0
      let code = lc_multi_perform(multi, &running)
      if let error = transfer.error { throw error }
      guard code == CURLM_OK else { throw TransportError(.other, String(cString: lc_multi_strerror(code))) }
      var result = CURLE_OK
      if running == 0, lc_multi_result(multi, &result) == 1 {
        try transfer.check(result, cancellation)
        guard transfer.hasHead else {
          throw transfer.hasStatusLine
            ? TransportError(.lost, "the answer broke off in its headers")
            : TransportError(.malformedAnswer, "no HTTP answer")
        }
        return
      }
      var remaining = Duration.seconds(1)
      if transfer.isRequestSent() {
        let idle = transfer.receiver.idleTimeout ?? timeouts.idle
        remaining = idle - transfer.lastActivity.duration(to: .now)
        guard remaining > .zero else { throw TransportError(.idleTimeout, "no data for \(idle.secondsText) s") }
      }
      let milliseconds = Int32(min(remaining, .seconds(1)) / .milliseconds(1)) + 1
      var isCancelled: Int32 = 0
      // Parts of a header, or of the framing, are not yet data for libcurl, but they are bytes.
      if lc_multi_poll(multi, cancellation.descriptor, milliseconds, &isCancelled) > 0 { transfer.noteActivity() }
      if isCancelled != 0 { try cancellation.check() }
    }
  }

  /// Sets all options that do not belong to the transfer. The result is the list of headers, which must live as long as
  /// the transfer.
  private func configure(
    _ easy: UnsafeMutableRawPointer, _ request: HTTPRequest, _ timeouts: HTTPTimeouts, _ proxy: ProxyServer?
  ) -> UnsafeMutablePointer<curl_slist>? {
    lc_easy_setopt_string(easy, CURLOPT_URL, request.url)
    lc_easy_setopt_string(easy, CURLOPT_USERAGENT, configuration.userAgent)
    lc_easy_setopt_long(easy, CURLOPT_NOSIGNAL, 1)
    lc_easy_setopt_long(easy, CURLOPT_QUICK_EXIT, 1)
    lc_easy_setopt_long(easy, CURLOPT_PATH_AS_IS, 1)
    lc_easy_setopt_long(easy, CURLOPT_BUFFERSIZE, 256 << 10)
    lc_easy_setopt_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    lc_easy_setopt_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    lc_easy_setopt_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, timeouts.connect.milliseconds))
    configureCertificates(easy)
    // An empty proxy keeps libcurl from reading the environment itself. A login in it is sent at once (Basic), as by
    // curl and botocore.
    lc_easy_setopt_string(easy, CURLOPT_PROXY, proxy?.url ?? "")
    lc_easy_setopt_string(easy, CURLOPT_NOPROXY, "")
    // No waiting for "100 Continue", and no content type that the request does not have.
    var list = lc_slist_append(nil, "Expect:")
    if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      list = lc_slist_append(list, "Content-Type:")
    }
    for header in request.headers { list = lc_slist_append(list, "\(header.name): \(header.value)") }
    lc_easy_setopt_list(easy, CURLOPT_HTTPHEADER, list)
    return list
  }

  /// A proxy is trusted as the host is.
  private func configureCertificates(_ easy: UnsafeMutableRawPointer) {
    let certificates = configuration.certificates
    let file = isFileRead ? certificates.file?.value : nil
    for option in [CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO] { lc_easy_setopt_string(easy, option, file) }
    for option in [CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH] {
      lc_easy_setopt_string(easy, option, certificates.folder?.value)
    }
  }
}
