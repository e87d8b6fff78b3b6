import Platform

/// Where the simulator listens: an address of this machine's loopback interface.
struct LoopbackAddress: Equatable, Sendable {
  /// The host of its URL.
  let urlHost: String
  /// `AF_INET` or `AF_INET6`.
  private let family: Int32
  /// Numeric, as `inet_pton` reads it.
  private let text: String

  /// Reads `localhost`, 127.0.0.0/8 or `::1`; nil for anything else.
  init?(_ text: String) {
    var v4 = in_addr()
    var v6 = in6_addr()
    let name = text == "localhost" ? "127.0.0.1" : text
    if inet_pton(AF_INET, name, &v4) == 1, UInt32(bigEndian: v4.s_addr) >> 24 == 127 {
      family = AF_INET
      urlHost = text
    } else if inet_pton(AF_INET6, name, &v6) == 1,
      withUnsafeBytes(of: v6, { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 })
    {
      family = AF_INET6
      urlHost = "[\(name)]"
    } else {
      return nil
    }
    self.text = name
  }

  /// A listening socket and its port: `port`, or any free one if that is 0.
  ///
  /// - Throws: `SimulatorFailure`
  func listen(port: UInt16) throws -> (descriptor: Int32, port: UInt16) {
    #if canImport(Glibc)
      let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(family, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw SimulatorFailure("cannot create a socket", errno: errno, exitStatus: EX_OSERR) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    let isBound =
      switch family {
      case AF_INET:
        withAddress(sockaddr_in()) { address, size in
          inet_pton(AF_INET, text, &address.pointee.sin_addr)
          address.pointee.sin_family = sa_family_t(AF_INET)
          address.pointee.sin_port = port.bigEndian
          return bind(descriptor, UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self), size) == 0
        }
      default:
        withAddress(sockaddr_in6()) { address, size in
          inet_pton(AF_INET6, text, &address.pointee.sin6_addr)
          address.pointee.sin6_family = sa_family_t(AF_INET6)
          address.pointee.sin6_port = port.bigEndian
          return bind(descriptor, UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self), size) == 0
        }
      }
    guard isBound, Platform.listen(descriptor, 1024) == 0 else {
      let failure = SimulatorFailure("cannot listen on \(urlHost):\(port)", errno: errno, exitStatus: EX_UNAVAILABLE)
      close(descriptor)
      throw failure
    }
    return (descriptor, LoopbackAddress.port(of: descriptor))
  }

  /// The port of a bound socket, which has the same place in both families' addresses.
  private static func port(of descriptor: Int32) -> UInt16 {
    withAddress(sockaddr_in6()) { address, size in
      var size = size
      getsockname(descriptor, UnsafeMutableRawPointer(address).assumingMemoryBound(to: sockaddr.self), &size)
      return UInt16(bigEndian: address.pointee.sin6_port)
    }
  }
}

/// Runs `body` with a pointer to an address and its size.
private func withAddress<Address, Result>(
  _ address: Address, _ body: (UnsafeMutablePointer<Address>, socklen_t) -> Result
) -> Result {
  var address = address
  return withUnsafeMutablePointer(to: &address) { body($0, socklen_t(MemoryLayout<Address>.size)) }
}
