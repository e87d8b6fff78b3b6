import Platform

/// The client is gone, or the connection cannot be used anymore.
struct ConnectionLost: Error {}

/// A client's connection: bytes in, segments out, and every way of ending it. It belongs to one thread.
struct Connection: ~Copyable {
  /// Closed at the end.
  private let descriptor: Int32
  /// Received, but not read yet.
  private var buffered: [UInt8] = []
  /// Where the system puts what it receives.
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)

  /// A client that goes away must not end the process by SIGPIPE.
  #if canImport(Darwin)
    private static let sendFlags: Int32 = 0
  #else
    private static let sendFlags = Int32(MSG_NOSIGNAL)
  #endif

  /// Takes over an accepted socket.
  init(accepted descriptor: Int32) {
    self.descriptor = descriptor
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The port at the client's end; 0 if the client is gone already.
  var clientPort: Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
    }
    return result == 0 ? Int(UInt16(bigEndian: address.sin_port)) : 0
  }

  deinit {
    room.deallocate()
    close(descriptor)
  }

  /// The next bytes up to and including `mark`; nil if the client closed the connection before sending any.
  mutating func read(through mark: [UInt8], atMost limit: Int) throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = buffered.end(of: mark, from: searched) { return take(end) }
      searched = max(0, buffered.count - mark.count)
      guard buffered.count < limit else { throw ConnectionLost() }
      guard try fill() else {
        if buffered.isEmpty { return nil }
        throw ConnectionLost()
      }
    }
  }

  /// The next `count` bytes.
  mutating func read(count: Int) throws -> [UInt8] {
    while buffered.count < count {
      guard try fill() else { throw ConnectionLost() }
    }
    return take(count)
  }

  /// Sends `bytes` as one segment, as far as TCP allows.
  func send(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let sent = Platform.send(descriptor, start, rest.count, Connection.sendFlags)
      if sent >= 0 {
        rest = rest.dropFirst(sent)
      } else if errno != EINTR {
        throw ConnectionLost()
      }
    }
  }

  /// Sends `bytes` as one segment.
  func send(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try send($0) }
  }

  /// Closes the sending half; the client may still send.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// From now on closing resets the connection.
  func resetOnClose() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
  }

  /// Waits until the client goes away.
  mutating func waitForEnd() {
    buffered = []
    while (try? fill()) == true { buffered = [] }
  }

  /// Waits for the client to close, up to a limit: closing while it is still sending would reset the connection.
  mutating func drain(milliseconds: Int32) {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    buffered = []
    while poll(&polled, 1, milliseconds) > 0, (try? fill()) == true { buffered = [] }
  }

  /// Removes the first `count` bytes from the buffer.
  private mutating func take(_ count: Int) -> [UInt8] {
    let taken = Array(buffered.prefix(count))
    buffered.removeFirst(count)
    return taken
  }

  /// Waits for bytes and puts them into the buffer. False at the end.
  private mutating func fill() throws -> Bool {
    let received = recv(descriptor, room.baseAddress, room.count, 0)
    if received < 0 && errno == EINTR { return try fill() }
    guard received >= 0 else { throw ConnectionLost() }
    buffered.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<received]))
    return received > 0
  }
}

extension [UInt8] {
  /// The end of the first occurrence of `mark` at or after `start`.
  fileprivate func end(of mark: [UInt8], from start: Int) -> Int? {
    guard let last = mark.last else { return start }
    var index = start + mark.count - 1
    while index < count {
      if self[index] == last, self[(index - mark.count + 1)...index].elementsEqual(mark) { return index + 1 }
      index += 1
    }
    return nil
  }
}
