import CLibCurl
import Platform

/// The state of one transfer, which libcurl's callbacks fill.
final class CurlTransfer {
  let receiver: any HTTPResponseReceiver
  /// What the receiver threw, which ended the transfer.
  private(set) var error: (any Error)?
  private(set) var lastActivity = ContinuousClock.now
  private(set) var hasHead = false
  /// Whether an answer has begun, though its head may break off.
  var hasStatusLine: Bool { status != 0 }
  private let easy: UnsafeMutableRawPointer
  /// libcurl's own description of the error.
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var status = 0
  private var headers: [(name: String, value: String)] = []
  private var wasRequestSent = false
  /// How many bytes of the request had been sent when the newest socket was made.
  private var sentBeforeConnection = 0

  /// Whether the next head is the proxy's answer to CONNECT.
  private var isConnecting = false
  /// How long the proxy asks to wait.
  private var proxyRetryAfter: RetryAfter?

  /// What is asked, the proxy on the way to it, and the certificates that say whether to trust it.
  private let url: URLParts
  private let proxy: ProxyServer?
  private let certificates: Certificates

  /// - Parameter easy: used for this transfer only
  init(
    _ easy: UnsafeMutableRawPointer, to url: URLParts, through proxy: ProxyServer?, _ certificates: Certificates,
    _ receiver: any HTTPResponseReceiver
  ) {
    self.easy = easy
    self.url = url
    self.proxy = proxy
    self.certificates = certificates
    self.receiver = receiver
    errorText.pointee = 0
  }

  deinit { errorText.deallocate() }

  /// Makes libcurl call this transfer, which must outlive the easy handle.
  func install() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    lc_easy_setopt_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    lc_easy_setopt_pointer(easy, CURLOPT_SOCKOPTDATA, context)
    lc_easy_setopt_socket_callback(easy, CURLOPT_SOCKOPTFUNCTION) { context, socket, _ in
      // A program that we start while a connection is kept open must not inherit it.
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      CurlTransfer.at(context)?.noteNewSocket()
      return Int32(CURL_SOCKOPT_OK)
    }
    lc_easy_setopt_pointer(easy, CURLOPT_HEADERDATA, context)
    lc_easy_setopt_callback(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
      CurlTransfer.receive(context, data, size * count) { try $0.receive(headerLine: $1) }
    }
    lc_easy_setopt_pointer(easy, CURLOPT_WRITEDATA, context)
    lc_easy_setopt_callback(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      CurlTransfer.receive(context, data, size * count) { try $0.receiver.receive(body: $1) }
    }
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Calls `body` for libcurl. An error is kept, and stops libcurl by a count that it does not expect.
  private static func receive(
    _ context: UnsafeMutableRawPointer?, _ data: UnsafeMutablePointer<CChar>?, _ count: Int,
    _ body: (CurlTransfer, UnsafeRawBufferPointer) throws -> Void
  ) -> Int {
    guard let transfer = CurlTransfer.at(context) else { return 0 }
    // The time that the receiver takes is not the network's: the clock starts again after it.
    defer { transfer.noteActivity() }
    do {
      try body(transfer, UnsafeRawBufferPointer(start: data, count: count))
      return count
    } catch {
      transfer.error = error
      return Int(CURL_WRITEFUNC_ERROR)
    }
  }

  /// Whether the connection stands and the request is on its way, so that the clock for the answer runs.
  func isRequestSent() -> Bool {
    if !wasRequestSent, requestSize > sentBeforeConnection {
      wasRequestSent = true
      noteActivity()
    }
    return wasRequestSent
  }

  /// Notes that libcurl connects. It may have sent the request already, on a kept connection that turned out to be
  /// dead.
  private func noteNewSocket() {
    sentBeforeConnection = requestSize
    wasRequestSent = false
    isConnecting = url.scheme == "https" && proxy?.speaksHTTP == true
  }

  private var requestSize: Int { info(CURLINFO_REQUEST_SIZE) }

  private func info(_ info: CURLINFO) -> Int {
    var value = 0
    lc_easy_getinfo_long(easy, info, &value)
    return value
  }

  /// Notes that bytes were sent or received.
  func noteActivity() { lastActivity = .now }

