/// What the operating system offers and Swift cannot call by itself.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// From now on SIGHUP, SIGINT, SIGTERM and SIGXCPU no longer end the process: each writes a byte to `descriptor`, which must not
/// block. Signals that were ignored at the start (by nohup, or by a shell's `&`) stay ignored.
void platform_watch_signals(int descriptor);
/// The first signal since `platform_watch_signals` or `platform_forget_signal`; 0 if there was none.
int platform_received_signal(void);
/// Makes `platform_received_signal` give 0 again.
void platform_forget_signal(void);
/// Undoes `platform_watch_signals`: signals end the process again.
void platform_unwatch_signals(void);

/// Takes keys from the terminal `descriptor` one by one from now on, without echo, signals or a limit to lines. Whatever
/// signal ends or stops the process meanwhile, the terminal is put back first. 0, or -1 with errno set.
int platform_enter_raw_mode(int descriptor);
/// Undoes `platform_enter_raw_mode`.
void platform_leave_raw_mode(void);
/// Stops the process and those beside it, as Ctrl-Z does, until someone continues it.
void platform_stop(void);
/// Interrupts the other processes in front of the terminal, as Ctrl-C does.
void platform_interrupt_group(int descriptor);

/// Dies by `signal`, as a process without a handler would have. Does not return.
void platform_die_by_signal(int signal) __attribute__((noreturn));

/// Locks the byte at `offset` of `descriptor` for writing, for as long as the descriptor is open (an open file
/// description lock where there are such locks). 0, or -1 with errno set: EAGAIN or EACCES if someone else holds it.
int platform_lock_byte(int descriptor, int64_t offset);
/// Locks the byte at `offset` of `descriptor`, which any number may do at once, and nobody while it is locked for writing.
/// 0, or -1 with errno set: EAGAIN or EACCES if someone else has locked it for writing.
int platform_share_byte(int descriptor, int64_t offset);
/// Undoes `platform_lock_byte` and `platform_share_byte`.
int platform_unlock_byte(int descriptor, int64_t offset);
/// 1 if someone else holds a lock on the byte at `offset`, 0 if not, -1 with errno set.
int platform_is_byte_locked(int descriptor, int64_t offset);

/// Fills `bytes` with random ones, from getrandom(2) or else from /dev/urandom. 0, or -1 with errno set.
int platform_random(void *bytes, size_t count);

/// From now on a crash tells nothing of the memory, which holds messages and keys: no core dump, and none of the Swift
/// runtime's reports, which show what registers point to, unless SWIFT_BACKTRACE asks for them.
void platform_keep_memory_private(void);

#endif
