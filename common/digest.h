/* All cryptography in one place (libcrypto behind it). Nothing fails, and only digest_new
 * allocates: out of memory aborts. Thread-safe; a digest belongs to one thread. */
#ifndef TELLER_COMMON_DIGEST_H
#define TELLER_COMMON_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

#define DIGEST_SHA256_LEN 32
#define DIGEST_SHA1_LEN 20

void digest_sha256(const void *bytes, size_t len, uint8_t out[DIGEST_SHA256_LEN]);
/* The pieces one after another, as if they were one message. */
void digest_sha256_parts(const struct slice *parts, size_t count, uint8_t out[DIGEST_SHA256_LEN]);
void digest_sha1_parts(const struct slice *parts, size_t count,
                       uint8_t out[DIGEST_SHA1_LEN]); /* UUID version 5 only */
void digest_hmac_sha256(struct slice key, const void *bytes, size_t len,
                        uint8_t out[DIGEST_SHA256_LEN]);

/* Constant-time comparison. */
bool digest_equal(const void *a, const void *b, size_t len);

/* SHA-256 over many pieces, without an allocation per message: the context is made once. */
struct digest;
struct digest *digest_new(void);
void digest_free(struct digest *digest);
void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *bytes, size_t len);
void digest_end(struct digest *digest, uint8_t out[DIGEST_SHA256_LEN]);

#endif
