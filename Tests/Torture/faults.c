// Preloaded into the program under test: counts its calls that change files, over all threads, and lets the one that is asked for
// end the process or fail. strace can inject faults too, but counts for each thread by itself.
//
//   FAULT_FOLDER  calls on files below it count
//   FAULT_AT      the number of the call that something happens to, from 1
//   FAULT_DO      kill: the process ends before the call; half: after half of a write; after: after it; short: half is written,
//                 and that is returned; a number: the call fails with that errno
//   FAULT_ALWAYS  every call from then on fails, too
//   FAULT_LOCKS   every lock of an open file description fails with this errno, as on some file systems
//   FAULT_SET_LOCKS  so does making one, but not asking for one
//   FAULT_ALL_LOCKS  so does every lock of a file, which SQLite takes
//   FAULT_MAPS    no file can be mapped into memory to be written to: it fails with this errno
//   FAULT_OPEN    a number and a path, as in `5 /dev/null`: opening that file fails with this errno
//   FAULT_CLOSE   closing a copy of standard output fails with this errno
//   FAULT_OWNERS  giving a file to someone fails with this errno
//   FAULT_RENAME  renaming a file to one of FAULT_FOLDER fails with this errno
//   FAULT_ACCOUNT looking for the entry of the user fails with this errno
//   FAULT_HOME    the entry of the user has this home folder
//   FAULT_CLOCK   the time of day is so many seconds after 1970
//   FAULT_LOG     a file to which all calls are appended: a line of name, path, offset, length and time, then the bytes
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static atomic_long calls;
static const char *folder, *action;
static long at;
static int is_sticky, log_file = -1;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULT_LOG");
  folder = getenv("FAULT_FOLDER");
  action = getenv("FAULT_DO");
  at = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
  is_sticky = getenv("FAULT_ALWAYS") != NULL;
  if (path) log_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

/// Whether the file counts; its path.
static int counts(int descriptor, char path[4096]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, 4095);
  if (length < 0 || !folder) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static void note(const char *name, const char *path, long offset, const void *bytes, size_t length) {
  if (log_file < 0) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  char line[4200];
  int size = snprintf(line, sizeof line, "%s %s %ld %zu %ld.%09ld\n", name, path, offset, length, (long)now.tv_sec, now.tv_nsec);
  struct iovec parts[2] = {{line, (size_t)size}, {(void *)bytes, bytes ? length : 0}};
  syscall(SYS_writev, log_file, parts, 2);
}

/// What the call does: 0 goes on, -1 fails with errno set, 1 writes half and says so, 2 writes half and dies, 3 dies afterwards.
static int fate(void) {
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (!at || !action || number < at || (number > at && !is_sticky)) return 0;
  if (strcmp(action, "kill") == 0) die();
  if (strcmp(action, "half") == 0) return 2;
  if (strcmp(action, "after") == 0) return 3;
  if (strcmp(action, "short") == 0) return 1;
  errno = atoi(action);
  return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static ssize_t put(int descriptor, const void *bytes, size_t count, long offset) {
  static __typeof__(&write) real_write;
  static __typeof__(&pwrite64) real_pwrite;
  if (!real_write) real_write = REAL(write);
  if (!real_pwrite) real_pwrite = REAL(pwrite64);
  char path[4096];
  int is_shown = descriptor == 1;
  if (!is_shown && !counts(descriptor, path)) return offset < 0 ? real_write(descriptor, bytes, count) : real_pwrite(descriptor, bytes, count, offset);
  int what = is_shown ? 0 : fate();
  if (what < 0) return -1;
  size_t size = what == 1 || what == 2 ? (count + 1) / 2 : count;
  long place = offset >= 0 || is_shown ? offset : (long)lseek64(descriptor, 0, SEEK_CUR);
  ssize_t written = offset < 0 ? real_write(descriptor, bytes, size) : real_pwrite(descriptor, bytes, size, offset);
  if (written > 0) note("write", is_shown ? "shown" : path, place, bytes, (size_t)written);
  if (what >= 2) die();
  return written;
}

ssize_t write(int descriptor, const void *bytes, size_t count) { return put(descriptor, bytes, count, -1); }
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) { return put(descriptor, bytes, count, offset); }
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) { return put(descriptor, bytes, count, offset); }

