/// What the operating system offers and Swift cannot call by itself.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// From now on SIGHUP, SIGINT, SIGTERM and SIGXCPU no longer end the process: each writes a byte to `descriptor`, which must not
/// block. Signals that were ignored at the start (by nohup, or by a shell's `&`) stay ignored.
void platform_watch_signals(int descriptor);
/// The signal that came since then: one that ends the process, else SIGINT; 0 if there was none.
int platform_received_signal(void);
/// Makes `platform_received_signal` give 0 again, if it gives SIGINT.
void platform_forget_interrupt(void);
/// Undoes `platform_watch_signals`: signals end the process again.
void platform_unwatch_signals(void);

/// How a terminal takes keys. In lines, with echo, as it was found; unseen and one by one, Ctrl-C and the like being
/// signals still; or one by one, all of them being keys.
enum { PLATFORM_COOKED, PLATFORM_QUIET, PLATFORM_KEYS };
/// From now on the terminal `descriptor` takes keys so. Whatever signal ends or stops the process while it is not as it
/// was found, it is put back first; once the process is continued, it is as before. The mode until now, or -1 with errno
/// set.
int platform_set_terminal(int descriptor, int mode);
/// How the terminal takes keys now.
int platform_terminal_mode(void);
/// Has the terminal that is written to through `descriptor` say what is pasted and what is typed; it no longer does after
/// -1, and while the process is stopped or when it has died.
void platform_bracket_pastes(int descriptor);
/// From now on a byte is written to `descriptor`, which must not block, whenever what stands on the terminal has to be
/// shown again: `w` after its size has changed, `c` after the process was stopped and continued. -1 ends that.
void platform_watch_redraws(int descriptor);
/// Stops the process and those beside it, as Ctrl-Z does, until someone continues it.
void platform_stop(void);
/// Ends the process as Ctrl-\ does.
void platform_quit(void);
/// Interrupts the other processes in front of the terminal, as Ctrl-C does.
void platform_interrupt_group(int descriptor);

/// From now on, the process writes `text`, which must stay, to standard error and ends with EX_IOERR if it uses a file in
/// memory that has become shorter, or that cannot be read.
void platform_explain_bus_errors(const char *text);

/// Dies by `signal`, as a process without a handler would have. Does not return.
void platform_die_by_signal(int signal) __attribute__((noreturn));

/// Makes a pipe whose ends no program that is started inherits, not even at that moment. The reading end comes first.
/// 0, or -1 with errno set.
int platform_pipe(int ends[2]);

/// Locks the byte at `offset` of `descriptor` for writing, for as long as the descriptor is open (an open file
/// description lock where there are such locks). 0, or -1 with errno set: EAGAIN or EACCES if someone else holds it.
int platform_lock_byte(int descriptor, int64_t offset);
/// Locks the byte at `offset` of `descriptor`, which any number may do at once, and nobody while it is locked for writing.
/// 0, or -1 with errno set: EAGAIN or EACCES if someone else has locked it for writing.
int platform_share_byte(int descriptor, int64_t offset);
/// Whether the file can be locked as SQLite locks files, for the whole process. The process must have no such lock on it.
/// 0, or -1 with errno set.
int platform_try_process_lock(int descriptor);
/// Undoes `platform_lock_byte` and `platform_share_byte`.
int platform_unlock_byte(int descriptor, int64_t offset);
/// 1 if someone else holds a lock on the byte at `offset`, 0 if not, -1 with errno set.
int platform_is_byte_locked(int descriptor, int64_t offset);

/// Fills `bytes` with random ones, from getrandom(2) or else from /dev/urandom. 0, or -1 with errno set. On Linux with
/// glibc a program ends with an error before its start if there are none: Swift's own start would end it with a crash.
int platform_random(void *bytes, size_t count);

/// What the system has no more of for this process, descriptors or memory, as errno(3) has it; 0 if it has both. For
/// libraries that could not be loaded, and folders that could not be read, whose own errors do not say it.
int platform_shortage(void);

/// Whether the file at `path` is mounted by itself, apart from its folder; 0 if the system does not say.
int platform_is_mount(const char *path);

/// The arguments of the process, its name first, and how many there are; NULL if the C library does not say. Swift has
/// them from /proc, which may not be there.
char *const *platform_arguments(int *count);

/// From now on a crash tells nothing of the memory, which holds messages and keys: no core dump, and none of the Swift
/// runtime's reports, which show what registers point to, unless SWIFT_BACKTRACE asks for them.
void platform_keep_memory_private(void);

#endif
