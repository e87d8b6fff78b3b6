import MosaicAICore

extension Answer {
  /// Status line and headers, including those that every answer has.
  func encodedHead(date: Timestamp, keepsAlive: Bool) -> [UInt8] {
    var lines = ["HTTP/1.1 \(status) \(Answer.reason(status))", "Date: \(date.httpDate)"]
    lines += headers.map { "\($0.name): \($0.value)" }
    switch framing {
    case .chunked: lines.append("Transfer-Encoding: chunked")
    case .contentLength: lines.append("Content-Length: \(bodyLength)")
    case .close: break
    }
    lines += ["Connection: \(keepsAlive ? "keep-alive" : "close")", "x-amzn-RequestId: \(randomUUID())", "", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  /// `bytes` of the body as the framing demands.
  func framed(_ bytes: [UInt8]) -> [UInt8] {
    guard framing == .chunked, !bytes.isEmpty else { return bytes }
    return Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  /// What `Content-Length` says.
  private var bodyLength: Int {
    pieces.reduce(0) { length, piece in
      switch piece {
      case .segment(let bytes): length + bytes.count
      case .repeated(let bytes, let times): length + bytes.count * (times ?? 0)
      case .fresh, .pause: length
      }
    }
  }

  /// The reason phrase after the status.
  private static func reason(_ status: Int) -> String {
    reasons[status] ?? "Status \(status)"
  }

  /// Reason phrases of RFC 9110.
  private static let reasons = [
    200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    407: "Proxy Authentication Required", 408: "Request Timeout", 413: "Content Too Large", 424: "Failed Dependency",
    429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout",
  ]
}
