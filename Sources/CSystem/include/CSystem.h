/// What the operating system offers and Swift cannot call by itself.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdint.h>
#include <sys/types.h>

/// From now on SIGHUP, SIGINT and SIGTERM no longer end the process: the first one makes the returned
/// descriptor readable for good. Signals that were ignored at start (nohup, a shell's `&`) stay so.
/// Once for the process; -1 with errno set if no pipe could be made.
int sys_watch_signals(void);
/// The first signal that came since `sys_watch_signals`, or 0.
int sys_received_signal(void);
/// Dies by `signal`, as a process without a handler would have. Does not return.
void sys_die_by_signal(int signal) __attribute__((noreturn));

/// Locks the byte at `offset` of `descriptor` for writing, for as long as the descriptor is open
/// (an open file description lock where there are such). 0, or -1 with errno set: EAGAIN or EACCES
/// where somebody else holds it. With `wait` it waits instead.
int sys_lock_byte(int descriptor, int64_t offset, int wait);
/// Undoes `sys_lock_byte`.
int sys_unlock_byte(int descriptor, int64_t offset);
/// 1 if somebody else holds a lock on the byte at `offset`, 0 if not, -1 with errno set.
int sys_is_byte_locked(int descriptor, int64_t offset);

/// From now on a crash tells nothing of the memory, in which messages and keys are: no core dump, and none of the Swift runtime's
/// reports, which show what registers point to, unless SWIFT_BACKTRACE asks for them.
void sys_keep_memory_private(void);

/// `open` with O_CREAT and a mode, which Swift cannot pass.
int sys_open_creating(const char *path, int flags, mode_t mode);

#endif
