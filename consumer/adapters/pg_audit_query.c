#include "consumer/adapters/pg_audit_query.h"

#include <inttypes.h>
#include <stdio.h>

struct params {
    char text[PG_AUDIT_VALUES_MAX][24];
    const char *items[PG_AUDIT_VALUES_MAX];
};

static const char *const *format(struct params *params, const struct pg_audit_values *values) {
    for (int i = 0; i < values->count; i++) {
        (void)snprintf(params->text[i], sizeof params->text[i], "%" PRId64, values->items[i]);
        params->items[i] = params->text[i];
    }
    return params->items;
}

struct pg_rows *pg_audit_query(struct pg_conn *conn, const char *sql, struct pg_audit_values values,
                               struct pg_failure *failure) {
    struct params params;
    return pg_conn_query(conn, sql, format(&params, &values), values.count, failure);
}

enum pg_answer pg_audit_stream(struct pg_conn *conn, const char *sql, struct pg_audit_values values,
                               pg_row_fn *each, void *context, struct pg_failure *failure) {
    struct params params;
    return pg_conn_each(conn, sql, format(&params, &values), values.count, each, context, failure);
}
