#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Takes bytes as the network gives them and hands out whole messages
/// (Smithy, "Amazon Event Stream Specification"). Pure: feed, next, finish.
struct EventStreamDecoder {
  /// The most bytes of headers, and of payload, a message may have.
  static let maximumHeaders = 128 << 10
  static let maximumPayload = 24 << 20

  private static let preludeLength = 12
  private static let overhead = 16

  private var buffer: [UInt8] = []
  private var start = 0
  /// Headers of the last message and their bytes: of a long reply, all but a few are the same.
  private var lastHeaderBytes: [UInt8] = []
  private var lastHeaders: EventStreamHeaders?
  /// How many messages were handed out.
  private(set) var count = 0

  /// Takes the next bytes.
  mutating func feed(_ bytes: UnsafeRawBufferPointer) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// Gives the next whole message to `body`; nil where more bytes are needed.
  ///
  /// - Throws: `EventStreamError`, after which the stream cannot be read any further; or what `body` throws
  mutating func next<Result>(_ body: (EventStreamMessage) throws -> Result) throws -> Result? {
    let available = buffer.count - start
    guard available >= EventStreamDecoder.preludeLength else { return nil }
    let (total, headersLength) = try readPrelude()
    guard available >= total else { return nil }

    let headersStart = start + EventStreamDecoder.preludeLength
    let payloadStart = headersStart + headersLength
    let checksumStart = start + total - 4
    let headers = try buffer.withUnsafeBytes { bytes in
      guard CRC32.checksum(bytes.part(start, checksumStart)) == bytes.bigEndian32(at: checksumStart) else {
        throw EventStreamError.messageChecksum
      }
      let headerBytes = bytes.part(headersStart, payloadStart)
      if let lastHeaders, headerBytes.isEqual(to: lastHeaderBytes) { return lastHeaders }
      return try EventStreamHeaders(headerBytes)
    }
    if headers !== lastHeaders {
      lastHeaders = headers
      lastHeaderBytes = Array(buffer[headersStart..<payloadStart])
    }
    start += total
    count += 1
    return try buffer.withUnsafeBytes { bytes in
      try body(EventStreamMessage(headers: headers, payload: bytes.part(payloadStart, checksumStart)))
    }
  }

  /// Checks that the stream ended between two messages.
  ///
  /// - Throws: `EventStreamError.truncated`
  func finish() throws {
    guard start == buffer.count else { throw EventStreamError.truncated }
  }

  /// The lengths of the message and of its headers, checked before they are believed.
  private func readPrelude() throws -> (total: Int, headers: Int) {
    try buffer.withUnsafeBytes { bytes in
      guard CRC32.checksum(bytes.part(start, start + 8)) == bytes.bigEndian32(at: start + 8) else {
        throw EventStreamError.preludeChecksum
      }
      let total = Int(bytes.bigEndian32(at: start))
      let headers = Int(bytes.bigEndian32(at: start + 4))
      let payload = total - headers - EventStreamDecoder.overhead
      guard headers <= EventStreamDecoder.maximumHeaders, (0...EventStreamDecoder.maximumPayload).contains(payload)
      else {
        throw EventStreamError.length
      }
      return (total, headers)
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func part(_ from: Int, _ to: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[from..<to])
  }

  fileprivate func isEqual(to bytes: [UInt8]) -> Bool {
    guard let baseAddress, count == bytes.count else { return count == bytes.count }
    return memcmp(baseAddress, bytes, count) == 0
  }

  fileprivate func bigEndian32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
