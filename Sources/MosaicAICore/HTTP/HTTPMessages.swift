/// An HTTP request, ready to send.
public struct HTTPRequest: Equatable, Sendable {
  public var method: String
  /// Absolute, with path and query percent-encoded as they go over the wire.
  public var url: String
  /// In the order they are sent.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// Whether it may go through a proxy, if there is one. What gives this machine or container its credentials is asked
  /// directly.
  public var mayUseProxy = true

  public init(method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  public static func == (left: HTTPRequest, right: HTTPRequest) -> Bool {
    left.method == right.method && left.url == right.url && left.body == right.body
      && left.mayUseProxy == right.mayUseProxy && left.headers.elementsEqual(right.headers, by: ==)
  }
}

/// Status and headers of an answer, before its body.
public struct HTTPResponseHead: Equatable, Sendable {
  public let status: Int
  private let headers: [String: String]

  /// - Parameter headers: names in any case; of a name that comes twice the last one counts
  public init(status: Int, headers: [(name: String, value: String)] = []) {
    self.status = status
    self.headers = Dictionary(headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
  }

  /// The value of a header, its name in any case.
  public subscript(name: String) -> String? { headers[name.lowercased()] }
}

/// How long to wait for a connection and for the next byte.
public struct HTTPTimeouts: Equatable, Sendable {
  /// Until the connection, TLS included, is made.
  public var connect: Duration
  /// Without a byte, before the headers or after.
  public var idle: Duration

  public init(connect: Duration = .seconds(10), idle: Duration = .seconds(120)) {
    self.connect = connect
    self.idle = idle
  }
}
