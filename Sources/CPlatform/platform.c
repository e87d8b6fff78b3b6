#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/random.h>
#else
#include <sys/resource.h>
#endif

// SIGXCPU comes a while before the processor time that a process may use is over.
static const int watched_signals[] = {SIGHUP, SIGINT, SIGTERM, SIGXCPU};
enum { WATCHED = sizeof watched_signals / sizeof *watched_signals };

static int wake_descriptor = -1;
static volatile sig_atomic_t received_signal = 0;

static void remember(int signal) {
  int saved = errno;
  if (!received_signal) received_signal = signal;
  ssize_t ignored = write(wake_descriptor, "", 1);
  (void)ignored;
  errno = saved;
}

void platform_watch_signals(int descriptor) {
  wake_descriptor = descriptor;
  for (size_t index = 0; index < WATCHED; index++) {
    struct sigaction previous;
    if (sigaction(watched_signals[index], NULL, &previous) == 0 && previous.sa_handler == SIG_IGN) continue;
    // No SA_RESTART: a write to a reader that has stopped reading must come back.
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = remember;
    sigemptyset(&action.sa_mask);
    sigaction(watched_signals[index], &action, NULL);
  }
}

void platform_unwatch_signals(void) {
  for (size_t index = 0; index < WATCHED; index++) {
    struct sigaction current;
    if (sigaction(watched_signals[index], NULL, &current) != 0 || current.sa_handler != remember) continue;
    current.sa_handler = SIG_DFL;
    sigaction(watched_signals[index], &current, NULL);
  }
  wake_descriptor = -1;
}

// What puts a terminal back when a signal comes. Everything in the handlers is async-signal-safe.
static int raw_descriptor = -1;
static struct termios cooked_mode, raw_mode;
static const int guarded_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
enum { GUARDED = sizeof guarded_signals / sizeof *guarded_signals };
static struct sigaction unguarded[GUARDED], unguarded_stop;

static void put_back_and_die(int signal) {
  tcsetattr(raw_descriptor, TCSADRAIN, &cooked_mode);
  platform_die_by_signal(signal);
}

static void put_back_and_stop(int signal) {
  int saved = errno;
  tcsetattr(raw_descriptor, TCSADRAIN, &cooked_mode);
  struct sigaction stop, own;
  memset(&stop, 0, sizeof stop);
  stop.sa_handler = SIG_DFL;
  sigaction(signal, &stop, &own);
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, signal);
  raise(signal);
  sigprocmask(SIG_UNBLOCK, &set, &before);
  // Continued.
  sigprocmask(SIG_SETMASK, &before, NULL);
  sigaction(signal, &own, NULL);
  tcsetattr(raw_descriptor, TCSADRAIN, &raw_mode);
  errno = saved;
}

static void guard(int signal, void (*handler)(int), struct sigaction *previous) {
  if (sigaction(signal, NULL, previous) != 0 || previous->sa_handler != SIG_DFL) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

int platform_enter_raw_mode(int descriptor) {
  if (raw_descriptor >= 0 || tcgetattr(descriptor, &cooked_mode) != 0) return -1;
  raw_mode = cooked_mode;
  raw_mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  raw_mode.c_iflag &= ~(tcflag_t)(ISTRIP | INLCR | IGNCR);
  raw_mode.c_iflag |= ICRNL;
  raw_mode.c_cc[VMIN] = 1;
  raw_mode.c_cc[VTIME] = 0;
  raw_descriptor = descriptor;
  for (size_t index = 0; index < GUARDED; index++) guard(guarded_signals[index], put_back_and_die, &unguarded[index]);
  guard(SIGTSTP, put_back_and_stop, &unguarded_stop);
  // What was typed already is kept.
  if (tcsetattr(descriptor, TCSADRAIN, &raw_mode) == 0) return 0;
  int saved = errno;
  platform_leave_raw_mode();
  errno = saved;
  return -1;
}

void platform_leave_raw_mode(void) {
  if (raw_descriptor < 0) return;
  tcsetattr(raw_descriptor, TCSADRAIN, &cooked_mode);
  for (size_t index = 0; index < GUARDED; index++)
    if (unguarded[index].sa_handler == SIG_DFL) sigaction(guarded_signals[index], &unguarded[index], NULL);
  if (unguarded_stop.sa_handler == SIG_DFL) sigaction(SIGTSTP, &unguarded_stop, NULL);
  raw_descriptor = -1;
}

void platform_stop(void) { kill(0, SIGTSTP); }

void platform_interrupt_group(int descriptor) {
  // Not those of a script that runs this without job control in front of it.
  if (tcgetpgrp(descriptor) != getpgrp()) return;
  struct sigaction ignore, own;
  memset(&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &own);
  kill(0, SIGINT);
  sigaction(SIGINT, &own, NULL);
}

int platform_received_signal(void) { return received_signal; }

void platform_forget_signal(void) { received_signal = 0; }

void platform_die_by_signal(int signal) {
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
enum { SET = F_OFD_SETLK, GET = F_OFD_GETLK };
#else
enum { SET = F_SETLK, GET = F_GETLK };
#endif

static int lock(int descriptor, int command, short type, int64_t offset, struct flock *range) {
  memset(range, 0, sizeof *range);
  range->l_type = type;
  range->l_whence = SEEK_SET;
  range->l_start = (off_t)offset;
  range->l_len = 1;
  return fcntl(descriptor, command, range);
}

int platform_lock_byte(int descriptor, int64_t offset) {
  struct flock range;
  return lock(descriptor, SET, F_WRLCK, offset, &range);
}

int platform_share_byte(int descriptor, int64_t offset) {
  struct flock range;
  return lock(descriptor, SET, F_RDLCK, offset, &range);
}

int platform_unlock_byte(int descriptor, int64_t offset) {
  struct flock range;
  return lock(descriptor, SET, F_UNLCK, offset, &range);
}

int platform_is_byte_locked(int descriptor, int64_t offset) {
  struct flock range;
  if (lock(descriptor, GET, F_WRLCK, offset, &range) != 0) return -1;
  return range.l_type != F_UNLCK;
}

int platform_random(void *bytes, size_t count) {
#ifdef __linux__
  unsigned char *next = bytes;
  size_t left = count;
  while (left > 0) {
    ssize_t got = getrandom(next, left, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    next += got;
    left -= (size_t)got;
  }
  if (left == 0) return 0;
  int descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  while (left > 0) {
    ssize_t got = read(descriptor, next, left);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    next += got;
    left -= (size_t)got;
  }
  int saved = errno;
  close(descriptor);
  errno = saved;
  return left == 0 ? 0 : -1;
#else
  arc4random_buf(bytes, count);
  return 0;
#endif
}

void platform_keep_memory_private(void) {
#ifdef __linux__
  // A resource limit is not enough: it does not apply to a dump that is piped into a collector.
  prctl(PR_SET_DUMPABLE, 0);
#else
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#endif
  if (getenv("SWIFT_BACKTRACE")) return;
  // The runtime's handler would also take a SIGQUIT without ending the process.
  const int crashes[] = {SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) {
    struct sigaction action;
    // A signal that was ignored at the start stays ignored.
    if (sigaction(crashes[index], NULL, &action) != 0 || action.sa_handler == SIG_IGN) continue;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(crashes[index], &action, NULL);
  }
}
