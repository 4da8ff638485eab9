/* What a lane needs from the database before it can go on: answered in one round trip.
 *
 * Filled by lane_prepare and lane_apply, answered with lane_put_* and closed with lane_loaded. */
#ifndef TELLER_CORE_WANTS_H
#define TELLER_CORE_WANTS_H

#include <stdbool.h>
#include <stddef.h>

#include "consumer/core/rows.h"

#define WANTS_ENTRIES_PER_ID 24 /* at most so many journal rows are read for one `of` */
#define WANTS_DUE_MAX 1000      /* holds that one tick ends; fixed by rules 1 */

struct wants {
    const struct ident *accounts; /* rows of these accounts, if they exist */
    size_t accounts_count;
    const int64_t *numbers; /* rows of the accounts with these numbers */
    size_t numbers_count;
    const struct journal_key *keys; /* the entries with these keys, if they exist */
    size_t keys_count;
    const struct uuid *ids; /* all entries of these commands in this lane */
    size_t ids_count;
    const struct uuid *holds; /* holds with these ids and origin = this lane */
    size_t holds_count;
    bool due; /* open holds with expires_at <= due_ms, earliest first (then by
                                     id), at most WANTS_DUE_MAX */
    int64_t due_ms;
};

#endif
