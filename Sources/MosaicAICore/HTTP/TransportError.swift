/// Why a request got no complete answer.
struct TransportError: Error, Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// No server of names answers, or not yet.
    case unresolved
    /// No host has that name.
    case unknownHost
    /// No connection can be made.
    case refused
    /// The system gives this process no more threads or descriptors.
    case exhausted
    /// No connection in time.
    case connectTimeout
    /// No byte in time.
    case idleTimeout
    /// The connection ended before the answer did.
    case lost
    /// The host's certificate is not trusted, or TLS cannot be negotiated.
    case tls(Distrust)
    /// A setting does not let it be asked, as this says: that of the proxy, or that of trusted certificates.
    case setting(Failure)
    /// No host has the proxy's name.
    case proxyUnknown
    /// No connection to the proxy can be made, or it makes none.
    case proxyUnreachable
    /// The same as `tls`, for the proxy.
    case proxyTLS(Distrust)
    /// The proxy cannot connect to the host.
    case proxyCannotConnect
    /// The proxy asks for a login, or refuses the one it got.
    case proxyAuthentication
    /// The proxy refuses to connect, with this status.
    case proxyRefused(Int)
    /// The answer is not HTTP.
    case malformedAnswer
    /// The URL cannot be used.
    case malformedURL
    /// libcurl is missing or too old, or the system has no descriptors or memory for it, as the error says.
    case libraryMissing(LocalFile.SystemError)
    /// Anything else.
    case other
  }

  let kind: Kind
  /// The HTTP library's explanation, in English.
  let detail: String
  /// The proxy that was used; nil if there was none.
  var proxy: ProxyServer?
  /// How long the proxy asks to wait, if it does not connect.
  var retryAfter: RetryAfter?

  init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
}

extension TransportError {
  /// Whether the certificate may be trusted with more authorities, or with newer certificates of theirs.
  var mayBeTrustedWithMore: Bool {
    switch kind {
    case .tls(let distrust), .proxyTLS(let distrust):
      switch distrust {
      case .authority, .date, .damage: true
      case .name, .certificate, .handshake: false
      }
    default: false
    }
  }
}

/// Why TLS does not trust a server.
enum Distrust: Equatable, Sendable {
  /// No authority that is trusted signed its certificate. The setting that names those that are; nil for the system's.
  case authority(Sourced<String>?)
  /// A certificate is not yet valid, or has expired, by this machine's clock.
  case date(Timestamp)
  /// Its certificate is for another name.
  case name
  /// Its certificate cannot be trusted for another reason.
  case certificate
  /// A certificate cannot be read: its own, or one in these folders of those that are trusted.
  case damage(Sourced<String>)
  /// TLS cannot be negotiated.
  case handshake

  /// Why a certificate could not be verified.
  ///
  /// - Parameters:
  ///   - verification: OpenSSL's `X509_V_ERR_…`, or the bits of GnuTLS's `GNUTLS_CERT_…`. libcurl compares names
  ///     itself: it leaves 0 then, or its own 1 for "not known yet"
  ///   - certificates: those that are trusted
  init(verification: Int, isGnuTLS: Bool, _ certificates: Certificates) {
    if isGnuTLS {
      switch verification {
      case 0: self = .name
      // `SIGNER_NOT_FOUND`, `SIGNER_NOT_CA`
      case _ where verification & (1 << 6 | 1 << 7) != 0: self = .authority(certificates.setting)
      // `NOT_ACTIVATED`, `EXPIRED`
      case _ where verification & (1 << 9 | 1 << 10) != 0: self = .date(.now())
      // `UNEXPECTED_OWNER`
      case _ where verification & (1 << 14) != 0: self = .name
      default: self = .certificate
      }
      return
    }
    switch verification {
    // `HOSTNAME_MISMATCH`, `IP_ADDRESS_MISMATCH`
    case 0, 1, 62, 64: self = .name
    // `UNABLE_TO_GET_ISSUER_CERT`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `SELF_SIGNED_CERT_IN_CHAIN`,
    // `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `CERT_UNTRUSTED`
    case 2, 18, 19, 20, 21, 27: self = .authority(certificates.setting)
    // `CERT_NOT_YET_VALID`, `CERT_HAS_EXPIRED`
    case 9, 10: self = .date(.now())
    default: self = .certificate
    }
  }
}