#define CHANGE(name, parameters, arguments, length)             \
  int name parameters {                                         \
    static __typeof__(&name) real;                              \
    if (!real) real = REAL(name);                               \
    char path[4096];                                            \
    if (!counts(descriptor, path)) return real arguments;       \
    int what = fate();                                          \
    if (what < 0) return -1;                                    \
    int result = real arguments;                                \
    if (result == 0) note(#name, path, 0, NULL, (size_t)length); \
    if (what >= 2) die();                                       \
    return result;                                              \
  }

CHANGE(fdatasync, (int descriptor), (descriptor), 0)
CHANGE(fsync, (int descriptor), (descriptor), 0)
CHANGE(ftruncate, (int descriptor, off_t length), (descriptor, length), length)
CHANGE(ftruncate64, (int descriptor, off64_t length), (descriptor, length), length)

int rename(const char *path, const char *name) {
  static __typeof__(&rename) real;
  if (!real) real = REAL(rename);
  const char *error = folder && strncmp(name, folder, strlen(folder)) == 0 ? getenv("FAULT_RENAME") : NULL;
  if (!error) return real(path, name);
  errno = atoi(error);
  return -1;
}

int unlink(const char *path) {
  static __typeof__(&unlink) real;
  if (!real) real = REAL(unlink);
  if (!folder || strncmp(path, folder, strlen(folder)) != 0) return real(path);
  int what = fate();
  if (what < 0) return -1;
  int result = real(path);
  if (result == 0) note("unlink", path, 0, NULL, 0);
  if (what >= 2) die();
  return result;
}

int mkdir(const char *path, mode_t mode) {
  static __typeof__(&mkdir) real;
  if (!real) real = REAL(mkdir);
  if (!folder || strncmp(path, folder, strlen(folder)) != 0) return real(path, mode);
  int what = fate();
  if (what < 0) return -1;
  int result = real(path, mode);
  if (what >= 2) die();
  return result;
}

#define CONTROL(name)                                                                                  \
  int name(int descriptor, int command, ...) {                                                         \
    static __typeof__(&name) real;                                                                     \
    if (!real) real = REAL(name);                                                                      \
    va_list list;                                                                                      \
    va_start(list, command);                                                                           \
    void *argument = va_arg(list, void *);                                                             \
    va_end(list);                                                                                      \
    int is_own = command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;          \
    int is_lock = is_own || command == F_SETLK || command == F_SETLKW || command == F_GETLK;           \
    const char *all = is_lock ? getenv("FAULT_ALL_LOCKS") : NULL;                                      \
    const char *error = !all && is_own ? getenv("FAULT_LOCKS") : all;                                  \
    if (!error && is_own && command != F_OFD_GETLK) error = getenv("FAULT_SET_LOCKS");                 \
    if (!error) return real(descriptor, command, argument);                                            \
    errno = atoi(error);                                                                               \
    return -1;                                                                                         \
  }

CONTROL(fcntl)
CONTROL(fcntl64)

#define OPEN(name)                                                                                     \
  int name(const char *path, int flags, ...) {                                                         \
    static __typeof__(&name) real;                                                                     \
    if (!real) real = REAL(name);                                                                      \
    va_list list;                                                                                      \
    va_start(list, flags);                                                                             \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                            \
    va_end(list);                                                                                      \
    char *end = NULL;                                                                                  \
    const char *fault = getenv("FAULT_OPEN");                                                          \
    long error = fault ? strtol(fault, &end, 10) : 0;                                                  \
    if (!fault || strcmp(end + 1, path) != 0) return real(path, flags, mode);                          \
    errno = (int)error;                                                                                \
    return -1;                                                                                         \
  }

OPEN(open)
OPEN(open64)

int fchown(int descriptor, uid_t user, gid_t group) {
  static __typeof__(&fchown) real;
  if (!real) real = REAL(fchown);
  const char *error = getenv("FAULT_OWNERS");
  if (!error) return real(descriptor, user, group);
  errno = atoi(error);
  return -1;
}

static int output_copy = -1;

int dup(int descriptor) {
  static __typeof__(&dup) real;
  if (!real) real = REAL(dup);
  int copy = real(descriptor);
  if (descriptor == STDOUT_FILENO) output_copy = copy;
  return copy;
}

int close(int descriptor) {
  static __typeof__(&close) real;
  if (!real) real = REAL(close);
  const char *error = descriptor == output_copy ? getenv("FAULT_CLOSE") : NULL;
  int result = real(descriptor);
  if (!error || result != 0) return result;
  errno = atoi(error);
  return -1;
}

#define MAP(name, offset_type)                                                                         \
  void *name(void *address, size_t length, int protection, int flags, int descriptor, offset_type offset) { \
    static __typeof__(&name) real;                                                                     \
    if (!real) real = REAL(name);                                                                      \
    int is_shared = (flags & MAP_TYPE) != MAP_PRIVATE && (protection & PROT_WRITE) && descriptor >= 0; \
    const char *error = is_shared ? getenv("FAULT_MAPS") : NULL;                                       \
    if (!error) return real(address, length, protection, flags, descriptor, offset);                   \
    errno = atoi(error);                                                                               \
    return MAP_FAILED;                                                                                 \
  }

MAP(mmap, off_t)
MAP(mmap64, off64_t)

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  const char *seconds = getenv("FAULT_CLOCK");
  if (result == 0 && seconds && clock == CLOCK_REALTIME) time->tv_sec = atoll(seconds);
  return result;
}

// OpenSSL asks this one how late it is.
time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

struct passwd *getpwuid(uid_t user) {
  static struct passwd *(*real)(uid_t);
  if (!real) real = (struct passwd * (*)(uid_t)) dlsym(RTLD_NEXT, "getpwuid");
  const char *error = getenv("FAULT_ACCOUNT");
  if (error) errno = atoi(error);
  struct passwd *entry = error ? NULL : real(user);
  char *home = getenv("FAULT_HOME");
  if (entry && home) entry->pw_dir = home;
  return entry;
}
