import Platform

/// A proxy that requests go through.
struct ProxyServer: Equatable, Sendable {
  /// As curl takes it. It may contain a login.
  let url: String
  /// The variable that names it.
  let origin: SettingOrigin
  /// Its address without a login, for people.
  let shown: String
  let hasLogin: Bool
  /// The host alone.
  let host: String
  /// `http`, `https` or a version of SOCKS.
  let scheme: String
  /// Whether it speaks HTTP, and not SOCKS.
  var speaksHTTP: Bool { scheme == "http" || isSecure }
  /// Whether it is asked over TLS.
  var isSecure: Bool { scheme == "https" }
  /// Whether the proxy looks up the hosts that it is asked for.
  let isResolver: Bool
  /// Why it cannot be used; nil if it can.
  let problem: Failure?

  private static let schemes: Set = ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

  /// - Parameter setting: a scheme or none, a login or none, a host, a port or none
  init(_ setting: Sourced<String>) {
    let text = setting.value
    let schemeEnd = text.firstRange(of: "://")
    let scheme = schemeEnd.map { text[..<$0.lowerBound].lowercased() } ?? "http"
    let rest = text[(schemeEnd?.upperBound ?? text.startIndex)...]
    // A login may have anything in it.
    let loginEnd = rest.unicodeScalars.lastIndex(of: "@")
    let login = rest[..<(loginEnd ?? rest.startIndex)]
    let hostStart = loginEnd.map(rest.unicodeScalars.index(after:)) ?? rest.startIndex
    let authority = rest[hostStart...].prefix { !"/?#".contains($0) }
    let isBracketed = authority.first == "["
    let hostEnd =
      isBracketed
      ? authority.firstIndex(of: "]").map(authority.index(after:)) ?? authority.endIndex
      : authority.firstIndex(of: ":") ?? authority.endIndex
    let port = authority[hostEnd...]
    url = text
    self.scheme = scheme
    origin = setting.origin
    hasLogin = loginEnd != nil
    shown = printable("\(schemeEnd == nil ? "" : "\(scheme)://")\(authority)")
    host = String(isBracketed ? authority[..<hostEnd].dropFirst().dropLast() : authority[..<hostEnd])
    isResolver = !["socks", "socks4", "socks5"].contains(scheme)
    let what =
      if !ProxyServer.schemes.contains(scheme) {
        "its scheme is \(visible(scheme, limit: 20))"
      } else if login.contains(where: { "@/?#".contains($0) }) {
        "its login has a character that has to be written as %40, %2F, %3F or %23"
      } else if ProxyServer.hasControlCharacter(login) {
        "its login has a control character"
      } else if text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }) {
        "it contains white space"
      } else if host.isEmpty || ProxyServer.schemes.contains(host.lowercased()) && !port.isEmpty {
        "it has no host"
      } else if !host.utf8.allSatisfy({ $0 < 0x80 }) {
        "its host is not written in ASCII, as in xn--…"
      } else if isBracketed, !authority[..<hostEnd].hasSuffix("]") || !EndpointURL.isIPv6(host) {
        "its host is not an address in brackets"
      } else if !port.isEmpty, port != ":", port.first != ":" || !EndpointURL.isPort(port.dropFirst()) {
        "its port is not a number from 1 to 65535"
      } else {
        nil as String?
      }
    problem = what.map { what in
      Failure(
        .configInvalid, "\(setting.origin) does not name a proxy: \(what)",
        advice: .text("set \(setting.origin) to http://HOST:PORT, or unset it"))
    }
  }

  /// Whether an escape such as `%00` stands for a control character, which libcurl does not take.
  private static func hasControlCharacter(_ login: Substring) -> Bool {
    login.split(separator: "%", omittingEmptySubsequences: false).dropFirst().contains { part in
      part.prefix(2).count == 2 && UInt8(part.prefix(2), radix: 16).map { $0 < 0x20 || $0 == 0x7F } == true
    }
  }

  /// For messages: its address, and the variable that names it.
  var title: String { "the proxy \(shown) (\(origin))" }
}

/// The hosts to ask without a proxy, as curl's `NO_PROXY` has them: names with all that is below them, addresses, and
/// networks such as `10.0.0.0/8`; `*` for all.
struct ProxyExceptions: Equatable, Sendable {
  let list: Sourced<String>

  /// - Parameter host: as `URLParts` has it
  func contain(_ host: String) -> Bool {
    if list.value == "*" { return true }
    let name = host.hasSuffix(".") ? host.dropLast() : host[...]
    return list.value.split { $0 == "," || $0.isWhitespace }.contains { entry in
      if let address = Address(host) { return address.isIn(entry) }
      let suffix = entry.lowercased().drop { $0 == "." }
      let domain = suffix.hasSuffix(".") ? suffix.dropLast() : suffix
      return !domain.isEmpty && (name == domain || name.hasSuffix(".\(domain)"))
    }
  }

  /// An address of the Internet.
  private struct Address {
    let bytes: [UInt8]

    init?(_ text: some StringProtocol) {
      let text = String(text.first == "[" && text.last == "]" ? String(text.dropFirst().dropLast()) : String(text))
      var four = in_addr()
      var six = in6_addr()
      if inet_pton(AF_INET, text, &four) == 1 {
        bytes = withUnsafeBytes(of: four) { Array($0) }
      } else if inet_pton(AF_INET6, text, &six) == 1 {
        bytes = withUnsafeBytes(of: six) { Array($0) }
      } else {
        return nil
      }
    }

    /// Whether it is that address, or in that network.
    func isIn(_ entry: Substring) -> Bool {
      let parts = entry.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let network = Address(parts[0]), network.bytes.count == bytes.count else { return false }
      guard parts.count == 2 else { return network.bytes == bytes }
      guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return false }
      return (0..<bits).allSatisfy { bit in
        (bytes[bit / 8] ^ network.bytes[bit / 8]) & (0x80 >> (bit % 8)) == 0
      }
    }
  }
}
