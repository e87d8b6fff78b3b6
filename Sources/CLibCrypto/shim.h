/// SHA-1 and SHA-256 of OpenSSL's libcrypto, as its low-level functions: unlike `EVP_*` they load no provider, which
/// would add a millisecond to every start. There is deliberately no `link` line in the module map: it would put the
/// shared library before the static one that release builds use.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
