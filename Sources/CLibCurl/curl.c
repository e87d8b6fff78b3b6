#include "CLibCurl.h"

// A table of pointers and a forwarding function each: Swift cannot call variadic C functions, and a stub library that
// the linker loads lazily would end the process if libcurl is missing.
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

// The curl headers turn these into type-checking macros, which a pointer cannot go through.
#undef curl_easy_setopt
#undef curl_easy_getinfo

#define FUNCTIONS(X) \
  X(CURLcode, global_init, (long)) \
  X(char *, version, (void)) \
  X(CURL *, easy_init, (void)) \
  X(void, easy_cleanup, (CURL *)) \
  X(CURLcode, easy_setopt, (CURL *, CURLoption, ...)) \
  X(CURLcode, easy_getinfo, (CURL *, CURLINFO, ...)) \
  X(const char *, easy_strerror, (CURLcode)) \
  X(struct curl_slist *, slist_append, (struct curl_slist *, const char *)) \
  X(void, slist_free_all, (struct curl_slist *)) \
  X(CURLM *, multi_init, (void)) \
  X(CURLMcode, multi_cleanup, (CURLM *)) \
  X(CURLMcode, multi_add_handle, (CURLM *, CURL *)) \
  X(CURLMcode, multi_remove_handle, (CURLM *, CURL *)) \
  X(CURLMcode, multi_perform, (CURLM *, int *)) \
  X(CURLMcode, multi_poll, (CURLM *, struct curl_waitfd *, unsigned int, int, int *)) \
  X(CURLMsg *, multi_info_read, (CURLM *, int *)) \
  X(const char *, multi_strerror, (CURLMcode))

#define DECLARE(result, name, arguments) result (*name) arguments;
static struct { FUNCTIONS(DECLARE) } libcurl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char load_error[512];
static int loaded = -1;

static void *open_library(void) {
#ifdef __APPLE__
  const char *names[] = {"libcurl.4.dylib", "/usr/lib/libcurl.4.dylib"};
#else
  const char *names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
#endif
  for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
    void *library = dlopen(names[index], RTLD_LAZY | RTLD_LOCAL);
    if (library) return library;
    if (index == 0) snprintf(load_error, sizeof load_error, "%s", dlerror());
  }
  return NULL;
}

static void *library;

/// OpenSSL, if libcurl uses it, must not clean up when the process exits: another thread may be using it then, and it
/// takes 0.7 ms.
static void keep_openssl_until_the_end(void) {
  const uint64_t OPENSSL_INIT_NO_ATEXIT = 0x00080000;
  int (*init)(uint64_t, const void *);
  *(void **)&init = dlsym(library, "OPENSSL_init_crypto");
  if (init) init(OPENSSL_INIT_NO_ATEXIT, NULL);
}

static void load(void) {
  library = open_library();
  if (!library) return;
#define RESOLVE(result, name, arguments) \
  *(void **)&libcurl.name = dlsym(library, "curl_" #name); \
  if (!libcurl.name) { \
    snprintf(load_error, sizeof load_error, "this libcurl has no curl_" #name); \
    return; \
  }
  FUNCTIONS(RESOLVE)
  keep_openssl_until_the_end();
  CURLcode code = libcurl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    snprintf(load_error, sizeof load_error, "%s", libcurl.easy_strerror(code));
    return;
  }
  loaded = 0;
}

int lc_load(void) {
  pthread_once(&once, load);
  return loaded;
}

void lc_warm_up(void) {
  if (lc_load() != 0) return;
  const void *(*client_method)(void);
  void *(*new_context)(const void *);
  void (*free_context)(void *);
  *(void **)&client_method = dlsym(library, "TLS_client_method");
  *(void **)&new_context = dlsym(library, "SSL_CTX_new");
  *(void **)&free_context = dlsym(library, "SSL_CTX_free");
  if (client_method && new_context && free_context) free_context(new_context(client_method()));
}

int lc_can_load_certificates(const char *file) {
  void *(*new_store)(void);
  int (*load_locations)(void *, const char *, const char *);
  void (*free_store)(void *);
  *(void **)&new_store = dlsym(library, "X509_STORE_new");
  *(void **)&load_locations = dlsym(library, "X509_STORE_load_locations");
  *(void **)&free_store = dlsym(library, "X509_STORE_free");
  if (!new_store || !load_locations || !free_store) return 1;
  void *store = new_store();
  int is_loaded = store ? load_locations(store, file, NULL) : 1;
  free_store(store);
  return is_loaded;
}

const char *lc_load_error(void) { return load_error; }

const char *lc_version(void) { return libcurl.version(); }

CURL *lc_easy_init(void) { return libcurl.easy_init(); }

void lc_easy_cleanup(CURL *easy) { libcurl.easy_cleanup(easy); }

CURLcode lc_easy_setopt_long(CURL *easy, CURLoption option, long value) {
  return libcurl.easy_setopt(easy, option, value);
}

CURLcode lc_easy_setopt_string(CURL *easy, CURLoption option, const char *value) {
  return libcurl.easy_setopt(easy, option, value);
}

CURLcode lc_easy_setopt_pointer(CURL *easy, CURLoption option, const void *value) {
  return libcurl.easy_setopt(easy, option, value);
}

CURLcode lc_easy_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return libcurl.easy_setopt(easy, option, value);
}

CURLcode lc_easy_setopt_callback(CURL *easy, CURLoption option, lc_data_callback value) {
  return libcurl.easy_setopt(easy, option, value);
}

CURLcode lc_easy_setopt_socket_callback(CURL *easy, CURLoption option, lc_socket_callback value) {
  return libcurl.easy_setopt(easy, option, value);
}

CURLcode lc_easy_getinfo_long(CURL *easy, CURLINFO info, long *value) {
  return libcurl.easy_getinfo(easy, info, value);
}

const char *lc_easy_strerror(CURLcode code) { return libcurl.easy_strerror(code); }

struct curl_slist *lc_slist_append(struct curl_slist *list, const char *value) {
  return libcurl.slist_append(list, value);
}

void lc_slist_free_all(struct curl_slist *list) { libcurl.slist_free_all(list); }

CURLM *lc_multi_init(void) { return libcurl.multi_init(); }

CURLMcode lc_multi_cleanup(CURLM *multi) { return libcurl.multi_cleanup(multi); }

CURLMcode lc_multi_add_handle(CURLM *multi, CURL *easy) {
  return libcurl.multi_add_handle(multi, easy);
}

CURLMcode lc_multi_remove_handle(CURLM *multi, CURL *easy) {
  return libcurl.multi_remove_handle(multi, easy);
}

CURLMcode lc_multi_perform(CURLM *multi, int *running) {
  return libcurl.multi_perform(multi, running);
}

int lc_multi_poll(CURLM *multi, int descriptor, int timeout_ms, int *is_readable) {
  struct curl_waitfd extra = {.fd = descriptor, .events = CURL_WAIT_POLLIN};
  int ready = 0;
  libcurl.multi_poll(multi, &extra, descriptor >= 0 ? 1 : 0, timeout_ms, &ready);
  *is_readable = extra.revents != 0;
  return ready;
}

int lc_multi_result(CURLM *multi, CURLcode *result) {
  int remaining;
  CURLMsg *message;
  while ((message = libcurl.multi_info_read(multi, &remaining))) {
    if (message->msg == CURLMSG_DONE) {
      *result = message->data.result;
      return 1;
    }
  }
  return 0;
}

const char *lc_multi_strerror(CURLMcode code) { return libcurl.multi_strerror(code); }
