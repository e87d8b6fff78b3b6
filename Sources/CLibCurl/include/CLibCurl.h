/// The part of libcurl that mosaic-ai uses, loaded with dlopen when the first request is made:
/// libcurl's own thirty libraries would cost more at start-up than the rest of the program.
///
/// Each function forwards to the one of libcurl that its name says, with a fixed argument list where
/// libcurl's is variadic. None but `lc_load` and `lc_load_error` may be called before `lc_load` gave 0.
#ifndef CLIBCURL_H
#define CLIBCURL_H

#include <curl/curl.h>

/// Loads libcurl and initialises it, once for the process, from whatever thread comes first. 0, or -1.
int lc_load(void);
/// Why `lc_load` gave -1.
const char *lc_load_error(void);

/// Names and versions of libcurl and its libraries.
const char *lc_version(void);

typedef size_t (*lc_data_callback)(char *data, size_t size, size_t count, void *context);

CURL *lc_easy_init(void);
void lc_easy_cleanup(CURL *easy);
CURLcode lc_easy_setopt_long(CURL *easy, CURLoption option, long value);
CURLcode lc_easy_setopt_string(CURL *easy, CURLoption option, const char *value);
CURLcode lc_easy_setopt_pointer(CURL *easy, CURLoption option, const void *value);
CURLcode lc_easy_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode lc_easy_setopt_callback(CURL *easy, CURLoption option, lc_data_callback value);
CURLcode lc_easy_getinfo_long(CURL *easy, CURLINFO info, long *value);
const char *lc_easy_strerror(CURLcode code);

struct curl_slist *lc_slist_append(struct curl_slist *list, const char *value);
void lc_slist_free_all(struct curl_slist *list);

CURLM *lc_multi_init(void);
CURLMcode lc_multi_cleanup(CURLM *multi);
CURLMcode lc_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode lc_multi_remove_handle(CURLM *multi, CURL *easy);
CURLMcode lc_multi_perform(CURLM *multi, int *running);
/// Waits for something to happen on the transfers' sockets, or for `descriptor` (-1: none) to become readable: on how many it did.
int lc_multi_poll(CURLM *multi, int descriptor, int timeout_ms);
/// 1 and the result, once the one transfer of `multi` has ended; else 0.
int lc_multi_result(CURLM *multi, CURLcode *result);
const char *lc_multi_strerror(CURLMcode code);

#endif
