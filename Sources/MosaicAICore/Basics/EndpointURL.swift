import Platform

/// What the address of a service has to look like: `http` or `https`, a host, perhaps a port and a path; nothing else.
package enum EndpointURL {
  /// The URL without a slash at its end.
  ///
  /// - Parameter example: an address of the service that is meant
  /// - Throws: `Failure` with code `usage` if the URL was typed, else `config_invalid`
  package static func checked(
    _ url: Sourced<String>, example: String = "https://bedrock-runtime.us-east-1.amazonaws.com"
  ) throws -> String {
    func failure(_ what: String) -> Failure {
      Failure(
        url.origin.code, "the endpoint URL (\(url.origin)) \(what)", advice: .text("write one like \(example)"))
    }
    if let hidden = url.value.firstInvisible { throw failure("has \(hidden) in it, which cannot be seen") }
    guard let schemeEnd = url.value.firstRange(of: "://"),
      ["http", "https"].contains(url.value[..<schemeEnd.lowerBound].lowercased())
    else { throw failure("does not start with https:// or http://") }
    let rest = url.value[schemeEnd.upperBound...]
    guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw failure("has spaces or other characters that cannot be in a URL")
    }
    guard !rest.utf8.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
      throw failure("has a query or a fragment")
    }
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else { throw failure("has a user name in it") }
    guard let end = hostEnd(authority), isHost(authority[..<end]) else { throw failure("has no valid host") }
    let port = authority[end...]
    guard port.isEmpty || port == ":" || (port.first == ":" && isPort(port.dropFirst())) else {
      throw failure("has no valid port")
    }
    return url.value.hasSuffix("/") ? String(url.value.dropLast()) : url.value
  }

  /// The URL to show: a user name and a password in it, which are refused elsewhere, are left out.
  package static func shown(_ url: String) -> String {
    let scalars = url.unicodeScalars
    guard let at = scalars.lastIndex(of: "@") else { return url }
    let start = scalars[..<at].firstRange(of: "://".unicodeScalars)?.upperBound ?? scalars.startIndex
    return url[..<start] + "…" + url[at...]
  }

  /// Where the host ends and the port starts; nil if a bracket is left open.
  private static func hostEnd(_ authority: Substring) -> String.Index? {
    guard authority.first == "[" else { return authority.firstIndex(of: ":") ?? authority.endIndex }
    return authority.firstIndex(of: "]").map { authority.index(after: $0) }
  }

  /// Whether `host` is an IPv6 address in brackets, or made of labels as RFC 1123 has them.
  private static func isHost(_ host: Substring) -> Bool {
    if host.first == "[" { return isIPv6(host.dropFirst().dropLast()) }
    let name = host.hasSuffix(".") ? host.dropLast() : host
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count <= 255 && labels.allSatisfy(isLabel)
  }

  /// Whether `text` is a number from 1 to 65535, in digits alone.
  package static func isPort(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && UInt16(text).map { $0 > 0 } ?? false
  }

  /// Whether `text` is an IPv6 address, perhaps with a zone (RFC 6874).
  package static func isIPv6(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    var address = in6_addr()
    guard inet_pton(AF_INET6, String(parts[0]), &address) == 1 else { return false }
    guard parts.count == 2 else { return true }
    return !parts[1].isEmpty && parts[1].utf8.allSatisfy { isASCIIAlphanumeric($0) || "-._~".utf8.contains($0) }
  }

  /// Whether `text` is a host label (RFC 1123 §2.1): 1 to 63 letters, digits and hyphens, no hyphen at either end.
  package static func isLabel(_ text: some StringProtocol) -> Bool {
    (1...63).contains(text.utf8.count) && text.first != "-" && text.last != "-"
      && text.utf8.allSatisfy { isASCIIAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }
}
