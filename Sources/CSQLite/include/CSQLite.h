/// What SQLite offers and Swift cannot call by itself.
#ifndef CSQLITE_H
#define CSQLITE_H

struct sqlite3;

/// Whether a connection that is the last one to be closed leaves the write-ahead log as it is, instead of bringing it into the file
/// and deleting it.
void csqlite_leave_log(struct sqlite3 *connection, int leaves);

#endif
