/* Sums per asset: of accounts, of system accounts, and of what the journal says those should be. */
#ifndef TELLER_VERBS_VERIFY_TOTALS_H
#define TELLER_VERBS_VERIFY_TOTALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/verbs/verify_finding.h"

#define SYSTEM_ROLES 5 /* enum system_role, none included */

struct asset_total {
    struct asset asset;
    money_wide accounts;             /* sum of the account rows' balances */
    money_wide between;              /* sum of postings between accounts of the lane: 0 */
    money_wide posted[SYSTEM_ROLES]; /* by the journal: minus what was posted against the role */
    money_wide stored[SYSTEM_ROLES]; /* by the system accounts' rows */
};

struct verify_totals {
    struct asset_total *items; /* in order of appearance: an index stays valid */
    size_t count;
    size_t room;
};

#define VERIFY_TOTALS_INIT                                                                         \
    { .items = NULL, .count = 0, .room = 0 }

void verify_totals_close(struct verify_totals *totals);

/* The index of the asset's entry, made if it is new. Aborts when out of memory. */
size_t verify_totals_index(struct verify_totals *totals, const struct asset *asset);

/* Counts one journal row whose money is in asset `index`. False: it moves money against nobody. */
bool verify_totals_post(struct verify_totals *totals, size_t index, const struct journal_row *row,
                        struct finding *finding);

/* Counts a row of money that came for an account which could not take it: from @transit to
 * @suspense. False: it is no such row. */
bool verify_totals_suspend(struct verify_totals *totals, const struct journal_row *row,
                           struct finding *finding);

/* Every asset of the lane sums up to 0, and every system account is what the journal says. */
bool verify_totals_check(const struct verify_totals *totals, struct finding *finding);

/* Adds a lane's sums to the ledger's. */
void verify_totals_merge(struct verify_totals *ledger, const struct verify_totals *lane);

/* Sum of all accounts, system accounts included: 0 in a ledger that is right. */
money_wide verify_totals_sum(const struct asset_total *total);

const char *verify_totals_role(enum system_role role); /* "@world" */

#endif
