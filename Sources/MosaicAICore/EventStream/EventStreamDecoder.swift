import Platform

/// Takes bytes as the network gives them and hands out complete messages
/// (Smithy, "Amazon Event Stream Specification"). Pure: no I/O.
///
/// Messages are read in place; only one whose end has not come yet is copied.
struct EventStreamDecoder {
  /// The beginning of a message whose end has not come yet.
  private var begun: [UInt8] = []
  /// Its prelude, once that has come.
  private var begunPrelude: Prelude?
  /// The last message's headers and their bytes: in a long reply, nearly all messages have the same.
  private var lastHeaders: EventStreamHeaders?
  private var lastHeaderBytes: [UInt8] = []
  /// How many messages have been handed out.
  private(set) var count = 0

  /// Takes the next bytes and gives each message that they complete to `body`.
  ///
  /// - Throws: `EventStreamError`, or what `body` throws. The stream cannot be read any further then.
  mutating func decode(_ bytes: UnsafeRawBufferPointer, _ body: (EventStreamMessage) throws -> Void) throws {
    var rest = bytes
    if !begun.isEmpty {
      guard let prelude = try complete(from: &rest) else { return }
      // Moved out and back, since `handOut` changes the decoder while the message is in use.
      var message: [UInt8] = []
      swap(&message, &begun)
      begunPrelude = nil
      try message.withUnsafeBytes { try handOut($0, prelude, body) }
      message.removeAll(keepingCapacity: true)
      begun = message
    }
    while let prelude = try Prelude(of: rest), prelude.total <= rest.count {
      let message = rest.part(0, prelude.total)
      rest = rest.part(prelude.total, rest.count)
      try handOut(message, prelude, body)
    }
    begun.append(contentsOf: rest)
  }

  /// Checks that the stream ended between two messages.
  ///
  /// - Throws: `EventStreamError.truncated`
  func finish() throws {
    guard begun.isEmpty else { throw EventStreamError.truncated }
  }

  /// Moves what the message that has begun still lacks out of `bytes`. Its prelude; nil if there is not enough.
  private mutating func complete(from bytes: inout UnsafeRawBufferPointer) throws -> Prelude? {
    func move(_ missing: Int) -> Bool {
      let count = min(missing, bytes.count)
      begun.append(contentsOf: bytes.part(0, count))
      bytes = bytes.part(count, bytes.count)
      return count == missing
    }
    if begunPrelude == nil {
      guard begun.count >= Prelude.length || move(Prelude.length - begun.count) else { return nil }
      begunPrelude = try begun.withUnsafeBytes { try Prelude(of: $0) }
    }
    guard let prelude = begunPrelude, move(prelude.total - begun.count) else { return nil }
    return prelude
  }

  /// Checks a complete message and gives it to `body`.
  private mutating func handOut(
    _ bytes: UnsafeRawBufferPointer, _ prelude: Prelude, _ body: (EventStreamMessage) throws -> Void
  ) throws {
    let checksumStart = bytes.count - 4
    var checksum = prelude.checksum
    checksum.update(bytes.part(Prelude.checkedLength, checksumStart))
    guard checksum.value == bytes.bigEndian32(at: checksumStart) else { throw EventStreamError.messageChecksum }
    let payloadStart = Prelude.length + prelude.headers
    let headers = try headers(bytes.part(Prelude.length, payloadStart))
    count += 1
    try body(EventStreamMessage(headers: headers, payload: bytes.part(payloadStart, checksumStart)))
  }

  /// The headers in `bytes`: the last message's own if they are the same.
  private mutating func headers(_ bytes: UnsafeRawBufferPointer) throws -> EventStreamHeaders {
    if let lastHeaders, bytes.isEqual(to: lastHeaderBytes) { return lastHeaders }
    let headers = try EventStreamHeaders(bytes)
    lastHeaders = headers
    lastHeaderBytes = Array(bytes)
    return headers
  }
}

/// The first bytes of a message: its lengths, checked before they are believed.
private struct Prelude {
  /// The lengths and their checksum, in bytes.
  static let length = 12
  /// The lengths alone.
  static let checkedLength = 8

  private static let maximumHeaders = 128 << 10
  private static let maximumPayload = 24 << 20
  /// What a message has in addition to headers and payload.
  private static let overhead = 16

  /// The length of the whole message.
  let total: Int
  /// The length of its headers.
  let headers: Int
  /// Of the lengths: the message's own goes on from there.
  let checksum: CRC32

  /// Nil if `bytes` are too few.
  ///
  /// - Throws: `EventStreamError`
  init?(of bytes: UnsafeRawBufferPointer) throws {
    guard bytes.count >= Prelude.length else { return nil }
    var checksum = CRC32()
    checksum.update(bytes.part(0, Prelude.checkedLength))
    guard checksum.value == bytes.bigEndian32(at: Prelude.checkedLength) else {
      throw EventStreamError.preludeChecksum
    }
    self.checksum = checksum
    total = Int(bytes.bigEndian32(at: 0))
    headers = Int(bytes.bigEndian32(at: 4))
    let payload = total - headers - Prelude.overhead
    guard headers <= Prelude.maximumHeaders, (0...Prelude.maximumPayload).contains(payload) else {
      throw EventStreamError.length
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
