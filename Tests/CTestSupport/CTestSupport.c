#define _GNU_SOURCE
#include "CTestSupport.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

int test_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int test_open_terminal(int columns, char *path, size_t size) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return -1;
  struct winsize window = {.ws_row = 24, .ws_col = (unsigned short)columns};
  if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, path, size) == 0 && ioctl(master, TIOCSWINSZ, &window) == 0)
    return master;
  close(master);
  return -1;
}

int test_resize_terminal(int master, int columns) {
  struct winsize window = {.ws_row = 24, .ws_col = (unsigned short)columns};
  return ioctl(master, TIOCSWINSZ, &window);
}

static locale_t unicode;

__attribute__((constructor)) static void make_locale(void) { unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", 0); }

int test_width(uint32_t scalar) {
  locale_t before = uselocale(unicode);
  int width = wcwidth((wchar_t)scalar);
  uselocale(before);
  return width;
}

int test_spawn(pid_t *pid, const char *program, char *const arguments[], char *const variables[], const char *folder,
               const struct test_stream streams[3], int is_session_leader) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder);
  for (int stream = 0; stream < 3; stream++) {
    if (streams[stream].path)
      posix_spawn_file_actions_addopen(&actions, stream, streams[stream].path, streams[stream].flags, 0);
    else
      posix_spawn_file_actions_adddup2(&actions, streams[stream].descriptor, stream);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (is_session_leader ? POSIX_SPAWN_SETSID : 0));
  int failure = posix_spawn(pid, program, &actions, &attributes, arguments, variables);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}
