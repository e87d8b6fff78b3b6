/// The part of libcurl that mosaic-ai uses, loaded with dlopen for the first request: libcurl's own thirty libraries
/// would cost more at start-up than the rest of the program.
///
/// Each function forwards to the libcurl function that its name says, with a fixed argument list if libcurl's is
/// variadic. Only `lc_load`, `lc_load_error` and `lc_warm_up` may be called before
/// `lc_load` has returned 0.
#ifndef CLIBCURL_H
#define CLIBCURL_H

#include <curl/curl.h>

/// Loads and initializes libcurl, once for the process; any thread may call it. 0, or -1.
int lc_load(void);
/// Why `lc_load` returned -1.
const char *lc_load_error(void);

/// Loads libcurl, and lets OpenSSL, if libcurl uses it, make a first TLS context, which it then frees: the first one
/// takes 1.3 ms, all others 0.15 ms.
void lc_warm_up(void);

/// 0 if OpenSSL cannot read the file of certificates; 1 if it can, or if libcurl does not use OpenSSL.
int lc_can_load_certificates(const char *file);

/// Names and versions of libcurl and its libraries.
const char *lc_version(void);

typedef size_t (*lc_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*lc_socket_callback)(void *context, curl_socket_t socket, curlsocktype purpose);

CURL *lc_easy_init(void);
void lc_easy_cleanup(CURL *easy);
CURLcode lc_easy_setopt_long(CURL *easy, CURLoption option, long value);
CURLcode lc_easy_setopt_string(CURL *easy, CURLoption option, const char *value);
CURLcode lc_easy_setopt_pointer(CURL *easy, CURLoption option, const void *value);
CURLcode lc_easy_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode lc_easy_setopt_callback(CURL *easy, CURLoption option, lc_data_callback value);
CURLcode lc_easy_setopt_socket_callback(CURL *easy, CURLoption option, lc_socket_callback value);
CURLcode lc_easy_getinfo_long(CURL *easy, CURLINFO info, long *value);
const char *lc_easy_strerror(CURLcode code);

struct curl_slist *lc_slist_append(struct curl_slist *list, const char *value);
void lc_slist_free_all(struct curl_slist *list);

CURLM *lc_multi_init(void);
CURLMcode lc_multi_cleanup(CURLM *multi);
CURLMcode lc_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode lc_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode lc_multi_perform(CURLM *multi, int *running);
/// Waits until something happens on a transfer's socket or until `descriptor` is readable (-1 for none). Returns how
/// many of them are ready; `is_readable` says whether `descriptor` is one.
int lc_multi_poll(CURLM *multi, int descriptor, int timeout_ms, int *is_readable);
/// 1 and the result once the only transfer of `multi` has ended; otherwise 0.
int lc_multi_result(CURLM *multi, CURLcode *result);
const char *lc_multi_strerror(CURLMcode code);

#endif
