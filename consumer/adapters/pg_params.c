#include "consumer/adapters/pg_params.h"

#include "common/check.h"

#define LENGTH_BYTES 4 /* fields have their length in front, parameters have it apart */

void pg_params_close(struct pg_params *params) {
    pg_bytes_close(&params->bytes);
}

void pg_params_reset(struct pg_params *params) {
    pg_bytes_reset(&params->bytes);
    params->count = 0;
}

static struct pg_bytes *open_param(struct pg_params *params, size_t skip) {
    CHECK(params->count < PG_PARAMS_MAX);
    params->start[params->count] = params->bytes.len + skip;
    return &params->bytes;
}

static void close_param(struct pg_params *params) {
    params->end[params->count++] = params->bytes.len;
}

void pg_params_int64(struct pg_params *params, int64_t value) {
    pg_put_int64(open_param(params, LENGTH_BYTES), value);
    close_param(params);
}

void pg_params_uuid(struct pg_params *params, const struct uuid *value) {
    pg_put_uuid(open_param(params, LENGTH_BYTES), value);
    close_param(params);
}

void pg_params_time(struct pg_params *params, int64_t unix_ms) {
    pg_put_time(open_param(params, LENGTH_BYTES), unix_ms);
    close_param(params);
}

void pg_params_bytes(struct pg_params *params, const void *bytes, size_t len) {
    pg_put_bytes(open_param(params, LENGTH_BYTES), bytes, len);
    close_param(params);
}

void pg_params_columns(struct pg_params *params, const struct pg_columns *columns,
                       const void *const *rows, size_t count) {
    for (size_t i = 0; i < columns->count; i++) {
        struct pg_bytes *out = open_param(params, 0);
        pg_array_begin(out, columns->items[i].type, count);
        for (size_t row = 0; row < count; row++) {
            columns->items[i].put(out, rows[row]);
        }
        close_param(params);
    }
}

void pg_params_uuids(struct pg_params *params, const struct uuid *ids, size_t count) {
    struct pg_bytes *out = open_param(params, 0);
    pg_array_begin(out, PG_UUID, count);
    for (size_t i = 0; i < count; i++) {
        pg_put_uuid(out, &ids[i]);
    }
    close_param(params);
}

void pg_params_int64s(struct pg_params *params, const int64_t *numbers, size_t count) {
    struct pg_bytes *out = open_param(params, 0);
    pg_array_begin(out, PG_INT8, count);
    for (size_t i = 0; i < count; i++) {
        pg_put_int64(out, numbers[i]);
    }
    close_param(params);
}

void pg_params_idents(struct pg_params *params, const struct ident *names, size_t count) {
    struct pg_bytes *out = open_param(params, 0);
    pg_array_begin(out, PG_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        pg_put_bytes(out, names[i].text, names[i].len);
    }
    close_param(params);
}
