#include "common/pg/pg_binary.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"

#define EPOCH_MS INT64_C(946684800000) /* 2000-01-01, where PostgreSQL counts from */
#define NUMERIC_BASE 10000
#define NUMERIC_DIGITS_MAX 10 /* 128 bits have 39 decimal digits */

void pg_bytes_close(struct pg_bytes *bytes) {
    free(bytes->at);
    *bytes = (struct pg_bytes)PG_BYTES_INIT;
}

void pg_bytes_reset(struct pg_bytes *bytes) {
    bytes->len = 0;
}

static void grow(struct pg_bytes *out, size_t more) {
    size_t room = out->room > 0 ? out->room : 4096;
    while (room - out->len < more) {
        CHECK(room <= SIZE_MAX / 2);
        room *= 2;
    }
    uint8_t *at = realloc(out->at, room);
    CHECK(at != NULL);
    out->at = at;
    out->room = room;
}

static uint8_t *take(struct pg_bytes *out, size_t len) {
    if (out->room - out->len < len) {
        grow(out, len);
    }
    uint8_t *at = out->at + out->len;
    out->len += len;
    return at;
}

static void store16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void store32(uint8_t *at, uint32_t value) {
    store16(at, (uint16_t)(value >> 16));
    store16(at + 2, (uint16_t)value);
}

static void store64(uint8_t *at, uint64_t value) {
    store32(at, (uint32_t)(value >> 32));
    store32(at + 4, (uint32_t)value);
}

void pg_put_null(struct pg_bytes *out) {
    store32(take(out, 4), UINT32_MAX);
}

void pg_put_int16(struct pg_bytes *out, int16_t value) {
    uint8_t *at = take(out, 6);
    store32(at, 2);
    store16(at + 4, (uint16_t)value);
}

void pg_put_int32(struct pg_bytes *out, int32_t value) {
    uint8_t *at = take(out, 8);
    store32(at, 4);
    store32(at + 4, (uint32_t)value);
}

void pg_put_int64(struct pg_bytes *out, int64_t value) {
    uint8_t *at = take(out, 12);
    store32(at, 8);
    store64(at + 4, (uint64_t)value);
}

void pg_put_bytes(struct pg_bytes *out, const void *bytes, size_t len) {
    CHECK(len <= INT32_MAX);
    uint8_t *at = take(out, 4 + len);
    store32(at, (uint32_t)len);
    if (len > 0) {
        memcpy(at + 4, bytes, len);
    }
}

void pg_put_uuid(struct pg_bytes *out, const struct uuid *value) {
    pg_put_bytes(out, value->bytes, sizeof value->bytes);
}

/* What no timestamptz can hold is sent as one that the server refuses: a wrong time must not be
 * stored in silence. */
static int64_t microseconds(int64_t unix_ms) {
    int64_t since;
    int64_t result;
    if (unix_ms == PG_TIME_NEVER) {
        return INT64_MAX;
    }
    if (__builtin_sub_overflow(unix_ms, EPOCH_MS, &since) ||
        __builtin_mul_overflow(since, INT64_C(1000), &result)) {
        return unix_ms < 0 ? INT64_MIN + 1 : INT64_MAX - 1;
    }
    return result;
}

void pg_put_time(struct pg_bytes *out, int64_t unix_ms) {
    pg_put_int64(out, microseconds(unix_ms));
}

void pg_put_numeric(struct pg_bytes *out, money_wide value) {
    uint16_t digits[NUMERIC_DIGITS_MAX]; /* least significant first */
    int count = 0;
    bool negative = value < 0;
    while (value != 0) {
        int digit = (int)(value % NUMERIC_BASE); /* of the sign of value: no overflow at the end */
        digits[count++] = (uint16_t)(digit < 0 ? -digit : digit);
        value /= NUMERIC_BASE;
    }
    uint8_t *at = take(out, 12 + 2 * (size_t)count);
    store32(at, (uint32_t)(8 + 2 * count));
    store16(at + 4, (uint16_t)count);
    store16(at + 6, (uint16_t)(count > 0 ? count - 1 : 0)); /* weight of the first digit */
    store16(at + 8, negative ? 0x4000 : 0);
    store16(at + 10, 0); /* no digits behind the point */
    for (int i = 0; i < count; i++) {
        store16(at + 12 + 2 * i, digits[count - 1 - i]);
    }
}

void pg_copy_begin(struct pg_bytes *out) {
    static const uint8_t header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, no flags */
    memcpy(take(out, 19), header, 19);
}

void pg_copy_row(struct pg_bytes *out, int16_t columns) {
    store16(take(out, 2), (uint16_t)columns);
}

void pg_copy_end(struct pg_bytes *out) {
    store16(take(out, 2), UINT16_MAX);
}

void pg_array_begin(struct pg_bytes *out, enum pg_type element, size_t count) {
    CHECK(count <= INT32_MAX);
    uint8_t *at = take(out, count > 0 ? 20 : 12);
    store32(at, count > 0 ? 1 : 0); /* dimensions: an empty array has none */
    store32(at + 4, 1);             /* there may be NULLs */
    store32(at + 8, (uint32_t)element);
    if (count > 0) {
        store32(at + 12, (uint32_t)count);
        store32(at + 16, 1);
    }
}

static uint64_t load(const void *value, int bytes) {
    const uint8_t *at = value;
    uint64_t result = 0;
    for (int i = 0; i < bytes; i++) {
        result = result << 8 | at[i];
    }
    return result;
}

int16_t pg_get_int16(const void *value) {
    return (int16_t)load(value, 2);
}

int32_t pg_get_int32(const void *value) {
    return (int32_t)load(value, 4);
}

int64_t pg_get_int64(const void *value) {
    return (int64_t)load(value, 8);
}

struct uuid pg_get_uuid(const void *value) {
    struct uuid uuid;
    memcpy(uuid.bytes, value, sizeof uuid.bytes);
    return uuid;
}

int64_t pg_get_time(const void *value) {
    int64_t us = pg_get_int64(value);
    if (us == INT64_MAX) {
        return PG_TIME_NEVER;
    }
    int64_t ms = us / 1000 - (us % 1000 < 0 ? 1 : 0);
    return ms + EPOCH_MS;
}
