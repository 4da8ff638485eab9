/* What a lane needs from the database before it can go on: answered in one round trip.
 *
 * Filled by lane_apply, answered with lane_put_* and closed with lane_loaded. */
#ifndef TELLER_CORE_WANTS_H
#define TELLER_CORE_WANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "consumer/core/sale_rows.h"

#define WANTS_DUE_MAX 1000  /* holds that one tick ends; fixed by rules 1 */
#define WANTS_CHUNK_MAX 500 /* subscriptions that one chunk settles; fixed by rules 1 */
/* The most that one record may want of anything, ticks and chunks aside. */
#define WANTS_PER_RECORD COMMAND_GROUP_MAX

/* What a reverse asks of a command: its rows on one account. However many there are, two tell that
 * it is not reversible; a claim (STEP_REVERSAL) there is once at most. */
#define WANTS_ROWS_PER_REVERSED 2
struct reversed {
    struct uuid id;
    int64_t account_number;
};

struct subscription_key {
    struct uuid id;
    uint16_t origin;
};

struct buyer_key {
    int64_t product_number;
    struct ident account;
};

struct wants {
    const struct ident *accounts; /* rows of these accounts, if they exist */
    size_t accounts_count;
    const int64_t *numbers; /* rows of the accounts with these numbers */
    size_t numbers_count;
    const struct journal_key *keys; /* the entries with these keys, if they exist */
    size_t keys_count;
    const struct reversed *reversed; /* WANTS_ROWS_PER_REVERSED entries of each, any of them, and
                                        its claim, if they exist */
    size_t reversed_count;
    const struct uuid *holds; /* holds with these ids and origin = this lane */
    size_t holds_count;
    const struct ident *products; /* rows of these products, if they exist */
    size_t products_count;
    const struct subscription_key *subscriptions; /* rows of these, if they exist */
    size_t subscriptions_count;
    const struct buyer_key *buyers; /* likewise */
    size_t buyers_count;
    int64_t shares_of; /* number of a product: (number, quantity) of all its open subscriptions,
                            in any order; 0: none wanted */
    int64_t chunk_of;  /* number of a product: its subscriptions with number > chunk_after, lowest
                            first, in any state, at most WANTS_CHUNK_MAX; 0: none wanted */
    int64_t chunk_after;
    bool due; /* open holds with expires_at <= due_ms, earliest first (then by
                                     id), at most WANTS_DUE_MAX */
    int64_t due_ms;
};

#endif
