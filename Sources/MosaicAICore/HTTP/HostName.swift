import Dispatch
import Platform
import Synchronization

/// Why a host's name could not be resolved, which libcurl does not tell.
enum HostName {
  /// Whether the servers of names answer that there is no host of that name. If they do not answer at all, it is false.
  ///
  /// Only for a name that could not be resolved: it is looked up once more, at most for two seconds.
  static func isMissing(_ name: String) -> Bool {
    let answer = Answer()
    // The lookup cannot be ended early: if it takes longer, it is left alone.
    DispatchQueue.global().async { answer.give(lookUp(name)) }
    guard let code = answer.wait(.seconds(2)) else { return false }
    #if canImport(Glibc)
      return code == EAI_NONAME || code == noData
    #else
      return code == EAI_NONAME
    #endif
  }

  /// `EAI_NODATA`, which glibc hides: the name exists, but has no address.
  private static let noData: Int32 = -5

  /// What getaddrinfo(3) returns.
  private static func lookUp(_ name: String) -> Int32 {
    var hints = addrinfo()
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var addresses: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name, nil, &hints, &addresses)
    if let addresses { freeaddrinfo(addresses) }
    return code
  }

  /// The code of a lookup on another thread.
  private final class Answer: Sendable {
    private let code = Mutex<Int32?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)

    func give(_ code: Int32) {
      self.code.withLock { $0 = code }
      isGiven.signal()
    }

    func wait(_ limit: DispatchTimeInterval) -> Int32? {
      _ = isGiven.wait(timeout: .now() + limit)
      return code.withLock { $0 }
    }
  }
}
