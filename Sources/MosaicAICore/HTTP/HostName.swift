import Platform

/// Why a host's name could not be resolved, which libcurl does not tell.
enum HostName {
  /// Why a name could not be resolved.
  ///
  /// Only for such a name: it is looked up once more, at most for two seconds.
  ///
  /// - Parameter cancellation: ends the wait early
  static func reason(unresolved name: String, _ cancellation: Cancellation) -> TransportError.Kind {
    let answer = Handover<(code: Int32, error: Int32)>()
    // The lookup cannot be ended early: if it takes longer, it is left alone.
    let isStarted = detachThread { answer.give(lookUp(name)) }
    guard isStarted else { return .exhausted }
    var found = answer.wait(.milliseconds(20))
    for _ in 0..<100 where found == nil && !cancellation.isRequested { found = answer.wait(.milliseconds(20)) }
    guard let found else { return .unresolved }
    if found.code == EAI_NONAME || found.code == noData { return .unknownHost }
    return found.code == EAI_SYSTEM && [EMFILE, ENFILE].contains(found.error) ? .exhausted : .unresolved
  }

  /// `EAI_NODATA`, which glibc hides: the name exists, but has no address.
  #if canImport(Glibc)
    private static let noData: Int32 = -5
  #else
    private static let noData = EAI_NONAME
  #endif

  /// What getaddrinfo(3) returns, and errno.
  private static func lookUp(_ name: String) -> (code: Int32, error: Int32) {
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var addresses: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name, nil, &hints, &addresses)
    let error = errno
    if let addresses { freeaddrinfo(addresses) }
    return (code, error)
  }
}
