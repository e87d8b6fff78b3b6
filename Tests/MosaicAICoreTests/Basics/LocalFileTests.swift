import Foundation
import Platform
import TestSupport
import Testing

@testable import MosaicAICore

@Suite struct LocalFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String) -> LocalFile { LocalFile("\(folder.path)/\(name)") }

  /// Everything in the folder, to see that nothing is left over.
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  // MARK: Reading

  @Test("A file is read whole, whatever its size", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
  func contents(size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try file("f").replace(with: bytes)
    #expect(try file("f").contents() == bytes)
    #expect(try file("f").contents(limit: size) == bytes)
    #expect(try file("f").readableContents() == bytes)
    #expect(file("f").size == size)
    guard size > 0 else { return }
    #expect(throws: LocalFile.TooLarge(limit: size - 1)) { try file("f").contents(limit: size - 1) }
    #expect(throws: LocalFile.TooLarge(limit: 0)) { try file("f").contents(limit: 0) }
  }

  @Test("A limit holds for what has no size of its own")
  func endless() throws {
    #expect(throws: LocalFile.TooLarge(limit: 1000)) { try LocalFile("/dev/zero").contents(limit: 1000) }
  }

  @Test("A file that does not exist has no contents, and is not an error")
  func missing() throws {
    try file("f").replace(with: [1])
    for name in ["nothing", "no/thing", "f/in a file"] {
      #expect(try file(name).contents() == nil)
      #expect(try file(name).readableContents() == nil)
      #expect(!file(name).exists && file(name).size == nil && file(name).mode == nil && file(name).resolved == nil)
    }
  }

  @Test("A folder cannot be read as a file")
  func folderAsFile() throws {
    #expect(throws: LocalFile.SystemError(code: EISDIR)) { try LocalFile(folder.path).contents() }
    #expect(try LocalFile(folder.path).readableContents() == nil)
    #expect(LocalFile(folder.path).isFolder && !LocalFile(folder.path).isRegular)
  }

  @Test("A file that may not be read is an error", .enabled(if: geteuid() != 0, "root may read everything"))
  func unreadable() throws {
    try file("f").replace(with: [1])
    chmod(file("f").path, 0)
    #expect(throws: LocalFile.SystemError(code: EACCES)) { try file("f").contents() }
    #expect(try file("f").readableContents() == nil)
  }

  @Test("A pipe is waited for, also if nobody writes to it yet, and a cancellation ends the wait")
  func pipe() throws {
    let path = file("pipe").path
    try #require(mkfifo(path, 0o600) == 0)
    let source = try CancellationSource(signal: { SIGTERM })
    #expect(
      detachThread {
        usleep(100_000)
        let writer = open(path, O_WRONLY)
        for byte in "key".utf8 {
          usleep(50_000)
          _ = write(writer, [byte], 1)
        }
        close(writer)
      })
    #expect(try file("pipe").contents(source.cancellation) == Array("key".utf8))
    #expect(
      detachThread {
        usleep(100_000)
        source.request()
      })
    #expect(try failure { try file("pipe").contents(source.cancellation) } == .interrupted(by: SIGTERM))
    // So it does while a writer keeps it open.
    let writer = open(path, O_RDWR)
    defer { close(writer) }
    #expect(try failure { try file("pipe").readableContents(source.cancellation) } == .interrupted(by: SIGTERM))
  }

  // MARK: Writing

  @Test("A new file is its owner's only, and so are the folders that were missing")
  func newFile() throws {
    try file("a/b/f").replace(with: Array("new".utf8))
    #expect(folder.contents("a/b/f") == Data("new".utf8))
    #expect(try folder.mode("a/b/f") == 0o600)
    #expect(try folder.mode("a") == 0o700 && folder.mode("a/b") == 0o700)
  }

  @Test("Replacing leaves the new file alone, with nothing beside it")
  func replaced() throws {
    try folder.write("old and longer", to: "f")
    chmod(file("f").path, 0o644)
    try file("f").replace(with: Array("new".utf8))
    #expect(folder.contents("f") == Data("new".utf8))
    #expect(try folder.mode("f") == 0o600)
    try file("f").replace(with: [])
    #expect(folder.contents("f") == Data())
    #expect(try names == ["f"])
  }

  @Test("Whoever has the old file open still reads the old one")
  func oneStep() throws {
    try folder.write("old", to: "f")
    let reader = try #require(FileHandle(forReadingAtPath: file("f").path))
    try file("f").replace(with: Array("new".utf8))
    #expect(try reader.readToEnd() == Data("old".utf8))
  }

  @Test("A failure keeps what was there, and leaves nothing beside it")
  func failures() throws {
    // A name that leaves no room for the longer temporary one.
    let long = String(repeating: "n", count: 250)
    try folder.write("old", to: long)
    #expect(throws: LocalFile.SystemError(code: ENAMETOOLONG)) { try file(long).replace(with: [1]) }
    #expect(folder.contents(long) == Data("old".utf8))
    // The new file is written, but cannot take the place of a folder.
    try folder.write("inside", to: "d/x")
    #expect(throws: LocalFile.SystemError(code: EISDIR)) { try file("d").replace(with: [1]) }
    #expect(folder.contents("d/x") == Data("inside".utf8))
    // What should be a folder is a file.
    #expect(throws: LocalFile.SystemError(code: ENOTDIR)) { try file("\(long)/f").replace(with: [1]) }
    #expect(throws: LocalFile.SystemError.self) { try file("\(long)/a/f").replace(with: [1]) }
    #expect(folder.contents(long) == Data("old".utf8))
    #expect(try names == ["d", long])
  }

  // MARK: Paths

  @Test(
    "A path has a folder and a name",
    arguments: [
      ("/a/b", "/a", "b"), ("/a", "/", "a"), ("a/b", "a", "b"), ("a", ".", "a"), ("./a", ".", "a"), ("/", "/", ""),
      ("../a", "..", "a"), ("a/b/", "a", "b"), ("/a//", "/", "a"), ("a/", ".", "a"),
    ])
  func parts(path: String, folder: String, name: String) {
    #expect(LocalFile(path).folder.path == folder)
    #expect(LocalFile(path).name == name)
  }

  @Test("A link is resolved to what it points to")
  func resolved() throws {
    try folder.write("x", to: "f")
    try FileManager.default.createSymbolicLink(atPath: file("l").path, withDestinationPath: "f")
    #expect(file("l").resolved == file("f").path)
    #expect(file("l").isRegular)
  }

  @Test(
    "A file that is not there would be made where its links lead",
    arguments: [
      ("f", "f"), ("none", "none"), ("l", "f"), ("dangling", "there/none"), ("twice", "there/none"),
      ("up/x", "x"), ("there/../none", "none"), ("missing/deep/none", "missing/deep/none"), ("absolute", "absent"),
    ])
  func destination(name: String, expected: String) throws {
    try folder.write("x", to: "f")
    try folder.write("x", to: "there/f")
    for (link, target) in [
      ("l", "f"), ("dangling", "there/none"), ("twice", "dangling"), ("up", "there/.."),
      ("absolute", "\(folder.path)/absent"), ("a", "b"), ("b", "a"),
    ] { try FileManager.default.createSymbolicLink(atPath: file(link).path, withDestinationPath: target) }
    #expect(try file(name).destination() == file(expected).path)
    // A circle leads nowhere.
    let circle = LocalFile(try file("a").destination())
    #expect(!file("a").exists && ["a", "b"].contains(circle.name))
  }

  @Test("A link to a path that is not UTF-8 is no file of its own", arguments: ["link", "link/none", "twice"])
  func foreignDestination(name: String) throws {
    symlink([0x63, -23, 0] as [CChar], file("link").path)
    symlink("link", file("twice").path)
    for isThere in [false, true] {
      if isThere { mkdir(Array(file("c").path.utf8CString.dropLast()) + [-23, 0], 0o700) }
      #expect(throws: LocalFile.UnreadableLink.self) { try file(name).destination() }
    }
    #expect(file("link").isLink && file("link").resolvedLength == file("c").path.utf8.count + 1)
  }

  @Test("What is replaced or copied keeps to its owner", arguments: [0o600, 0o640, 0o660, 0o400])
  func ownership(mode: Int) throws {
    try folder.write("x", to: "f")
    chmod(file("f").path, mode_t(mode))
    try file("f").copy(to: file("copy").path)
    #expect(try folder.mode("copy") == mode | 0o600)
    try file("f").replace(with: Array("y".utf8))
    #expect(try folder.mode("f") == 0o600)
  }

  @Test("A copy that is canceled leaves nothing")
  func canceledCopy() throws {
    try folder.write("x", to: "f")
    // A descriptor that can be read means that a signal has come.
    let signaled = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
    let canceled = Cancellation(descriptor: signaled.rawValue) { SIGINT }
    #expect(throws: Failure.self) { try file("f").copy(to: file("copy").path, canceled) }
    #expect(try names == ["f"])
  }

  @Test("An error is worded by the system")
  func words() {
    #expect("\(LocalFile.SystemError(code: ENOSPC))" == String(cString: strerror(ENOSPC)))
  }
}
