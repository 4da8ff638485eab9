/* Streams what a lane sells, row by row, for those who check it: see pg_audit.h. */
#ifndef TELLER_ADAPTERS_PG_AUDIT_SALES_H
#define TELLER_ADAPTERS_PG_AUDIT_SALES_H

#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/core/sale_rows.h"

struct audit_sales {
    void *context;
    void (*product)(void *context, const struct product *row);
    void (*subscription)(void *context, const struct subscription *row);
    void (*buyer)(void *context, const struct buyer *row);
    void (*unreadable)(void *context, const char *what, const char *which);
};

/* Those with a number above `above`, in no order. */
enum pg_answer pg_audit_sales_products(struct pg_conn *conn, uint16_t lane, int64_t above,
                                       const struct audit_sales *each, struct pg_failure *failure);
enum pg_answer pg_audit_sales_subscriptions(struct pg_conn *conn, uint16_t lane,
                                            const struct audit_sales *each,
                                            struct pg_failure *failure);
enum pg_answer pg_audit_sales_buyers(struct pg_conn *conn, uint16_t lane,
                                     const struct audit_sales *each, struct pg_failure *failure);

#endif
