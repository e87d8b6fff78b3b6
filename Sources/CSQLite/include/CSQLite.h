/// SQLite, and what it offers but Swift cannot call by itself.
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

/// Keeps SQLite from counting the memory it uses, which takes time at each allocation. Has no effect once it was used.
void csqlite_skip_memory_counts(void);

/// Whether a connection that is the last one to be closed leaves the write-ahead log as it is, instead of bringing it
/// into the file and deleting it.
void csqlite_leave_log(sqlite3 *connection, int leaves);

/// Takes "text" in double quotes for a name only, never for a text.
void csqlite_refuse_quoted_text(sqlite3 *connection);

/// Why the system failed a call for a file of the connection last, as errno has it; 0 if it did not.
int csqlite_system_error(sqlite3 *connection);

/// Whether the file of the database has fewer pages than its own first page says, as it may for a moment while another
/// connection brings the write-ahead log into it.
int csqlite_is_file_cut(sqlite3 *connection);

/// Whether the file of a database with a write-ahead log has become one that is none, or has no such log.
int csqlite_is_overwritten(sqlite3 *connection);

/// Whether the write-ahead log, at this path, has less in it than what its index says. The connection must have used the
/// log, and the index must have its whole size.
int csqlite_is_log_cut(sqlite3 *connection, const char *log);

/// Binds a copy of text or bytes.
int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int count);
int csqlite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, int count);

#endif
