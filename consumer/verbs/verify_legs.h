/* Pairs every leg of the ledger, and lists those under way.
 *
 * Every command between lanes is judged (verify_case) from a snapshot of all lanes at once, page
 * by page of command ids: nothing has to be forgiven for lanes that move meanwhile, so nothing
 * can hide behind it. Since each lane's @transit is what its journal posted (verify_totals), and
 * every such posting belongs to a command that is complete or under way with just that money,
 * the money under way is what all @transit sum to. */
#ifndef TELLER_VERBS_VERIFY_LEGS_H
#define TELLER_VERBS_VERIFY_LEGS_H

#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/verbs/verify_case.h"
#include "consumer/verbs/verify_finding.h"

#define VERIFY_LEGS_OLD_MAX 1000 /* old legs that are kept; more are only counted */

struct verify_money {
    struct asset asset;
    money_wide amount;
};

struct verify_legs {
    int64_t older_than_ms; /* set by the caller: from what age on a leg is old */
    uint64_t commands;     /* that were judged */
    uint64_t under_way;
    uint64_t old_count;
    struct verify_flight *old; /* VERIFY_LEGS_OLD_MAX of them at most */
    size_t old_kept;
    struct verify_money *money; /* under way */
    size_t money_count;
};

void verify_legs_close(struct verify_legs *legs);

/* Reads the whole ledger once. PG_DONE: finding->found says whether something does not fit. */
enum pg_answer verify_legs_read(struct verify_legs *legs, struct pg_conn *conn,
                                struct finding *finding, struct pg_failure *failure);

#endif
