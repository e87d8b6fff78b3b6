/// The part of libpq, PostgreSQL's client library, that mosaic-ai uses, loaded with dlopen when it is first needed: a
/// database in a file needs none of it, and neither does the build.
///
/// Each function forwards to the libpq function that its name says (https://www.postgresql.org/docs/current/libpq.html).
/// Only `pq_load` and `pq_load_error` may be called before `pq_load` has returned 0.
#ifndef CLIBPQ_H
#define CLIBPQ_H

#include <stddef.h>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

/// One parameter of a connection, as `PQconninfoParse` and `PQconndefaults` give it.
typedef struct {
  char *keyword;
  char *envvar;
  char *compiled;
  char *val;
  char *label;
  char *dispchar;
  int dispsize;
} PQconninfoOption;

enum { CONNECTION_OK = 0, CONNECTION_BAD = 1 };

enum {
  PGRES_POLLING_FAILED = 0,
  PGRES_POLLING_READING = 1,
  PGRES_POLLING_WRITING = 2,
  PGRES_POLLING_OK = 3
};

enum {
  PGRES_EMPTY_QUERY = 0,
  PGRES_COMMAND_OK = 1,
  PGRES_TUPLES_OK = 2,
  PGRES_NONFATAL_ERROR = 6,
  PGRES_SINGLE_TUPLE = 9,
  PGRES_PIPELINE_SYNC = 10
};

enum { PQTRANS_INERROR = 3 };

/// The field of an error that holds its SQLSTATE, and the one that holds its message.
enum { PG_DIAG_SQLSTATE = 'C', PG_DIAG_MESSAGE_PRIMARY = 'M' };

/// Loads libpq, once for the process; any thread may call it. 0, or -1.
int pq_load(void);
/// Why `pq_load` returned -1.
const char *pq_load_error(void);
/// Whether libpq is of version 14 or later, and can send many queries before it reads their results.
int pq_has_pipeline(void);

PQconninfoOption *pq_conninfo_parse(const char *text, char **error);
PQconninfoOption *pq_conndefaults(void);
void pq_conninfo_free(PQconninfoOption *options);
void pq_freemem(void *memory);

/// As `PQconnectStartParams`. Notices are thrown away, and errors come with their SQLSTATE.
PGconn *pq_connect_start(const char *const *keywords, const char *const *values);
int pq_connect_poll(PGconn *connection);
int pq_status(const PGconn *connection);
int pq_socket(const PGconn *connection);
int pq_transaction_status(const PGconn *connection);
const char *pq_error_message(const PGconn *connection);
void pq_finish(PGconn *connection);
int pq_server_version(const PGconn *connection);
int pq_backend_pid(const PGconn *connection);
int pq_ssl_in_use(PGconn *connection);
int pq_set_nonblocking(PGconn *connection, int is_nonblocking);

int pq_send_query(PGconn *connection, const char *sql);
/// As `PQsendQueryParams`, with types as the server infers them and results in binary.
int pq_send_query_params(
  PGconn *connection, const char *sql, int count, const char *const *values, const int *lengths, const int *formats);
int pq_send_prepare(PGconn *connection, const char *name, const char *sql);
/// As `PQsendQueryPrepared`, with results in binary.
int pq_send_query_prepared(
  PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats);
int pq_set_single_row_mode(PGconn *connection);
int pq_enter_pipeline_mode(PGconn *connection);
int pq_exit_pipeline_mode(PGconn *connection);
int pq_pipeline_sync(PGconn *connection);
int pq_flush(PGconn *connection);
int pq_consume_input(PGconn *connection);
int pq_is_busy(PGconn *connection);

PGresult *pq_get_result(PGconn *connection);
int pq_result_status(const PGresult *result);
/// Nil if the result is no error, or the field is missing.
const char *pq_result_error_field(const PGresult *result, int field);
const char *pq_result_error_message(const PGresult *result);
/// How many rows a statement changed, in digits; empty for others.
const char *pq_cmd_tuples(PGresult *result);
int pq_ntuples(const PGresult *result);
int pq_nfields(const PGresult *result);
unsigned int pq_ftype(const PGresult *result, int column);
const char *pq_getvalue(const PGresult *result, int row, int column);
int pq_getlength(const PGresult *result, int row, int column);
int pq_getisnull(const PGresult *result, int row, int column);
void pq_clear(PGresult *result);

#endif
