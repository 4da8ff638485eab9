/* Rows of binary results, in the column order of pg_sql.h, as the lane machine holds them. False: a
 * value that no worker has written. */
#ifndef TELLER_ADAPTERS_PG_DECODE_H
#define TELLER_ADAPTERS_PG_DECODE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "consumer/adapters/pg_lane.h"
#include "consumer/core/sale_rows.h"

bool pg_decode_account(const PGresult *result, int row, struct account *out);
bool pg_decode_entry(const PGresult *result, int row, struct entry *out);
bool pg_decode_hold(const PGresult *result, int row, struct hold *out);
bool pg_decode_product(const PGresult *result, int row, struct product *out);
bool pg_decode_subscription(const PGresult *result, int row, struct subscription *out);
bool pg_decode_buyer(const PGresult *result, int row, struct buyer *out);
bool pg_decode_share(const PGresult *result, int row, int64_t *number, int64_t *quantity);
bool pg_decode_key(const PGresult *result, int row, struct journal_key *out);
bool pg_decode_lane(const PGresult *result, int row, struct pg_lane *out);

/* The answer to min(expires_at): HOLD_NEVER where there is none. */
int64_t pg_decode_due(const PGresult *result);

#endif
