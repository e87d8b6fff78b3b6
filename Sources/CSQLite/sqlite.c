#include "CSQLite.h"

#include <errno.h>
#include <stddef.h>

void csqlite_skip_memory_counts(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

void csqlite_leave_log(sqlite3 *connection, int leaves) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leaves, (int *)0);
}

void csqlite_refuse_quoted_text(sqlite3 *connection) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
}

int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int count) {
  return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}

int csqlite_bind_bytes(sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

int csqlite_system_error(sqlite3 *connection) {
  int error = sqlite3_system_errno(connection);
  if (error) return error;
  // Copying and committing do not note it there, but the files do.
  sqlite3_file *files[2] = {NULL, NULL};
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &files[0]);
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &files[1]);
  for (int index = 0; index < 2; index++) {
    // A journal in memory has no such function.
    if (!files[index] || !files[index]->pMethods || !files[index]->pMethods->xFileControl) continue;
    files[index]->pMethods->xFileControl(files[index], SQLITE_FCNTL_LAST_ERRNO, &error);
    // A lock that someone else had is no failure.
    if (error && error != EAGAIN && error != EACCES) return error;
  }
  return 0;
}
