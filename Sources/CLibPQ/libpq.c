#include "CLibPQ.h"

// A table of pointers and a forwarding function each, as for libcurl: a stub library that the linker loads lazily would
// end the process if libpq is missing.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// Declared here rather than taken from libpq-fe.h, so that the build needs no package for them.
#define FUNCTIONS(X) \
  X(PQconninfoOption *, conninfoParse, (const char *, char **)) \
  X(PQconninfoOption *, conndefaults, (void)) \
  X(void, conninfoFree, (PQconninfoOption *)) \
  X(void, freemem, (void *)) \
  X(PGconn *, connectStartParams, (const char *const *, const char *const *, int)) \
  X(int, connectPoll, (PGconn *)) \
  X(int, status, (const PGconn *)) \
  X(int, socket, (const PGconn *)) \
  X(int, transactionStatus, (const PGconn *)) \
  X(char *, errorMessage, (const PGconn *)) \
  X(void, finish, (PGconn *)) \
  X(int, serverVersion, (const PGconn *)) \
  X(int, backendPID, (const PGconn *)) \
  X(int, sslInUse, (PGconn *)) \
  X(int, setnonblocking, (PGconn *, int)) \
  X(int, setErrorVerbosity, (PGconn *, int)) \
  X(void *, setNoticeProcessor, (PGconn *, void (*)(void *, const char *), void *)) \
  X(int, sendQuery, (PGconn *, const char *)) \
  X(int, sendQueryParams, \
    (PGconn *, const char *, int, const unsigned int *, const char *const *, const int *, const int *, int)) \
  X(int, sendPrepare, (PGconn *, const char *, const char *, int, const unsigned int *)) \
  X(int, sendQueryPrepared, (PGconn *, const char *, int, const char *const *, const int *, const int *, int)) \
  X(int, setSingleRowMode, (PGconn *)) \
  X(int, flush, (PGconn *)) \
  X(int, consumeInput, (PGconn *)) \
  X(int, isBusy, (PGconn *)) \
  X(PGresult *, getResult, (PGconn *)) \
  X(int, resultStatus, (const PGresult *)) \
  X(char *, resultErrorField, (const PGresult *, int)) \
  X(char *, resultErrorMessage, (const PGresult *)) \
  X(char *, cmdTuples, (PGresult *)) \
  X(int, ntuples, (const PGresult *)) \
  X(int, nfields, (const PGresult *)) \
  X(unsigned int, ftype, (const PGresult *, int)) \
  X(char *, getvalue, (const PGresult *, int, int)) \
  X(int, getlength, (const PGresult *, int, int)) \
  X(int, getisnull, (const PGresult *, int, int)) \
  X(void, clear, (PGresult *))

// Since libpq 14.
#define PIPELINE_FUNCTIONS(X) \
  X(int, enterPipelineMode, (PGconn *)) \
  X(int, exitPipelineMode, (PGconn *)) \
  X(int, pipelineSync, (PGconn *))

#define DECLARE(result, name, arguments) result (*name) arguments;
static struct { FUNCTIONS(DECLARE) PIPELINE_FUNCTIONS(DECLARE) } libpq;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char load_error[512];
static int loaded = -1;

