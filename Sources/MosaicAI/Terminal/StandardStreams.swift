import Platform

/// Standard input, output and error as the process was given them.
enum StandardStreams {
  /// Takes the numbers of streams that are closed, so that no file opened later gets one of them and a reply is written
  /// into it. Each is taken by something that cannot be used in its direction: using it stays an error.
  static func reserve() {
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is given, which is this one: those below are taken. If a process may have no descriptor
      // of that number, no file will get it.
      guard open("/dev/null", mode) < 0, open("/", O_RDONLY | O_DIRECTORY) < 0, errno != EMFILE else { continue }
      _exit(EX_IOERR)
    }
  }
}
