/* All scenarios in one ledger at once, with workers killed in the middle: each must come out as
 * if it had been alone and nobody had died. */
#include <criterion/criterion.h>

#include "common/rt/clock.h"
#include "tests/harness/audit.h"
#include "tests/harness/crowd.h"
#include "tests/harness/db.h"
#include "tests/harness/edited.h"
#include "tests/harness/plays.h"
#include "tests/harness/stage.h"

#define PLAYS_MAX 32
#define PRODUCERS 8
#define KILLS 6
#define ALIVE_MAX_MS 300
#define SEED 41
#define RACE_TIMEOUT_MS 240000

/* Dead members must be missed soon, else the others wait for them most of the time. */
static const char *const arguments[] = {"--session-timeout", "1000", NULL};

static size_t gather(const struct play *plays[PLAYS_MAX]) {
    size_t count = 0;
    while (play_at(count) != NULL) {
        cr_assert_lt(count, PLAYS_MAX);
        plays[count] = play_at(count);
        count++;
    }
    return count;
}

static bool is_over(struct crowd *crowd) {
    bool is_over = true;
    for (int i = 0; i < crowd->count; i++) {
        is_over &= process_has_ended(&crowd->members[i].process);
    }
    return is_over;
}

/* Each in turn, at any moment; a new one takes its place at once. Returns how many died while
 * somebody waited for his answers. */
static int kill_in_turn(struct stage *stage, struct crowd *crowd) {
    struct prng prng;
    int in_the_middle = 0;
    prng_seed(&prng, SEED);
    for (int i = 0; i < KILLS; i++) {
        struct worker *worker = &stage->workers[i % stage->workers_count];
        int64_t epochs = worker_epochs(&stage->ledger);
        clock_sleep_ms((int64_t)prng_below(&prng, ALIVE_MAX_MS)); /* dies at any moment */
        in_the_middle += !is_over(crowd);
        process_kill(&worker->process);
        worker_start(worker, &stage->ledger,
                     &(struct worker_plan){.number = worker->number, .arguments = arguments});
        worker_wait_owners(&stage->ledger, epochs - stage->ledger.partitions + 1, STAGE_TIMEOUT_MS);
    }
    return in_the_middle;
}

static int64_t sum_of_everything(const struct ledger *ledger) {
    return db_int(ledger->db,
                  "SELECT count(*) FROM (SELECT currency FROM"
                  " (SELECT currency, balance FROM teller.v1_account UNION ALL"
                  "  SELECT currency, balance FROM teller.v1_system) b"
                  " GROUP BY currency HAVING sum(balance) <> 0) unbalanced",
                  -1);
}

/* What kills left behind replays clean; what a hand did to it does not. */
static const struct edit edits[] = {
    {"a balance", "UPDATE teller.account SET balance = balance + 1 WHERE id = 'shop-3'",
     "account shop-3: balance is 125001, by the log 125000"},
    {"a settlement", "UPDATE teller.journal SET memo = 'gift' WHERE type = 40 AND step = 4",
     "memo is not"},
    {"a deleted step",
     "DELETE FROM teller.journal WHERE (command_id, step) ="
     " (SELECT command_id, step FROM teller.journal WHERE step = 1 LIMIT 1)",
     "by the log there is a journal row here"},
};

Test(mixed, test_all_scenarios_at_once_survive_kills_in_the_middle, .timeout = 600) {
    const struct play *plays[PLAYS_MAX];
    size_t count = gather(plays);
    struct stage stage;
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, SEED);
    stage_open(&stage, "mixed", 0);
    for (int i = 0; i < 2; i++) {
        stage_add(&stage, &(struct worker_plan){.arguments = arguments});
    }
    play_prepare(&stage.ledger, plays, count);
    crowd_open(&crowd, &stage.ledger, PRODUCERS);
    for (size_t i = 0; i < count; i++) {
        plays[i]->race(&crowd, &prng);
    }
    crowd_start(&crowd);
    cr_expect_geq(kill_in_turn(&stage, &crowd), 2, "nobody died in the middle of anything");
    cr_expect_eq(crowd_join(&crowd, RACE_TIMEOUT_MS), 1, "somebody was refused, nobody had to ask");
    audit_ledger(&stage.ledger, RACE_TIMEOUT_MS); /* when no leg is missing any more */
    cr_expect_eq(sum_of_everything(&stage.ledger), 0);
    for (size_t i = 0; i < count; i++) {
        plays[i]->check(&stage.ledger);
    }
    stage_stop_workers(&stage);
    edited_expect_found(&stage.ledger, "replay", edits, sizeof edits / sizeof *edits);
    ledger_close(&stage.ledger);
}
