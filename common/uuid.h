/* UUIDs (RFC 9562): command ids are version 7 where we make them, version 5 from an idempotency
 * key, and of any version where a client makes them. */
#ifndef TELLER_COMMON_UUID_H
#define TELLER_COMMON_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uuid {
    uint8_t bytes[16];
};

#define UUID_TEXT_LEN 36

/* Reads the 36-character form, either case. False, and *out untouched, on anything else. */
bool uuid_parse(const void *text, size_t len, struct uuid *out);

/* Lower case, NUL-terminated. */
void uuid_format(const struct uuid *uuid, char text[UUID_TEXT_LEN + 1]);

/* Byte order, which for version 7 is order of time. <0, 0 or >0. */
int uuid_compare(const struct uuid *a, const struct uuid *b);
bool uuid_equal(const struct uuid *a, const struct uuid *b);
/* For tables: ids of strangers do not collide on purpose where the seed is secret. */
uint64_t uuid_hash(const struct uuid *uuid, uint64_t seed);

/* Version 7 of a Unix time in ms and 10 random bytes (the caller's clock and the caller's dice). */
struct uuid uuid_v7(int64_t unix_ms, const uint8_t random[10]);

/* The lowest UUID whose first 48 bits are that time: a bound for ranges of version 7 ids. */
struct uuid uuid_v7_floor(int64_t unix_ms);

/* Version 5 (SHA-1) of a name in Teller's namespace: the same key gives the same id for ever. */
struct uuid uuid_v5(const void *name, size_t len);

#endif
