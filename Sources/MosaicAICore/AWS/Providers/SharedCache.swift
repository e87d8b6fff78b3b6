import Platform

/// A cache of the AWS CLI: files of JSON in a folder of its own, or, if that cannot be written, in one of mosaic-ai's.
struct SharedCache: Sendable {
  private let folders: [String]
  private let context: AWSContext

  /// The lock file of a folder. It stays empty.
  private static let lockName = "mosaic-ai.lock"

  /// - Parameter folder: below the home folder
  init(_ folder: String, _ context: AWSContext) {
    folders = ["\(context.home)/\(folder)"] + (context.cacheFolder.map { [$0] } ?? [])
    self.context = context
  }

  /// What each folder has under a name, that of the AWS CLI first.
  ///
  /// - Throws: as `LocalFile.readableContents`
  func entries(_ name: String) throws -> [JSON?] {
    try folders.map { try LocalFile("\($0)/\(name).json").sharedJSON(context) }
  }

  /// The AWS CLI's file of that name, if this process may not read it.
  func forbiddenFile(_ name: String) -> LocalFile? {
    let file = LocalFile("\(folders[0])/\(name).json")
    return file.isForbidden ? file : nil
  }

  /// Whether there is a folder with room for an entry. Folders that are missing are made.
  func hasRoom() -> Bool {
    folders.contains { folder in
      do {
        try LocalFile(folder).makeFolder()
        let (descriptor, path) = try LocalFile.makeTemporary("\(folder)/mosaic-ai.XXXXXX")
        defer {
          close(descriptor)
          unlink(path)
        }
        try LocalFile.write([UInt8](repeating: 0, count: 1 << 13)[...], to: descriptor)
        return true
      } catch {
        return false
      }
    }
  }

  /// Keeps `entry` in the first folder that can be written; if none can, nothing is kept.
  func store(_ entry: JSON, as name: String) {
    let bytes = Array(entry.compact.utf8)
    _ = folders.first { (try? LocalFile("\($0)/\(name).json").replace(with: bytes)) != nil }
  }

  /// Runs `body` while no other process runs its own for the same name: what the first one keeps, the others find.
  /// After some time, and in folders that cannot be locked, it runs anyway.
  ///
  /// - Throws: `Failure` with code `interrupted`; what `body` throws
  func whileRenewing<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    let descriptor = openLock()
    defer { if descriptor >= 0 { close(descriptor) } }
    let offset = SharedCache.offset(of: name)
    let end = ContinuousClock.now + context.renewalPatience
    while descriptor >= 0, platform_lock_byte(descriptor, offset) != 0, errno == EAGAIN || errno == EACCES,
      ContinuousClock.now < end
    {
      if context.cancellation.wait(context.pause) { throw context.cancellation.failure }
    }
    return try body()
  }

  /// A descriptor of the lock file in the first folder that can have one; -1 if none can.
  private func openLock() -> Int32 {
    for folder in folders where (try? LocalFile(folder).makeFolder()) != nil {
      let descriptor = open("\(folder)/\(SharedCache.lockName)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      if descriptor >= 0 { return descriptor }
    }
    return -1
  }

  /// The byte to lock for a name.
  private static func offset(of name: String) -> Int64 {
    Int64(sha1(name).prefix(7).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}

extension LocalFile {
  /// What a file says that the AWS CLI writes; nil if it is not there, or not JSON.
  ///
  /// Older versions of the AWS CLI empty the file before they write it: an empty one is looked at again.
  ///
  /// - Throws: as `readableContents`
  func sharedJSON(_ context: AWSContext) throws -> JSON? {
    for _ in 0..<5 {
      guard let bytes = try readableContents(context.cancellation) else { return nil }
      if !bytes.isEmpty { return JSON.reading(bytes) }
      if context.cancellation.wait(context.pause) { return nil }
    }
    return nil
  }
}
