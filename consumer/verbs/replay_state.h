/* Compares what replay has in memory with the rows of one snapshot of the database: every row of
 * either side has its partner, and they are the same. */
#ifndef TELLER_VERBS_REPLAY_STATE_H
#define TELLER_VERBS_REPLAY_STATE_H

#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/verbs/replay_store.h"
#include "consumer/verbs/verify_finding.h"

struct replay_counts {
    uint64_t records;
    uint64_t rows;
    uint64_t quarantined;
    uint64_t accounts;
    uint64_t holds;
    uint64_t products;
    uint64_t subscriptions;
    uint64_t buyers;
    uint64_t systems;
};

/* Adds to *counts what was compared. PG_DONE: finding->found says whether they differ. */
enum pg_answer replay_state_compare(struct pg_conn *conn, uint16_t lane,
                                    const struct replay_store *store, struct replay_counts *counts,
                                    struct finding *finding, struct pg_failure *failure);

#endif
