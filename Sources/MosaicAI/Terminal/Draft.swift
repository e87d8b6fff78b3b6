import MosaicAICore
import Platform

/// A message that is being written, in a file that only its author can read, until it is stored.
struct Draft {
  let path: String

  /// A new file with this text.
  ///
  /// - Parameter folder: where it is made
  /// - Throws: `Failure` with code `output_failed`
  init(_ text: [UInt8], in folder: String) throws {
    var template = Array("\(folder)/mosaic-ai.XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Draft.failure("cannot make a folder in \(folder)") }
    path = "\(String(cString: made))/message.txt"
    do {
      try LocalFile(path).replace(with: text)
    } catch {
      rmdir(String(cString: made))
      throw Draft.failure("cannot write \(path)")
    }
  }

  private static func failure(_ what: String) -> Failure {
    Failure(.outputFailed, "\(what): \(LocalFile.SystemError.current)", advice: "set TMPDIR to a folder with room")
  }

  /// What is in the file.
  ///
  /// - Throws: `Failure` with code `invalid_input`
  func text() throws -> [UInt8] {
    do {
      guard let bytes = try LocalFile(path).contents(limit: 1 << 20) else {
        throw Failure(.invalidInput, "the editor removed the file \(path)")
      }
      return Array(bytes.withoutByteOrderMark)
    } catch is LocalFile.TooLarge {
      throw Failure(.invalidInput, "the message is much too long", advice: "send it in several parts")
    } catch let error as LocalFile.SystemError {
      throw Failure(.invalidInput, "cannot read \(path): \(error)")
    }
  }

  /// Removes the file and its folder.
  func discard() {
    unlink(path)
    rmdir(LocalFile(path).folder.path)
  }

  /// The failure, saying where what was written is kept.
  func keeping(_ failure: Failure) -> Failure {
    var failure = failure
    let kept = Advice.text("what you wrote is kept in \(path)")
    failure.advice = failure.advice.map { $0.then(kept) } ?? kept
    return failure
  }
}

/// The user's editor.
enum Editor {
  /// Opens a file, and waits until the editor ends.
  ///
  /// - Parameters:
  ///   - command: as the user's shell would take it: a program, perhaps with options
  ///   - isOutputTerminal: whether standard output is one; if not, the editor gets standard error in its place
  /// - Throws: `Failure` with code `invalid_input` if it fails
  static func open(_ path: String, with command: String, isOutputTerminal: Bool) throws {
    // As in git: the shell splits the command, and the file is an argument of its own.
    let script = "\(command) \"$@\"\(isOutputTerminal ? "" : " >&2")"
    let status = try run(["/bin/sh", "-c", script, command, path])
    guard status == 0 else {
      let how = status & 0x7f == 0 ? "with status \(status >> 8 & 0xff)" : "by signal \(status & 0x7f)"
      throw Failure(.invalidInput, "the editor \(command) ended \(how)")
    }
  }

  /// Runs a program on the terminal. Ctrl-C meanwhile is the program's.
  private static func run(_ arguments: [String]) throws -> Int32 {
    let interrupt = signal(SIGINT, SIG_IGN)
    let quit = signal(SIGQUIT, SIG_IGN)
    defer {
      signal(SIGINT, interrupt)
      signal(SIGQUIT, quit)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, arguments[0], nil, &attributes, &pointers, environ)
    guard failure == 0 else {
      throw Failure(.invalidInput, "cannot start the editor: \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    return status
  }
}
