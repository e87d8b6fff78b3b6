import MosaicAICore
import Platform

/// Standard input, output and error as the process was given them.
enum StandardStreams {
  /// Takes the numbers of streams that are closed, so that no file opened later gets one of them and a reply is written
  /// into it. Each is taken by something that cannot be used in its direction: using it stays an error.
  static func reserve() {
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is given, which is this one: those below are taken. If a process may have no descriptor of
      // that number, no file will get it.
      guard open("/dev/null", mode) < 0, open("/", O_RDONLY | O_DIRECTORY) < 0, errno != EMFILE else { continue }
      _exit(EX_IOERR)
    }
  }

  /// Closes standard output: some file systems say only then that they cannot keep what was written (close(2)).
  ///
  /// - Throws: `Failure` with code `output_failed`
  static func closeOutput() throws {
    guard close(STDOUT_FILENO) != 0, ![EBADF, EINTR].contains(errno) else { return }
    throw LocalFile.SystemError.current.ofOutput
  }
}
