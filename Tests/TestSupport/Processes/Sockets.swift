import Foundation

import Platform

extension Descriptor {
  /// Listens on a free loopback port.
  package static func listening() throws -> (Descriptor, port: UInt16) {
    let descriptor = Descriptor(socket(AF_INET, streamSocket, 0))
    var address = loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor.rawValue, $0, size) == 0 && listen(descriptor.rawValue, 64) == 0
          && getsockname(descriptor.rawValue, $0, &size) == 0
      }
    }
    guard isListening else { throw Complaint("no port: \(String(cString: strerror(errno)))") }
    _ = fcntl(descriptor.rawValue, F_SETFD, FD_CLOEXEC)
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// Connects to a loopback port; nil if nobody listens there.
  package static func connected(to port: UInt16) -> Descriptor? {
    let descriptor = Descriptor(socket(AF_INET, streamSocket, 0))
    var address = loopback(port: port)
    let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    _ = fcntl(descriptor.rawValue, F_SETFD, FD_CLOEXEC)
    return isConnected ? descriptor : nil
  }

  /// Takes the next connection; nil after the listening has ended.
  package func accept() -> Descriptor? {
    let connection = systemAccept(rawValue)
    guard connection >= 0 else { return nil }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    return Descriptor(connection)
  }

  /// Ends the connection, or the listening, in both directions.
  package func shutDown() { shutdown(rawValue, Int32(SHUT_RDWR)) }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
  }
}

#if canImport(Glibc)
  private let streamSocket = Int32(SOCK_STREAM.rawValue)
#else
  private let streamSocket = SOCK_STREAM
#endif

private func systemAccept(_ descriptor: Int32) -> Int32 { accept(descriptor, nil, nil) }
