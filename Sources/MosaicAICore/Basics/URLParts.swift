/// The parts of an absolute URL, as they stand (RFC 3986).
package struct URLParts {
  /// In lower case.
  package let scheme: String
  /// Host and port in lower case, without the scheme's own port.
  package let authority: String
  /// With its leading slash; `/` if there is none.
  package let path: String
  package let query: String

  /// The host alone, an IPv6 address without its brackets.
  package var host: String {
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
  }

  /// The one that is named, else the scheme's own.
  package var port: Int {
    let named = authority.split(separator: ":", omittingEmptySubsequences: false).last.flatMap { Int($0) }
    return (authority.hasSuffix("]") ? nil : named) ?? (scheme == "http" ? 80 : 443)
  }

  package init(_ url: String) {
    let schemeEnd = url.firstRange(of: "://")
    scheme = schemeEnd.map { url[..<$0.lowerBound].lowercased() } ?? ""
    let rest = url.utf8[(schemeEnd?.upperBound ?? url.startIndex)...].prefix { $0 != UInt8(ascii: "#") }
    let authorityEnd = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    var host = String(Substring(rest[..<authorityEnd])).lowercased()
    if let at = host.lastIndex(of: "@") { host = String(host[host.index(after: at)...]) }
    let ownPort = scheme == "http" ? ":80" : ":443"
    for suffix in [ownPort, ":"] where host.hasSuffix(suffix) { host.removeLast(suffix.count) }
    authority = host
    let target = rest[authorityEnd...]
    let queryStart = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
    path = queryStart == target.startIndex ? "/" : String(Substring(target[..<queryStart]))
    query = String(Substring(target[queryStart...].dropFirst()))
  }
}

/// `text` with every byte but RFC 3986's unreserved ones as `%XX`.
package func percentEncoded(_ text: some StringProtocol) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var encoded: [UInt8] = []
  for byte in text.utf8 {
    if isASCIIAlphanumeric(byte) || "-._~".utf8.contains(byte) {
      encoded.append(byte)
    } else {
      encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: encoded, as: UTF8.self)
}

/// Whether a byte is a letter or a digit of ASCII.
package func isASCIIAlphanumeric(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
    UInt8(ascii: "A")...UInt8(ascii: "Z"):
    true
  default: false
  }
}
