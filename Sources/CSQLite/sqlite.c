#include "CSQLite.h"

#include <sqlite3.h>

void csqlite_leave_log(struct sqlite3 *connection, int leaves) {
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leaves, (int *)0);
}
