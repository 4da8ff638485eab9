/* The low-level SHA functions, which OpenSSL 3 calls deprecated: their context lives on the stack,
 * so they neither allocate nor fail, and a short message takes 50 ns against 120 ns with a fetched
 * EVP_MD and 310 ns with EVP_sha256(). */
#define OPENSSL_API_COMPAT 0x10100000L

#include "common/digest.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "common/check.h"

_Static_assert(DIGEST_SHA256_LEN == SHA256_DIGEST_LENGTH, "the length of a SHA-256");
_Static_assert(DIGEST_SHA1_LEN == SHA_DIGEST_LENGTH, "the length of a SHA-1");

struct digest {
    SHA256_CTX context;
};

struct digest *digest_new(void) {
    struct digest *digest = malloc(sizeof *digest);
    CHECK(digest != NULL);
    digest_begin(digest);
    return digest;
}

void digest_free(struct digest *digest) {
    free(digest);
}

void digest_begin(struct digest *digest) {
    CHECK(SHA256_Init(&digest->context) == 1);
}

void digest_add(struct digest *digest, const void *bytes, size_t len) {
    CHECK(SHA256_Update(&digest->context, bytes, len) == 1);
}

void digest_end(struct digest *digest, uint8_t out[DIGEST_SHA256_LEN]) {
    CHECK(SHA256_Final(out, &digest->context) == 1);
}

void digest_sha256(const void *bytes, size_t len, uint8_t out[DIGEST_SHA256_LEN]) {
    const struct slice whole = {.at = bytes, .len = len};
    digest_sha256_parts(&whole, 1, out);
}

void digest_sha256_parts(const struct slice *parts, size_t count, uint8_t out[DIGEST_SHA256_LEN]) {
    struct digest digest;
    digest_begin(&digest);
    for (size_t i = 0; i < count; i++) {
        digest_add(&digest, parts[i].at, parts[i].len);
    }
    digest_end(&digest, out);
}

void digest_sha1_parts(const struct slice *parts, size_t count, uint8_t out[DIGEST_SHA1_LEN]) {
    SHA_CTX context;
    CHECK(SHA1_Init(&context) == 1);
    for (size_t i = 0; i < count; i++) {
        CHECK(SHA1_Update(&context, parts[i].at, parts[i].len) == 1);
    }
    CHECK(SHA1_Final(out, &context) == 1);
}

void digest_hmac_sha256(struct slice key, const void *bytes, size_t len,
                        uint8_t out[DIGEST_SHA256_LEN]) {
    static const uint8_t nothing = 0; /* a NULL key would mean "the key of last time" */
    CHECK(key.len <= INT_MAX);
    unsigned written = 0;
    const void *secret = key.at == NULL ? &nothing : key.at;
    CHECK(HMAC(EVP_sha256(), secret, (int)key.len, bytes, len, out, &written) != NULL);
    CHECK(written == DIGEST_SHA256_LEN);
}

bool digest_equal(const void *a, const void *b, size_t len) {
    return CRYPTO_memcmp(a, b, len) == 0;
}
