/* How the statements of pg_audit_sql.h are run: all their parameters are integers. */
#ifndef TELLER_ADAPTERS_PG_AUDIT_QUERY_H
#define TELLER_ADAPTERS_PG_AUDIT_QUERY_H

#include <stdint.h>

#include "common/pg/pg_conn.h"

#define PG_AUDIT_VALUES_MAX 3

struct pg_audit_values {
    int count;
    int64_t items[PG_AUDIT_VALUES_MAX];
};

/* To be freed with pg_rows_free; NULL: *failure says why. */
struct pg_rows *pg_audit_query(struct pg_conn *conn, const char *sql, struct pg_audit_values values,
                               struct pg_failure *failure);

/* One row after the other. */
enum pg_answer pg_audit_stream(struct pg_conn *conn, const char *sql, struct pg_audit_values values,
                               pg_row_fn *each, void *context, struct pg_failure *failure);

#endif
