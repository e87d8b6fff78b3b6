/// `credentials.yaml`: a Bedrock API key that the user keeps with mosaic-ai. A print shows nothing of it.
package struct APIKeyFile: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// The name of the key in the file.
  private static let name = "api_key"

  /// The API key; nil if the file does not exist.
  ///
  /// - Parameter cancellation: ends waiting for a pipe early
  /// - Throws: `Failure` with code `config_invalid`, also for a file that others can read
  package func key(_ cancellation: Cancellation = .never) throws -> Secret? {
    let file = LocalFile(path)
    if let mode = file.mode, mode & 0o077 != 0 {
      throw Failure(
        .configInvalid, "others can read \(path), which holds your API key",
        advice: .text("run `chmod 600 \(shellQuoted(path))`"))
    }
    let bytes: [UInt8]
    do {
      guard let contents = try file.contents(limit: 1 << 16, cancellation) else { return nil }
      bytes = contents
    } catch let error as LocalFile.SystemError {
      throw error.failureToRead(.configInvalid, path)
    } catch let error as LocalFile.TooLarge {
      throw Failure(.configInvalid, "\(path) is too large for an API key: more than \(error.limit >> 10) KiB")
    }
    let root = try YAMLFile(bytes, path: path, code: .configInvalid).root
    try root?.checkKeys([APIKeyFile.name])
    guard let text = try root?.text(APIKeyFile.name) else {
      throw Failure(.configInvalid, "\(path) has no \(APIKeyFile.name)")
    }
    guard APIKeyFile.isKey(text) else {
      throw Failure(
        .configInvalid, "\(APIKeyFile.name) in \(path) contains white space or other characters that no API key has")
    }
    return Secret(text)
  }

  /// Keeps an API key, readable by the user alone.
  ///
  /// - Throws: `Failure` with code `output_failed`; nothing has changed then
  package func keep(_ key: Secret) throws {
    let text =
      "# Written by setup: it stands in for AWS_BEARER_TOKEN_BEDROCK.\n\(APIKeyFile.name): '\(key.exposed)'\n"
    try LocalFile(path).rewrite(with: Array(text.utf8), isSecret: true)
  }

  /// Whether a text can be an API key: it goes into a header as it is.
  package static func isKey(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "'") }
  }
}
