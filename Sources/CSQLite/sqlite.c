#include "CSQLite.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

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

// A descriptor of our own must not be opened: closing it would drop SQLite's locks.
static sqlite3_file *database_file(sqlite3 *connection) {
  sqlite3_file *file = NULL;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file && file->pMethods ? file : NULL;
}

int csqlite_is_file_cut(sqlite3 *connection) {
  sqlite3_file *file = database_file(connection);
  sqlite3_int64 size = 0;
  unsigned char header[32];
  if (!file || file->pMethods->xFileSize(file, &size) != SQLITE_OK) return 0;
  if (size < (sqlite3_int64)sizeof header) return 1;
  if (file->pMethods->xRead(file, header, sizeof header, 0) != SQLITE_OK) return 0;
  // SQLite's file format, 1.3: the size of a page at 16, the number of pages at 28.
  sqlite3_int64 page = header[16] << 8 | header[17];
  sqlite3_int64 count = (sqlite3_int64)header[28] << 24 | header[29] << 16 | header[30] << 8 | header[31];
  return size < (page == 1 ? 65536 : page) * count;
}

int csqlite_is_overwritten(sqlite3 *connection) {
  sqlite3_file *file = database_file(connection);
  unsigned char header[20];
  if (!file || file->pMethods->xRead(file, header, sizeof header, 0) != SQLITE_OK) return 0;
  // The magic at 0, the version for writing at 18 and for reading at 19: 2 with a write-ahead log.
  return memcmp(header, "SQLite format 3", 16) != 0 || header[18] != 2 || header[19] != 2;
}

// The header of the index, which is there twice (SQLite's WAL-mode file format, 2.1).
struct index_header {
  uint32_t version, unused, change;
  uint8_t is_initialized, is_big_endian;
  uint16_t page;
  uint32_t frames;
  uint32_t rest[7];
};

int csqlite_is_log_cut(sqlite3 *connection, const char *log) {
  sqlite3_file *file = database_file(connection);
  volatile void *index = NULL;
  if (!file || file->pMethods->iVersion < 2 || file->pMethods->xShmMap(file, 0, 32768, 0, &index) != SQLITE_OK) return 0;
  struct index_header before[2], after[2];
  struct stat status;
  if (!index) return 0;
  memcpy(before, (const void *)index, sizeof before);
  if (stat(log, &status) != 0) return 0;
  memcpy(after, (const void *)index, sizeof after);
  // While another connection writes, the log may be changing.
  if (memcmp(before, after, sizeof before) != 0 || memcmp(&before[0], &before[1], sizeof before[0]) != 0) return 0;
  if (!before[0].is_initialized || before[0].frames == 0) return 0;
  int64_t page = before[0].page == 1 ? 65536 : before[0].page;
  return status.st_size < 32 + before[0].frames * (24 + page);
}
