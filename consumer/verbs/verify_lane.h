/* Proves one lane of a live ledger.
 *
 * The journal below a lane's position never changes, so it is read page by page without holding
 * a snapshot, seal by seal, until little is left; that rest, the accounts, the holds, what is
 * sold and the system accounts are then compared in one snapshot. A ledger of any length holds
 * back pruning only for as long as it takes to read the accounts and holds of one lane. */
#ifndef TELLER_VERBS_VERIFY_LANE_H
#define TELLER_VERBS_VERIFY_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/verbs/verify_finding.h"
#include "consumer/verbs/verify_totals.h"

struct verify_counts {
    uint64_t rows;
    uint64_t quarantined;
    uint64_t seals;
    uint64_t accounts;
    uint64_t holds;
    uint64_t products;
    uint64_t subscriptions;
};

/* Adds to *counts and *ledger what was read. PG_DONE: the lane was looked at, and finding->found
 * says whether something is wrong; any other answer: it could not be read. */
enum pg_answer verify_lane(struct pg_conn *conn, uint16_t lane, struct verify_counts *counts,
                           struct verify_totals *ledger, struct finding *finding,
                           struct pg_failure *failure);

#endif
