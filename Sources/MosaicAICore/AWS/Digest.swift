import CLibCrypto

/// SHA-256 (FIPS 180-4) of `bytes`.
func sha256(_ bytes: some ContiguousBytesView) -> [UInt8] {
  bytes.withBytes { buffer in
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      _ = SHA256(buffer.baseAddress, buffer.count, digest.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }
}

/// SHA-1 (FIPS 180-4) of `bytes`: the AWS CLI names its cache files with it.
func sha1(_ bytes: some ContiguousBytesView) -> [UInt8] {
  bytes.withBytes { buffer in
    [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { digest, count in
      _ = SHA1(buffer.baseAddress, buffer.count, digest.baseAddress)
      count = Int(SHA_DIGEST_LENGTH)
    }
  }
}

/// HMAC (RFC 2104) with SHA-256.
func hmacSHA256(key: [UInt8], _ message: some ContiguousBytesView) -> [UInt8] {
  var block = key.count > 64 ? sha256(key) : key
  block.append(contentsOf: repeatElement(0, count: 64 - block.count))
  let inner = message.withBytes { sha256(block.map { $0 ^ 0x36 } + $0) }
  return sha256(block.map { $0 ^ 0x5c } + inner)
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// Bytes that lie in one piece.
protocol ContiguousBytesView {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
}

extension [UInt8]: ContiguousBytesView {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { withUnsafeBytes(body) }
}

extension String: ContiguousBytesView {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { Array(utf8).withUnsafeBytes(body) }
}
