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
    guard let made = mkdtemp(&template) else {
      throw LocalFile.SystemError.current.ofTemporaryFile("cannot make a folder in \(folder)")
    }
    path = "\(String(cString: made))/message.txt"
    do {
      try LocalFile(path).replace(with: text)
    } catch let error as LocalFile.SystemError {
      rmdir(String(cString: made))
      throw error.ofTemporaryFile("cannot write \(path)")
    }
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
      throw error.failureToRead(.invalidInput, path)
    }
  }

  /// Removes the file and its folder.
  func discard() {
    unlink(path)
    rmdir(LocalFile(path).folder.path)
  }

  /// The failure, with the file that keeps the text, if there still is one.
  func keeping(_ failure: Failure) -> Failure {
    guard LocalFile(path).isRegular else { return failure }
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
    // As in git: the shell splits the command, and the file is an argument of its own. Ctrl-C is for the editor: the
    // shell, which would end by it too, waits. What a shell traps, as opposed to ignores, is as usual for its programs.
    let script = "trap : INT QUIT; \(command) \"$@\"\(isOutputTerminal ? "" : " >&2")"
    let ending = try run(["/bin/sh", "-c", script, command, path])
    guard ending.isSuccess else {
      let how = ending.signal.map { "by signal \($0)" } ?? "with status \(ending.exitStatus)"
      throw Failure(.invalidInput, "the editor \(command) ended \(how)")
    }
  }

  /// Runs a program on the terminal. Ctrl-C meanwhile is the program's.
  private static func run(_ arguments: [String]) throws -> ProgramEnding {
    let interrupt = signal(SIGINT, SIG_IGN)
    let quit = signal(SIGQUIT, SIG_IGN)
    defer {
      signal(SIGINT, interrupt)
      signal(SIGQUIT, quit)
    }
    let program: TerminalProgram
    do {
      program = try TerminalProgram(arguments)
    } catch let error as LocalFile.SystemError {
      throw error.failure(.invalidInput, "cannot start the editor")
    }
    do {
      return try ProgramEnding(waitingFor: program.pid)
    } catch let error as LocalFile.SystemError {
      throw Failure(.invalidInput, "it is not known how the editor ended: \(error)")
    }
  }
}
