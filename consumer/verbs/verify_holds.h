/* Every hold was made by a journal row of its kind, and every one that expired or was settled ended
 * by one. Holds and rows come in different orders, and neither is kept: verify_sketch. Nobody who
 * can choose ids chooses the sums, since verify_accounts compares accounts and amounts exactly. */
#ifndef TELLER_VERBS_VERIFY_HOLDS_H
#define TELLER_VERBS_VERIFY_HOLDS_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/verbs/verify_finding.h"

struct hold_set {
    uint64_t count;
    uint64_t sum;
};

struct verify_holds {
    struct hold_set journal_made[HOLD_SUBSCRIPTION + 1]; /* by enum hold_kind */
    struct hold_set journal_expired;
    struct hold_set journal_captured; /* by settlements: client's captures are no step of a hold */
    struct hold_set journal_released; /* likewise */
    struct hold_set table_made[HOLD_SUBSCRIPTION + 1];
    struct hold_set table_expired;
    struct hold_set table_captured;
    struct hold_set table_released;
};

/* A journal row that was checked already. */
void verify_holds_journal(struct verify_holds *holds, const struct journal_row *row);
void verify_holds_row(struct verify_holds *holds, const struct hold *row);
bool verify_holds_check(const struct verify_holds *holds, struct finding *finding);

#endif
