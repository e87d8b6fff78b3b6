/// A request as it arrived, with nothing decoded.
struct ReceivedRequest: Equatable, Sendable {
  let method: String
  /// Path and query, still percent-encoded.
  let target: String
  /// In the order they arrived, with the case of their names.
  let headers: [(name: String, value: String)]
  let body: [UInt8]
  /// Whether the client wants to send another request over the same connection.
  var keepsAlive = true

  /// The target without its query.
  var path: Substring { target.prefix { $0 != "?" } }

  /// The value of a header, its name in any case. Several values are joined by commas.
  subscript(name: String) -> String? {
    let values = headers.lazy.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ",")
  }

  /// Tuples are not equatable by themselves.
  static func == (left: ReceivedRequest, right: ReceivedRequest) -> Bool {
    left.method == right.method && left.target == right.target && left.body == right.body
      && left.keepsAlive == right.keepsAlive
      && left.headers.elementsEqual(right.headers, by: ==)
  }
}
