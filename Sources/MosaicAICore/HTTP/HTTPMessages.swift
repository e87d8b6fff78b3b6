/// An HTTP request, ready to send.
package struct HTTPRequest: Equatable, Sendable {
  package var method: String
  /// Absolute, with path and query percent-encoded as they are sent.
  package var url: String
  /// In the order they are sent.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]
  /// Whether a proxy may see the request. The services that give this machine or container its credentials are asked
  /// directly.
  package var mayUseProxy = true

  package init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  package static func == (left: HTTPRequest, right: HTTPRequest) -> Bool {
    left.method == right.method && left.url == right.url && left.body == right.body
      && left.mayUseProxy == right.mayUseProxy && left.headers.elementsEqual(right.headers, by: ==)
  }
}

/// Status and headers of an answer, before its body.
package struct HTTPResponseHead: Equatable, Sendable {
  package let status: Int
  private let headers: [String: String]

  /// - Parameter headers: names in any case; if a name comes twice, the last one counts
  package init(status: Int, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = Dictionary(headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
  }

  /// The value of a header, its name in any case.
  package subscript(name: String) -> String? { headers[name.lowercased()] }
}

/// A complete answer in memory.
struct HTTPResponse: Equatable, Sendable {
  let head: HTTPResponseHead
  let body: [UInt8]
}

/// How long to wait for a connection and for the next byte.
package struct HTTPTimeouts: Equatable, Sendable {
  /// For the connection, TLS included.
  package var connect: Duration
  /// For the next byte, of the headers or of the body.
  package var idle: Duration

  package init(connect: Duration = .seconds(10), idle: Duration = .seconds(120)) {
    self.connect = connect
    self.idle = idle
  }
}
