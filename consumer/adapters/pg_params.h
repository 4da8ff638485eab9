/* Binary parameters of one statement under construction. */
#ifndef TELLER_ADAPTERS_PG_PARAMS_H
#define TELLER_ADAPTERS_PG_PARAMS_H

#include <stddef.h>
#include <stdint.h>

#include "consumer/adapters/pg_columns.h"

#define PG_PARAMS_MAX 32

struct pg_params {
    struct pg_bytes bytes;
    size_t start[PG_PARAMS_MAX]; /* of each value, in bytes.at */
    size_t end[PG_PARAMS_MAX];
    int count;
};

void pg_params_close(struct pg_params *params);
void pg_params_reset(struct pg_params *params);

void pg_params_int64(struct pg_params *params, int64_t value);
void pg_params_uuid(struct pg_params *params, const struct uuid *value);
void pg_params_time(struct pg_params *params, int64_t unix_ms);
void pg_params_bytes(struct pg_params *params, const void *bytes, size_t len);

/* One array per column, each with one element per row. */
void pg_params_columns(struct pg_params *params, const struct pg_columns *columns,
                       const void *const *rows, size_t count);

/* One array of ids, numbers or names. */
void pg_params_uuids(struct pg_params *params, const struct uuid *ids, size_t count);
void pg_params_int64s(struct pg_params *params, const int64_t *numbers, size_t count);
void pg_params_idents(struct pg_params *params, const struct ident *names, size_t count);

#endif