  private func receive(headerLine line: UnsafeRawBufferPointer) throws {
    var text = String(decoding: line, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    if text.hasPrefix("HTTP/") {
      status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      headers = []
    } else if text.isEmpty {
      // 1xx answers come before the one that counts, trailers after it.
      guard status >= 200, !hasHead else { return }
      let head = HTTPResponseHead(status: status, headers: headers)
      if isConnecting {
        isConnecting = !(200..<300).contains(status)
        status = 0
        proxyRetryAfter = RetryAfter(head)
        return
      }
      hasHead = true
      // Only a proxy answers so, whatever it was asked for.
      guard status != 407 else { throw loginError }
      try receiver.receive(head: head)
    } else if let first = text.first, first.isWhitespace {
      // A folded header, as old servers write it (RFC 9112 §5.2).
      guard let last = headers.indices.last else { return }
      headers[last].value = CurlTransfer.trimmed("\(headers[last].value) \(CurlTransfer.trimmed(text[...]))"[...])
    } else if let colon = text.firstIndex(of: ":") {
      headers.append((String(text[..<colon]), CurlTransfer.trimmed(text[text.index(after: colon)...])))
    }
  }

  /// Without white space around it.
  private static func trimmed(_ text: Substring) -> String {
    let text = text.drop(while: \.isWhitespace)
    return String(text.dropLast(text.reversed().prefix(while: \.isWhitespace).count))
  }
}

/// What libcurl's results mean.
extension CurlTransfer {
  /// - Parameter cancellation: ends a closer look at the error
  /// - Throws: `TransportError` unless `result` says that all went well
  func check(_ result: CURLcode, _ cancellation: Cancellation) throws(TransportError) {
    guard result != CURLE_OK else { return }
    throw named(error(result, cancellation))
  }

  /// The error, with the proxy that was used.
  private func named(_ error: TransportError) -> TransportError {
    var error = error
    error.proxy = proxy
    return error
  }

  private var loginError: TransportError {
    named(TransportError(.proxyAuthentication, "the proxy asks for a login"))
  }

  private func error(_ result: CURLcode, _ cancellation: Cancellation) -> TransportError {
    let detail = String(cString: lc_easy_strerror(result))
    let proxyStatus = info(CURLINFO_HTTP_CONNECTCODE)
    if proxyStatus == 407 { return loginError }
    if proxyStatus >= 300 {
      var error = TransportError(.proxyRefused(proxyStatus), "the proxy answered \(proxyStatus)")
      error.retryAfter = proxyRetryAfter
      return error
    }
    switch result {
    case CURLE_COULDNT_RESOLVE_PROXY: return unresolvedProxy(detail, cancellation)
    // Most proxies look up the host themselves; for the others it may be either.
    case CURLE_COULDNT_RESOLVE_HOST
    where proxy.map { $0.isResolver || HostName.reason(unresolved: $0.host, cancellation) == .unknownHost } == true:
      return unresolvedProxy(detail, cancellation)
    case CURLE_COULDNT_RESOLVE_HOST:
      return TransportError(HostName.reason(unresolved: url.host, cancellation), detail)
    case CURLE_COULDNT_CONNECT where !LocalFile.canOpen(1), CURLE_SSL_CACERT_BADFILE where !LocalFile.canOpen(2):
      return TransportError(.exhausted, detail)
    case CURLE_COULDNT_CONNECT: return TransportError(proxy == nil ? .refused : .proxyUnreachable, detail)
    case CURLE_PROXY: return socksError(cancellation)
    case CURLE_OPERATION_TIMEDOUT: return TransportError(.connectTimeout, detail)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_CERTPROBLEM:
      let reason = String(cString: errorText)
      // Until the proxy has answered, TLS is the proxy's.
      let isProxys = proxy?.isSecure == true && (url.scheme == "http" || proxyStatus == 0)
      if result != CURLE_PEER_FAILED_VERIFICATION, wasHandshakeCut(reason) {
        return TransportError(isProxys ? .proxyUnreachable : .lost, "closed during the TLS handshake")
      }
      let verification = info(isProxys ? CURLINFO_PROXY_SSL_VERIFYRESULT : CURLINFO_SSL_VERIFYRESULT)
      let distrust: Distrust =
        if result == CURLE_PEER_FAILED_VERIFICATION {
          Distrust(verification: verification, isGnuTLS: CurlTransfer.isGnuTLS, certificates)
        } else if let folder = certificates.folder, isCertificateDamaged(reason) {
          .damage(folder)
        } else {
          .handshake
        }
      return TransportError(isProxys ? .proxyTLS(distrust) : .tls(distrust), reason.isEmpty ? detail : reason)
    case CURLE_SSL_CACERT_BADFILE: return TransportError(.setting(certificates.unusable(detail)), detail)
    case CURLE_URL_MALFORMAT: return TransportError(.malformedURL, detail)
    // For an answer without a status line libcurl also says that the scheme is not supported.
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      return TransportError(.malformedAnswer, detail)
    case CURLE_PARTIAL_FILE: return TransportError(.lost, "the answer broke off")
    // With TLS 1.3, a server refuses a client certificate, or a missing one, after the handshake.
    case CURLE_RECV_ERROR where !hasHead && wasCertificateRefused:
      return TransportError(.tls(.handshake), String(cString: errorText))
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return TransportError(.lost, detail)
    default: return TransportError(.other, detail)
    }
  }

