#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#else
#include <sys/resource.h>
#endif

static int signal_pipe[2] = {-1, -1};
static volatile sig_atomic_t received_signal = 0;

static void remember(int signal) {
  int saved = errno;
  if (!received_signal) received_signal = signal;
  ssize_t ignored = write(signal_pipe[1], "", 1);
  (void)ignored;
  errno = saved;
}

int sys_watch_signals(void) {
  if (signal_pipe[0] >= 0) return signal_pipe[0];
  if (pipe(signal_pipe) != 0) return -1;
  for (int end = 0; end < 2; end++) {
    fcntl(signal_pipe[end], F_SETFD, FD_CLOEXEC);
    fcntl(signal_pipe[end], F_SETFL, O_NONBLOCK);
  }
  const int signals[] = {SIGHUP, SIGINT, SIGTERM};
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
    struct sigaction previous;
    if (sigaction(signals[index], NULL, &previous) == 0 && previous.sa_handler == SIG_IGN) continue;
    // No SA_RESTART: a write to a reader that has stopped reading must come back.
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = remember;
    sigemptyset(&action.sa_mask);
    sigaction(signals[index], &action, NULL);
  }
  return signal_pipe[0];
}

int sys_received_signal(void) { return received_signal; }

void sys_die_by_signal(int signal) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  kill(getpid(), signal);
  _exit(128 + signal);
}

// Open file description locks belong to the descriptor, not to the process: two stores in one
// process see each other's, and closing another descriptor of the file does not drop them.
#ifdef F_OFD_SETLK
enum { SET = F_OFD_SETLK, SET_WAIT = F_OFD_SETLKW, GET = F_OFD_GETLK };
#else
enum { SET = F_SETLK, SET_WAIT = F_SETLKW, GET = F_GETLK };
#endif

static int lock(int descriptor, int command, short type, int64_t offset, struct flock *range) {
  memset(range, 0, sizeof *range);
  range->l_type = type;
  range->l_whence = SEEK_SET;
  range->l_start = (off_t)offset;
  range->l_len = 1;
  int result;
  do result = fcntl(descriptor, command, range);
  while (result != 0 && errno == EINTR && command == SET_WAIT);
  return result;
}

int sys_lock_byte(int descriptor, int64_t offset, int wait) {
  struct flock range;
  return lock(descriptor, wait ? SET_WAIT : SET, F_WRLCK, offset, &range);
}

int sys_unlock_byte(int descriptor, int64_t offset) {
  struct flock range;
  return lock(descriptor, SET, F_UNLCK, offset, &range);
}

int sys_is_byte_locked(int descriptor, int64_t offset) {
  struct flock range;
  if (lock(descriptor, GET, F_WRLCK, offset, &range) != 0) return -1;
  return range.l_type != F_UNLCK;
}

int sys_open_creating(const char *path, int flags, mode_t mode) {
  return open(path, flags | O_CREAT | O_CLOEXEC, mode);
}

void sys_keep_memory_private(void) {
#ifdef __linux__
  // The limit would not do: it does not hold for a dump that is piped into a collector.
  prctl(PR_SET_DUMPABLE, 0);
#else
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#endif
  if (getenv("SWIFT_BACKTRACE")) return;
  // Besides, the runtime's handler takes a SIGQUIT without ending the process.
  const int crashes[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
    struct sigaction action;
    // What was ignored at start stays so.
    if (sigaction(crashes[index], NULL, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(crashes[index], &action, NULL);
  }
}
