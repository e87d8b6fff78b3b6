/// `bytes` as lower-case hexadecimal digits.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// `text` with every `%XX` as its byte (RFC 3986 §2.1); nil if an escape is incomplete or the result is not UTF-8.
package func percentDecoded(_ text: some StringProtocol) -> String? {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      bytes.append(byte)
      continue
    }
    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
    guard rest.count >= 2, digits.allSatisfy(\.isHexDigit), let escaped = UInt8(digits, radix: 16) else { return nil }
    bytes.append(escaped)
    rest = rest.dropFirst(2)
  }
  return String(validating: bytes, as: UTF8.self)
}