  private func unresolvedProxy(_ detail: String, _ cancellation: Cancellation) -> TransportError {
    let isMissing = proxy.map { HostName.reason(unresolved: $0.host, cancellation) == .unknownHost } ?? false
    return TransportError(isMissing ? .proxyUnknown : .proxyUnreachable, detail)
  }

  /// What went wrong with a proxy that speaks SOCKS: with it, or with the host that it was asked for.
  private func socksError(_ cancellation: Cancellation) -> TransportError {
    let detail = String(cString: errorText)
    func hostError(_ reason: String) -> TransportError { TransportError(.proxyCannotConnect, reason) }
    switch CURLproxycode(rawValue: UInt32(clamping: info(CURLINFO_PROXY_ERROR))) {
    case CURLPX_NO_AUTH, CURLPX_USER_REJECTED, CURLPX_LONG_USER, CURLPX_LONG_PASSWD: return loginError
    case CURLPX_RESOLVE_HOST: return TransportError(HostName.reason(unresolved: url.host, cancellation), detail)
    // The same as the 403 of an HTTP proxy.
    case CURLPX_REPLY_NOT_ALLOWED, CURLPX_IDENTD, CURLPX_IDENTD_DIFFER:
      return TransportError(.proxyRefused(403), detail)
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE: return hostError("general failure")
    case CURLPX_REPLY_NETWORK_UNREACHABLE: return hostError("network unreachable")
    case CURLPX_REPLY_HOST_UNREACHABLE: return hostError("host unreachable")
    case CURLPX_REPLY_CONNECTION_REFUSED: return hostError("connection refused")
    case CURLPX_REPLY_TTL_EXPIRED: return hostError("the host is too many hops away")
    case CURLPX_REPLY_COMMAND_NOT_SUPPORTED: return hostError("it does not make connections")
    case CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED: return hostError("it does not know this type of address")
    case CURLPX_REPLY_UNASSIGNED, CURLPX_UNKNOWN_FAIL, CURLPX_REQUEST_FAILED:
      return hostError("request rejected or failed")
    default: return TransportError(.proxyUnreachable, detail)
    }
  }

  /// Whether TLS is GnuTLS, and not OpenSSL or one of its relatives.
  private static var isGnuTLS: Bool { String(cString: lc_version()).contains(" GnuTLS/") }

  /// Whether OpenSSL cannot read a certificate, which it does not say of which. libcurl has no code for it.
  private func isCertificateDamaged(_ reason: String) -> Bool {
    ["asn1 encoding routines", "PEM routines"].contains { reason.contains($0) }
  }

  /// Whether a TLS alert refuses the client certificate, or a missing one. libcurl has no code for it.
  private var wasCertificateRefused: Bool {
    let reason = String(cString: errorText)
    return reason.contains("alert") && (reason.contains("certificate") || reason.contains("unknown ca"))
  }

  /// Whether the connection ended during the handshake, which says nothing about trust. libcurl has no code for an end
  /// without a reset, and the words differ from one OpenSSL to the next. The system's error may also be that of an
  /// address that was tried first, as ::1 is for localhost, so a certificate that fails verification is not asked.
  private func wasHandshakeCut(_ reason: String) -> Bool {
    info(CURLINFO_OS_ERRNO) != 0
      || ["SSL_ERROR_SYSCALL", "unexpected eof", "reason(0)"].contains { reason.contains($0) }
  }
}
