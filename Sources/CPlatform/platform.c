#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
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
static int received_signal = 0;

static void remember(int signal) {
  int saved = errno;
  // An interrupt may be forgotten again; what ends the process must not be taken for one.
  int none = 0;
  if (signal != SIGINT)
    __atomic_store_n(&received_signal, signal, __ATOMIC_SEQ_CST);
  else
    __atomic_compare_exchange_n(&received_signal, &none, signal, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
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
static int terminal_descriptor = -1, paste_descriptor = -1, redraw_descriptor = -1;
static int terminal_mode = PLATFORM_COOKED;
static struct termios modes[3];
static const int guarded_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
enum { GUARDED = sizeof guarded_signals / sizeof *guarded_signals };
static struct sigaction unguarded[GUARDED], unguarded_stop;

// All of the text, whatever signals come meanwhile; but a terminal that takes nothing must not keep the process from
// ending.
static void say(int descriptor, const char *text) {
  if (descriptor < 0) return;
  size_t left = strlen(text);
  for (int tries = 0; left > 0 && tries < 100; tries++) {
    struct pollfd polled = {.fd = descriptor, .events = POLLOUT};
    if (poll(&polled, 1, 10) <= 0) continue;
    ssize_t count = write(descriptor, text, left);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return;
    if (count <= 0) continue;
    text += count;
    left -= (size_t)count;
  }
}

// What was typed already is kept. A signal that comes meanwhile must not keep the terminal from being set.
static int set_modes(int mode) {
  int result, tries = 0;
  do result = tcsetattr(terminal_descriptor, TCSADRAIN, &modes[mode]);
  while (result != 0 && errno == EINTR && ++tries < 1000);
  return result;
}

static void put_back(void) {
  say(paste_descriptor, "\033[?2004l");
  set_modes(PLATFORM_COOKED);
}

static void put_back_and_die(int signal) {
  put_back();
  platform_die_by_signal(signal);
}

static void put_back_and_stop(int signal) {
  int saved = errno;
  put_back();
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
  set_modes(terminal_mode);
  say(paste_descriptor, "\033[?2004h");
  say(redraw_descriptor, "c");
  errno = saved;
}

static void ask_to_redraw(int signal) {
  (void)signal;
  int saved = errno;
  say(redraw_descriptor, "w");
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

static void release_terminal(void) {
  for (size_t index = 0; index < GUARDED; index++)
    if (unguarded[index].sa_handler == SIG_DFL) sigaction(guarded_signals[index], &unguarded[index], NULL);
  if (unguarded_stop.sa_handler == SIG_DFL) sigaction(SIGTSTP, &unguarded_stop, NULL);
  terminal_descriptor = -1;
}

static const char *bus_error_text;

static void explain_bus_error(int signal, siginfo_t *info, void *context) {
  (void)context;
  if (terminal_descriptor >= 0) put_back();
  if (info->si_code != BUS_ADRERR) platform_die_by_signal(signal);
  say(STDERR_FILENO, bus_error_text);
  _exit(EX_IOERR);
}

void platform_explain_bus_errors(const char *text) {
  bus_error_text = text;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = explain_bus_error;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, NULL);
}

int platform_set_terminal(int descriptor, int mode) {
  int previous = terminal_mode;
  if (mode == previous) return previous;
  if (previous == PLATFORM_COOKED) {
    struct termios *cooked = &modes[PLATFORM_COOKED];
    if (tcgetattr(descriptor, cooked) != 0) return -1;
    modes[PLATFORM_QUIET] = *cooked;
    modes[PLATFORM_QUIET].c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
    // Ctrl-C must discard neither what is on its way to the screen nor what was typed.
    modes[PLATFORM_QUIET].c_lflag |= NOFLSH;
    modes[PLATFORM_QUIET].c_iflag &= ~(tcflag_t)(ISTRIP | INLCR | IGNCR | ICRNL);
    modes[PLATFORM_QUIET].c_cc[VMIN] = 1;
    modes[PLATFORM_QUIET].c_cc[VTIME] = 0;
    modes[PLATFORM_KEYS] = modes[PLATFORM_QUIET];
    modes[PLATFORM_KEYS].c_lflag &= ~(tcflag_t)ISIG;
    // Ctrl-S must not stop it, which would look as if it hung. A terminal that was stopped before goes on now.
    modes[PLATFORM_KEYS].c_iflag &= ~(tcflag_t)IXON;
    terminal_descriptor = descriptor;
    for (size_t index = 0; index < GUARDED; index++) guard(guarded_signals[index], put_back_and_die, &unguarded[index]);
    guard(SIGTSTP, put_back_and_stop, &unguarded_stop);
  }
  __atomic_store_n(&terminal_mode, mode, __ATOMIC_SEQ_CST);
  int result = set_modes(mode);
  int saved = errno;
  if (result != 0 && mode != PLATFORM_COOKED) __atomic_store_n(&terminal_mode, previous, __ATOMIC_SEQ_CST);
  if (terminal_mode == PLATFORM_COOKED) release_terminal();
  errno = saved;
  return result == 0 || mode == PLATFORM_COOKED ? previous : -1;
}

int platform_terminal_mode(void) { return __atomic_load_n(&terminal_mode, __ATOMIC_SEQ_CST); }

void platform_bracket_pastes(int descriptor) {
  if (descriptor < 0) say(paste_descriptor, "\033[?2004l");
  paste_descriptor = descriptor;
  say(descriptor, "\033[?2004h");
}

void platform_watch_redraws(int descriptor) {
  redraw_descriptor = descriptor;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = descriptor < 0 ? SIG_DFL : ask_to_redraw;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGWINCH, &action, NULL);
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

void platform_quit(void) { raise(SIGQUIT); }

int platform_received_signal(void) { return __atomic_load_n(&received_signal, __ATOMIC_SEQ_CST); }

void platform_forget_interrupt(void) {
  int interrupt = SIGINT;
  __atomic_compare_exchange_n(&received_signal, &interrupt, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

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

int platform_pipe(int ends[2]) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  for (int end = 0; end < 2; end++) (void)fcntl(ends[end], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

int platform_lock_byte(int descriptor, int64_t offset) {
  struct flock range;
  return lock(descriptor, SET, F_WRLCK, offset, &range);
}

int platform_share_byte(int descriptor, int64_t offset) {
  struct flock range;
  return lock(descriptor, SET, F_RDLCK, offset, &range);
}

int platform_try_process_lock(int descriptor) {
  struct flock range;
  if (lock(descriptor, F_SETLK, F_RDLCK, 0, &range) != 0) return -1;
  return lock(descriptor, F_SETLK, F_UNLCK, 0, &range);
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

#ifdef __has_feature
#define IS_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define IS_SANITIZED 0
#endif

// Sanitizers have to begin first.
#if defined(__linux__) && defined(__GLIBC__) && !IS_SANITIZED
static void complain(const char *text) {
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
}

static void require_random_numbers(int count, char **arguments, char **variables) {
  (void)variables;
  char byte;
  if (platform_random(&byte, 1) == 0) return;
  const char *name = count > 0 ? strrchr(arguments[0], '/') : NULL;
  complain(name ? name + 1 : count > 0 ? arguments[0] : "mosaic-ai");
  complain(": error: the system gives no random numbers\n"
           "hint: allow getrandom(2), or make /dev/urandom readable\n");
  _exit(EX_IOERR);
}

// Before the constructors of any library.
__attribute__((section(".preinit_array"), used))
static void (*before_libraries)(int, char **, char **) = require_random_numbers;
#endif

int platform_is_mount(const char *path) {
#ifdef STATX_ATTR_MOUNT_ROOT
  struct statx status;
  if (statx(AT_FDCWD, path, 0, 0, &status) != 0) return 0;
  return (status.stx_attributes_mask & status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
  (void)path;
  return 0;
#endif
}

static int argument_count;
static char *const *arguments;

#if defined(__GLIBC__) || defined(__APPLE__)
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}
#endif

char *const *platform_arguments(int *count) {
  *count = argument_count;
  return arguments;
}

int platform_shortage(void) {
  int probe = open("/", O_RDONLY | O_CLOEXEC);
  if (probe < 0) return errno;
  close(probe);
  // A library with those that it needs takes about half as much.
  size_t size = 64 << 20;
  void *memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (memory == MAP_FAILED) return errno;
  munmap(memory, size);
  return 0;
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
