/* What replay answers the lane machine is bounded as the database's answers are. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "consumer/verbs/replay_store.h"
#include "tests/fakes/solo.h"

#define RECORDS 8
#define NAMESAKES 4000 /* commands of other lanes with one id, all on one account */

static void replay_until_applied(struct replay_store *store, struct solo *solo) {
    for (; solo->next < (int64_t)solo->log_count; solo->next++) {
        cr_assert_eq(lane_offer(solo->lane, &solo->log[solo->next]->record), LANE_TAKEN);
    }
    while (lane_apply(solo->lane) == LANE_MISSING) {
        replay_store_load(store, solo->lane);
    }
}

/* Credits of transfers from as many lanes, whose clients all chose the id of the first row. */
static void add_namesakes(struct replay_store *store, const struct entry *first) {
    struct journal_row *rows = calloc(NAMESAKES, sizeof *rows);
    cr_assert_not_null(rows);
    for (int i = 0; i < NAMESAKES; i++) {
        rows[i].entry = *first;
        rows[i].entry.type = COMMAND_TRANSFER;
        rows[i].entry.key.origin = (uint16_t)(1 + i);
        rows[i].entry.key.step = STEP_CREDIT;
    }
    replay_store_commit(store, &(struct batch){.rows = rows, .rows_count = NAMESAKES});
    free(rows);
}

static void commit(struct replay_store *store, struct solo *solo) {
    replay_store_commit(store, lane_batch(solo->lane));
    lane_committed(solo->lane);
}

Test(replay_store, test_a_reverse_gets_no_more_rows_than_it_asks_for) {
    struct lane_limits limits = solo_least(RECORDS);
    struct solo solo;
    struct replay_store store;
    solo_open(&solo, &limits, 0, 1);
    replay_store_init(&store);
    solo_command(&solo, "alice",
                 "{'v':1,'id':'00000000-0001-7000-8000-000000000001',"
                 "'type':'account.open','account':'alice','currency':'EUR'}");
    solo_command(&solo, "alice",
                 "{'v':1,'id':'00000000-0001-7000-8000-000000000002',"
                 "'type':'deposit','account':'alice','amount':5}");
    replay_until_applied(&store, &solo);
    const struct entry deposit = lane_batch(solo.lane)->rows[1].entry;
    commit(&store, &solo);
    add_namesakes(&store, &deposit);
    solo_command(&solo, "alice",
                 "{'v':1,'id':'00000000-0001-7000-8000-000000000003',"
                 "'type':'reverse','account':'alice',"
                 "'of':'00000000-0001-7000-8000-000000000002'}");
    replay_until_applied(&store, &solo);
    const struct batch *batch = lane_batch(solo.lane);
    cr_expect_eq(batch->outputs_count, 1);
    cr_expect_eq(batch->outputs[0].outcome, OUTCOME_NOT_REVERSIBLE);
    replay_store_close(&store);
    solo_close(&solo);
}
