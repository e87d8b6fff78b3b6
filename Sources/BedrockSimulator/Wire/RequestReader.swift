/// A request that cannot be read. The client gets an answer, and the connection ends.
struct UnreadableRequest: Error {
  let error: ServiceError

  /// The bytes are not HTTP/1.
  static let malformed = UnreadableRequest(
    error: ServiceError(
      status: 400, name: "BadRequestException", message: "The request is not HTTP/1.1.", namespace: nil))
  /// The body is larger than the service accepts.
  static let tooLarge = UnreadableRequest(
    error: ServiceError(
      status: 413, name: "RequestEntityTooLargeException", message: "Request Entity Too Large", namespace: nil))
}

extension Connection {
  /// In bytes, request line and headers.
  private static let largestHead = 64 << 10
  /// In bytes.
  private static let largestBody = 32 << 20

  /// The next request; nil if the client closed the connection instead.
  ///
  /// - Throws: `UnreadableRequest` or `ConnectionLost`
  mutating func readRequest() throws -> ReceivedRequest? {
    guard let head = try read(through: Array("\r\n\r\n".utf8), atMost: Connection.largestHead) else { return nil }
    guard let text = String(validating: head.dropLast(4), as: UTF8.self) else { throw UnreadableRequest.malformed }
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
    let start = lines.removeFirst().split(separator: " ")
    guard start.count == 3, start[1].hasPrefix("/"), start[2].hasPrefix("HTTP/1.") else {
      throw UnreadableRequest.malformed
    }
    let headers = try lines.map { line in
      guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else { throw UnreadableRequest.malformed }
      return (name: String(line[..<colon]), value: String(line[colon...].dropFirst().trimmed))
    }
    let blank = ReceivedRequest(method: String(start[0]), target: String(start[1]), headers: headers, body: [])
    if blank["expect"]?.lowercased() == "100-continue" { try send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
    let body = try readBody(of: blank)
    let connection = blank["connection"]?.lowercased() ?? ""
    let keepsAlive = start[2] == "HTTP/1.0" ? connection.contains("keep-alive") : !connection.contains("close")
    return ReceivedRequest(
      method: blank.method, target: blank.target, headers: headers, body: body, keepsAlive: keepsAlive)
  }

  /// The body, read as the head says.
  private mutating func readBody(of head: ReceivedRequest) throws -> [UInt8] {
    if head["transfer-encoding"]?.lowercased() == "chunked" { return try readChunks() }
    guard let length = head["content-length"] else { return [] }
    guard let length = Int(length), length >= 0 else { throw UnreadableRequest.malformed }
    guard length <= Connection.largestBody else { throw UnreadableRequest.tooLarge }
    return try read(count: length)
  }

  /// A body in chunks.
  private mutating func readChunks() throws -> [UInt8] {
    let lineEnd = Array("\r\n".utf8)
    var body: [UInt8] = []
    while true {
      let line = try read(through: lineEnd, atMost: Connection.largestHead) ?? []
      let digits = String(decoding: line.dropLast(2).prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
      guard let count = Int(digits.trimmed, radix: 16), count >= 0 else { throw UnreadableRequest.malformed }
      guard body.count + count <= Connection.largestBody else { throw UnreadableRequest.tooLarge }
      if count == 0 { break }
      body += try read(count: count)
      guard try read(count: 2) == lineEnd else { throw UnreadableRequest.malformed }
    }
    while let trailer = try read(through: lineEnd, atMost: Connection.largestHead), trailer != lineEnd {}
    return body
  }
}