static void load(void) {
#ifdef __APPLE__
  const char *names[] = {
    "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib"};
#else
  const char *names[] = {"libpq.so.5"};
#endif
  void *library = NULL;
  for (size_t index = 0; index < sizeof names / sizeof *names && !library; index++) {
    library = dlopen(names[index], RTLD_LAZY | RTLD_LOCAL);
    if (!library && index == 0) snprintf(load_error, sizeof load_error, "%s", dlerror());
  }
  if (!library) return;
#define RESOLVE(result, name, arguments) \
  *(void **)&libpq.name = dlsym(library, "PQ" #name); \
  if (!libpq.name) { \
    snprintf(load_error, sizeof load_error, "this libpq has no PQ" #name); \
    return; \
  }
  FUNCTIONS(RESOLVE)
#define RESOLVE_IF_THERE(result, name, arguments) *(void **)&libpq.name = dlsym(library, "PQ" #name);
  PIPELINE_FUNCTIONS(RESOLVE_IF_THERE)
  loaded = 0;
}

int pq_load(void) {
  pthread_once(&once, load);
  return loaded;
}

const char *pq_load_error(void) { return load_error; }

int pq_has_pipeline(void) { return libpq.enterPipelineMode && libpq.exitPipelineMode && libpq.pipelineSync; }

PQconninfoOption *pq_conninfo_parse(const char *text, char **error) { return libpq.conninfoParse(text, error); }

PQconninfoOption *pq_conndefaults(void) { return libpq.conndefaults(); }

void pq_conninfo_free(PQconninfoOption *options) { libpq.conninfoFree(options); }

void pq_freemem(void *memory) { libpq.freemem(memory); }

static void ignore_notice(void *context, const char *message) {
  (void)context;
  (void)message;
}

PGconn *pq_connect_start(const char *const *keywords, const char *const *values) {
  const int PQERRORS_VERBOSE = 2;
  PGconn *connection = libpq.connectStartParams(keywords, values, 1);
  if (!connection) return NULL;
  libpq.setErrorVerbosity(connection, PQERRORS_VERBOSE);
  libpq.setNoticeProcessor(connection, ignore_notice, NULL);
  return connection;
}

int pq_connect_poll(PGconn *connection) { return libpq.connectPoll(connection); }

int pq_status(const PGconn *connection) { return libpq.status(connection); }

int pq_socket(const PGconn *connection) { return libpq.socket(connection); }

int pq_transaction_status(const PGconn *connection) { return libpq.transactionStatus(connection); }

const char *pq_error_message(const PGconn *connection) { return libpq.errorMessage(connection); }

void pq_finish(PGconn *connection) { libpq.finish(connection); }

int pq_server_version(const PGconn *connection) { return libpq.serverVersion(connection); }

int pq_backend_pid(const PGconn *connection) { return libpq.backendPID(connection); }

int pq_ssl_in_use(PGconn *connection) { return libpq.sslInUse(connection); }

int pq_set_nonblocking(PGconn *connection, int is_nonblocking) {
  return libpq.setnonblocking(connection, is_nonblocking);
}

int pq_send_query(PGconn *connection, const char *sql) { return libpq.sendQuery(connection, sql); }

int pq_send_query_params(
  PGconn *connection, const char *sql, int count, const char *const *values, const int *lengths, const int *formats) {
  return libpq.sendQueryParams(connection, sql, count, NULL, values, lengths, formats, 1);
}

int pq_send_prepare(PGconn *connection, const char *name, const char *sql) {
  return libpq.sendPrepare(connection, name, sql, 0, NULL);
}

int pq_send_query_prepared(
  PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats) {
  return libpq.sendQueryPrepared(connection, name, count, values, lengths, formats, 1);
}

int pq_set_single_row_mode(PGconn *connection) { return libpq.setSingleRowMode(connection); }

int pq_enter_pipeline_mode(PGconn *connection) { return libpq.enterPipelineMode(connection); }

int pq_exit_pipeline_mode(PGconn *connection) { return libpq.exitPipelineMode(connection); }

int pq_pipeline_sync(PGconn *connection) { return libpq.pipelineSync(connection); }

int pq_flush(PGconn *connection) { return libpq.flush(connection); }

int pq_consume_input(PGconn *connection) { return libpq.consumeInput(connection); }

int pq_is_busy(PGconn *connection) { return libpq.isBusy(connection); }

PGresult *pq_get_result(PGconn *connection) { return libpq.getResult(connection); }

int pq_result_status(const PGresult *result) { return libpq.resultStatus(result); }

const char *pq_result_error_field(const PGresult *result, int field) { return libpq.resultErrorField(result, field); }

const char *pq_result_error_message(const PGresult *result) { return libpq.resultErrorMessage(result); }

const char *pq_cmd_tuples(PGresult *result) { return libpq.cmdTuples(result); }

int pq_ntuples(const PGresult *result) { return libpq.ntuples(result); }

int pq_nfields(const PGresult *result) { return libpq.nfields(result); }

unsigned int pq_ftype(const PGresult *result, int column) { return libpq.ftype(result, column); }

const char *pq_getvalue(const PGresult *result, int row, int column) { return libpq.getvalue(result, row, column); }

int pq_getlength(const PGresult *result, int row, int column) { return libpq.getlength(result, row, column); }

int pq_getisnull(const PGresult *result, int row, int column) { return libpq.getisnull(result, row, column); }

void pq_clear(PGresult *result) { libpq.clear(result); }
