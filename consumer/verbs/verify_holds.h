/* Every hold was made by a journal row, and every expired one ended by one.
 *
 * Holds and rows come in different orders, and neither is kept: each side is summed up as one
 * number in which every field of every member counts. Equal sets give equal numbers, different ones
 * with a chance of 2^-64. This is for slips, not against someone who computes collisions: what the
 * holds of an account sum up to is compared exactly, by verify_accounts. */
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
    struct hold_set journal_made;
    struct hold_set journal_expired;
    struct hold_set table_all;
    struct hold_set table_expired;
};

/* A journal row that was checked already. */
void verify_holds_journal(struct verify_holds *holds, const struct journal_row *row);
void verify_holds_row(struct verify_holds *holds, const struct hold *row);
bool verify_holds_check(const struct verify_holds *holds, struct finding *finding);

#endif
