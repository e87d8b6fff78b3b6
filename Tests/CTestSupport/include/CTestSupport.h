// What tests need from the operating system and Swift cannot call.
#ifndef CTESTSUPPORT_H
#define CTESTSUPPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A standard stream of a program about to be started.
struct test_stream {
  /// A file to open with `flags`, or NULL for `descriptor`.
  const char *path;
  int flags;
  int descriptor;
};

/// Both ends of a new pipe that no child inherits. 0, or -1 with errno set.
int test_pipe(int ends[2]);

/// A new terminal with this many columns. Returns its master, which no child inherits, and in `path` what a program
/// opens to be on it; or -1 with errno set.
int test_open_terminal(int columns, char *path, size_t size);

/// Starts `program` in `folder` with exactly these streams and variables, and with all signals as from a shell,
/// whatever this process ignores or blocks. As the leader of a new session, the first terminal it opens becomes the
/// one that Ctrl-C comes from. 0, or what is wrong, as errno has it.
int test_spawn(pid_t *pid, const char *program, char *const arguments[], char *const variables[], const char *folder,
               const struct test_stream streams[3], int is_session_leader);

/// How many columns a scalar takes on a terminal, as the C library has it; -1 for what cannot be shown.
int test_width(uint32_t scalar);
/// Gives the terminal `master` another width, as a window does that is resized.
int test_resize_terminal(int master, int columns);

#endif
