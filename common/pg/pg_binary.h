/* PostgreSQL's binary formats of values. Fields of COPY BINARY rows and elements of binary arrays
 * are alike (a length, then the value; -1: NULL), so one set of writers serves both.
 *
 * Formats: PostgreSQL manual, "COPY", and the *_send and *_recv functions of each type. */
#ifndef TELLER_PG_BINARY_H
#define TELLER_PG_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/money.h"
#include "common/slice.h"
#include "common/uuid.h"

/* Type OIDs (catalog/pg_type.dat). */
enum pg_type {
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_TIMESTAMPTZ = 1184,
    PG_NUMERIC = 1700,
    PG_UUID = 2950,
};

#define PG_TIME_NEVER INT64_MAX /* ms: 'infinity' */

/* Bytes under construction. Out of memory aborts: half a row must not reach the database. */
struct pg_bytes {
    uint8_t *at;
    size_t len;
    size_t room;
};

#define PG_BYTES_INIT                                                                              \
    { .at = NULL, .len = 0, .room = 0 }

void pg_bytes_close(struct pg_bytes *bytes);
void pg_bytes_reset(struct pg_bytes *bytes); /* empty again, memory kept */

/* ---- fields and elements ---- */

void pg_put_null(struct pg_bytes *out);
void pg_put_int16(struct pg_bytes *out, int16_t value);
void pg_put_int32(struct pg_bytes *out, int32_t value);
void pg_put_int64(struct pg_bytes *out, int64_t value);
void pg_put_uuid(struct pg_bytes *out, const struct uuid *value);
void pg_put_bytes(struct pg_bytes *out, const void *bytes, size_t len); /* text, bytea */
void pg_put_time(struct pg_bytes *out, int64_t unix_ms);                /* timestamptz */
void pg_put_numeric(struct pg_bytes *out, money_wide value);

/* ---- COPY BINARY ---- */

void pg_copy_begin(struct pg_bytes *out);                /* the file header */
void pg_copy_row(struct pg_bytes *out, int16_t columns); /* then that many fields */
void pg_copy_end(struct pg_bytes *out);                  /* the trailer */

/* ---- arrays: one dimension, lower bound 1; then `count` elements, NULLs allowed ---- */

void pg_array_begin(struct pg_bytes *out, enum pg_type element, size_t count);

/* ---- values as results bring them; the caller has checked for NULL and length ---- */

int16_t pg_get_int16(const void *value);
int32_t pg_get_int32(const void *value);
int64_t pg_get_int64(const void *value);
struct uuid pg_get_uuid(const void *value);
int64_t pg_get_time(const void *value); /* Unix ms, rounded down; PG_TIME_NEVER for 'infinity' */

#endif
