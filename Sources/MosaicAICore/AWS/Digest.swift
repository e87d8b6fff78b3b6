import CLibCrypto

/// SHA-256 (FIPS 180-4) of `bytes`.
///
/// Step by step: the function that does it at once loads a provider, and brings most of libcrypto with it.
func sha256(_ bytes: some ContiguousBytesView) -> [UInt8] {
  var context = SHA256_CTX()
  SHA256_Init(&context)
  bytes.withBytes { _ = SHA256_Update(&context, $0.baseAddress, $0.count) }
  return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
    SHA256_Final(digest.baseAddress, &context)
    count = Int(SHA256_DIGEST_LENGTH)
  }
}

/// SHA-1 (FIPS 180-4) of `bytes`: the AWS CLI names its cache files with it.
func sha1(_ bytes: some ContiguousBytesView) -> [UInt8] {
  var context = SHA_CTX()
  SHA1_Init(&context)
  bytes.withBytes { _ = SHA1_Update(&context, $0.baseAddress, $0.count) }
  return [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { digest, count in
    SHA1_Final(digest.baseAddress, &context)
    count = Int(SHA_DIGEST_LENGTH)
  }
}

/// HMAC (RFC 2104) with SHA-256.
func hmacSHA256(key: [UInt8], _ message: some ContiguousBytesView) -> [UInt8] {
  var block = key.count > 64 ? sha256(key) : key
  block.append(contentsOf: repeatElement(0, count: 64 - block.count))
  let inner = message.withBytes { sha256(block.map { $0 ^ 0x36 } + $0) }
  return sha256(block.map { $0 ^ 0x5c } + inner)
}

/// Bytes that lie side by side.
protocol ContiguousBytesView {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
}

extension [UInt8]: ContiguousBytesView {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { withUnsafeBytes(body) }
}

extension String: ContiguousBytesView {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { Array(utf8).withUnsafeBytes(body) }
}
