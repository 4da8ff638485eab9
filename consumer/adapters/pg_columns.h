/* Which columns a row of the lane machine has in PostgreSQL, in the order of pg_sql.h. COPY and the
 * array parameters are made from the same tables, so that both write paths store the same. */
#ifndef TELLER_ADAPTERS_PG_COLUMNS_H
#define TELLER_ADAPTERS_PG_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_binary.h"
#include "consumer/core/batch.h"
#include "consumer/core/wants.h"

struct pg_column {
    enum pg_type type;
    void (*put)(struct pg_bytes *out, const void *row); /* appends one field */
};

struct pg_columns {
    const struct pg_column *items;
    size_t count;
};

/* One lane's move, for teller.advance. */
struct pg_advance {
    const struct lane_row *row; /* as it will be */
    int64_t old_offset;
    int64_t published_offset;
};

extern const struct pg_columns pg_columns_advance;        /* struct pg_advance */
extern const struct pg_columns pg_columns_journal;        /* struct journal_row */
extern const struct pg_columns pg_columns_account_new;    /* struct account */
extern const struct pg_columns pg_columns_account_change; /* struct account */
extern const struct pg_columns pg_columns_hold_new;       /* struct hold */
extern const struct pg_columns pg_columns_hold_change;    /* struct hold */
extern const struct pg_columns pg_columns_system;         /* struct system_change */
extern const struct pg_columns pg_columns_quarantine;     /* struct quarantine_row */
extern const struct pg_columns pg_columns_key;            /* struct journal_key */

extern const struct pg_columns pg_columns_product_new;         /* struct product */
extern const struct pg_columns pg_columns_product_change;      /* struct product */
extern const struct pg_columns pg_columns_subscription_new;    /* struct subscription */
extern const struct pg_columns pg_columns_subscription_change; /* struct subscription */
extern const struct pg_columns pg_columns_subscription_key;    /* struct subscription_key */
extern const struct pg_columns pg_columns_buyer;               /* struct buyer: new and change */
extern const struct pg_columns pg_columns_buyer_key;           /* struct buyer_key */
extern const struct pg_columns pg_columns_reversed;            /* struct reversed */

#endif
