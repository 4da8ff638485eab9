/* Scenarios that need a hand on the worker, or a look at the server while it works: what two lanes
 * know of one another in the middle of a transfer, and what they never have to wait for. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "common/partition.h"
#include "common/rt/clock.h"
#include "tests/harness/audit.h"
#include "tests/harness/crowd.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/plays.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define SAID_MAX 512
#define MOVED 5000
#define D1_LANES_MAX 16
#define D1_RECORDS 4000

static const char *const alone[] = {"--lanes", "0-7", NULL};

static void open_with(const struct ledger *ledger, const char *account, const char *amount) {
    stage_teller(ledger, 0, NULL, 0, "open", account, "--currency", "KRW", "--wait", NULL);
    if (amount != NULL) {
        stage_apply(ledger, "deposit", account, amount);
    }
}

static int64_t in_transit(const struct ledger *ledger) {
    return db_int(ledger->db, "SELECT sum(balance) FROM teller.v1_system WHERE role = '@transit'",
                  0);
}

/* Accounts, system accounts and money on its way, in one snapshot. */
static int64_t sum_of_all(const struct ledger *ledger) {
    return db_int(ledger->db,
                  "SELECT sum(balance) FROM (SELECT balance FROM teller.v1_account UNION ALL"
                  " SELECT balance FROM teller.v1_system) AS everything",
                  -1);
}

/* alice and bob are of different lanes. */
static void open_two(const struct ledger *ledger) {
    cr_assert_neq(partition_of("alice", 5, STAGE_PARTITIONS),
                  partition_of("bob", 3, STAGE_PARTITIONS));
    open_with(ledger, "alice", "10000");
    open_with(ledger, "bob", "10000");
}

/* The remittance was prepared from a balance that is stale when it is sent. */
Test(scenario_lanes, test_r2_a_remittance_from_a_stale_read_loses_no_withdrawal) {
    struct stage stage;
    char said[SAID_MAX];
    stage_open(&stage, "r2", 2);
    open_two(&stage.ledger);
    stage_teller(&stage.ledger, 0, said, SAID_MAX, "balance", "bob", NULL);
    cr_assert_not_null(strstr(said, "10,000"), "%s", said);
    stage_apply(&stage.ledger, "withdraw", "bob", "7000");
    stage_teller(&stage.ledger, 0, NULL, 0, "transfer", "alice", "bob", "5000", "--wait", NULL);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 8000);
    cr_expect_eq(stage_account(&stage.ledger, "alice", "balance"), 5000);
    stage_close(&stage);
}

/* The only worker dies there, and another takes its place. */
static void die_in_a_transfer(const char *name, const char *failpoint, int64_t debited) {
    struct stage stage;
    stage_open(&stage, name, 0);
    struct worker *worker = stage_add(&stage, &(struct worker_plan){.arguments = alone});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    open_two(&stage.ledger);
    cr_assert_eq(worker_stop(worker), 0);
    worker_start(worker, &stage.ledger,
                 &(struct worker_plan){.arguments = alone, .failpoint = failpoint});
    stage_teller(&stage.ledger, 0, NULL, 0, "transfer", "alice", "bob", "5000", NULL);
    cr_assert(process_wait(&worker->process, STAGE_TIMEOUT_MS), "%s is never hit", failpoint);
    cr_expect_eq(worker->process.status, -SIGKILL);
    cr_expect_eq(stage_account(&stage.ledger, "alice", "balance"), 10000 - debited);
    cr_expect_eq(sum_of_all(&stage.ledger), 0, "half of a transfer is lost");
    worker_start(worker, &stage.ledger, &(struct worker_plan){.arguments = alone});
    audit_ledger(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "alice", "balance"), 5000);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 15000);
    stage_close(&stage);
}

Test(scenario_lanes, test_t1_death_before_the_debit_commits_is_no_transfer_yet, .timeout = 200) {
    die_in_a_transfer("t_debit", "kill-before_commit:1", 0);
}

Test(scenario_lanes, test_t1_death_between_debit_and_leg_loses_nothing, .timeout = 200) {
    die_in_a_transfer("t_leg", "kill-after_commit:1", MOVED);
}

Test(scenario_lanes, test_t1_death_before_the_credit_commits_loses_nothing, .timeout = 200) {
    die_in_a_transfer("t_credit", "kill-before_commit:2", MOVED);
}

Test(scenario_lanes, test_t1_death_before_the_end_is_told_doubles_nothing, .timeout = 200) {
    die_in_a_transfer("t_told", "kill-after_commit:2", MOVED);
}

static bool is_on_its_way(void *context) {
    return in_transit(context) == MOVED;
}

/* First the moment itself, frozen; then many of them, in passing. */
Test(scenario_lanes, test_t3_a_reader_in_mid_transfer_finds_all_the_money, .timeout = 200) {
    struct stage stage;
    stage_open(&stage, "t3", 0);
    struct worker *worker = stage_add(&stage, &(struct worker_plan){.arguments = alone});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    open_two(&stage.ledger);
    cr_assert_eq(worker_stop(worker), 0);
    worker_start(worker, &stage.ledger,
                 &(struct worker_plan){.arguments = alone, .failpoint = "stop-after_commit:1"});
    stage_teller(&stage.ledger, 0, NULL, 0, "transfer", "alice", "bob", "5000", NULL);
    cr_assert(wait_until(is_on_its_way, &stage.ledger, STAGE_TIMEOUT_MS));
    cr_expect_eq(sum_of_all(&stage.ledger), 0);
    cr_assert(process_wait_stopped(&worker->process, STAGE_TIMEOUT_MS));
    process_signal(&worker->process, SIGCONT);
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, 3);
    crowd_open(&crowd, &stage.ledger, 2);
    for (int i = 0; i < 400; i++) {
        play_say(crowd.members[i % 2].script, &prng,
                 "'type':'transfer','account':'%s','to':'%s','amount':10",
                 i % 2 == 0 ? "alice" : "bob", i % 2 == 0 ? "bob" : "alice");
    }
    crowd_start(&crowd);
    for (int reads = 0; reads < 300; reads++) {
        cr_assert_eq(sum_of_all(&stage.ledger), 0, "read number %d", reads);
    }
    cr_expect_eq(crowd_join(&crowd, STAGE_TIMEOUT_MS), 0);
    stage_close(&stage);
}

/* The cap is 10 and taken; one goes, and one more fits. */
Test(scenario_lanes, test_d5_cancelling_makes_room_under_the_cap, .timeout = 200) {
    const char *id = "0193e4a0-7b1c-7def-8abc-0000000d5001";
    struct stage stage;
    char said[SAID_MAX];
    stage_open(&stage, "d_room", 2);
    const struct ledger *ledger = &stage.ledger;
    open_two(ledger);
    stage_teller(ledger, 0, NULL, 0, "product", "create", "ipo", "--price", "100", "--stock", "10",
                 "--currency", "KRW", "--mode", "subscription", "--cap", "10", "--wait", NULL);
    stage_teller(ledger, 0, NULL, 0, "subscribe", "alice", "ipo", "--quantity", "10", "--price",
                 "100", "--id", id, "--wait", NULL);
    stage_teller(ledger, 1, said, SAID_MAX, "subscribe", "bob", "ipo", "--quantity", "1", "--price",
                 "100", "--wait", NULL);
    cr_expect_not_null(strstr(said, "cap_exceeded"), "%s", said);
    stage_teller(ledger, 0, NULL, 0, "unsubscribe", "alice", "ipo", id, "--wait", NULL);
    stage_teller(ledger, 0, NULL, 0, "subscribe", "bob", "ipo", "--quantity", "1", "--price", "100",
                 "--wait", NULL);
    cr_expect_eq(stage_account(ledger, "bob", "held"), 100);
    stage_close(&stage);
}

/* A worker dies when the allotment is committed and no lane has been told, and the next one when
 * its first chunk is. */
Test(scenario_lanes, test_d4_side_effects_happen_once_after_crashes, .timeout = 200) {
    const struct play *play = play_find("d7");
    struct stage stage;
    stage_open(&stage, "d_crash", 0);
    struct worker *worker = stage_add(&stage, &(struct worker_plan){.arguments = alone});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    play_prepare(&stage.ledger, &play, 1);
    cr_assert_eq(worker_stop(worker), 0);
    for (int death = 0; death < 2; death++) {
        worker_start(worker, &stage.ledger,
                     &(struct worker_plan){.arguments = alone, .failpoint = "kill-after_commit:1"});
        if (death == 0) {
            stage_teller(&stage.ledger, 0, NULL, 0, "product", "finalize", "d7-ipo", NULL);
        }
        cr_assert(process_wait(&worker->process, STAGE_TIMEOUT_MS), "death %d", death);
    }
    worker_start(worker, &stage.ledger, &(struct worker_plan){.arguments = alone});
    audit_ledger(&stage.ledger, STAGE_TIMEOUT_MS);
    play->check(&stage.ledger);
    stage_close(&stage);
}

static int64_t waiting_sessions(const struct ledger *ledger) {
    return db_int(ledger->db,
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                  " AND usename = 'teller_worker' AND wait_event_type = 'Lock'",
                  -1);
}

/* Subscribers of every lane want one product: nobody waits for anybody's lock. */
Test(scenario_lanes, test_d6_d8_a_cap_is_kept_by_real_commits_and_no_lock, .timeout = 200) {
    const struct play *play = play_find("d5");
    struct stage stage;
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, 6);
    stage_open(&stage, "d_locks", 2);
    play_prepare(&stage.ledger, &play, 1);
    crowd_open(&crowd, &stage.ledger, 8);
    play->race(&crowd, &prng);
    crowd_start(&crowd);
    for (int look = 0; look < 300; look++) {
        cr_assert_eq(waiting_sessions(&stage.ledger), 0, "look number %d", look);
    }
    cr_expect_eq(crowd_join(&crowd, STAGE_TIMEOUT_MS), 1);
    cr_expect_gt(
        db_int(stage.ledger.db, "SELECT count(DISTINCT xmin::text) FROM teller.journal", 0), 10,
        "all in a few transactions: nothing has raced");
    cr_expect_eq(worker_owner_count(&stage.ledger), 2, "one connection races with nobody");
    play->check(&stage.ledger);
    stage_close(&stage);
}

struct pace {
    int64_t elapsed_ms;
    int64_t lanes_used;
};

/* The same commands in a ledger of that many lanes. */
static struct pace measure(uint16_t lanes) {
    struct ledger ledger;
    struct worker worker;
    struct sender sender;
    char name[16];
    snprintf(name, sizeof name, "d1_%d", (int)lanes);
    ledger_open(&ledger, name, lanes);
    struct traffic *traffic = traffic_new(&(struct traffic_plan){.seed = 1, .accounts = 200});
    sender_open(&sender, ledger.sandbox.brokers, ledger.commands);
    traffic_open_accounts(traffic, &sender);
    for (int i = 0; i < D1_RECORDS; i++) {
        traffic_send(traffic, &sender);
    }
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    traffic_free(traffic);
    worker_start(&worker, &ledger, &(struct worker_plan){.number = 0});
    worker_wait_owners(&ledger, 0, STAGE_TIMEOUT_MS);
    int64_t begin = clock_monotonic_ms();
    worker_wait_drained(&ledger, STAGE_TIMEOUT_MS);
    struct pace pace = {clock_monotonic_ms() - begin,
                        db_int(ledger.db, "SELECT count(DISTINCT lane) FROM teller.journal", 0)};
    audit_ledger(&ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(worker_stop(&worker), 0);
    ledger_close(&ledger);
    return pace;
}

/* Measured, not judged: how much lanes gain is a matter of the machine. */
Test(scenario_lanes, test_d1_more_lanes_share_the_work_and_come_to_the_same, .timeout = 300) {
    for (uint16_t lanes = 1; lanes <= D1_LANES_MAX; lanes = (uint16_t)(2 * lanes)) {
        struct pace pace = measure(lanes);
        cr_log_info("%d lanes: %d commands in %lld ms", (int)lanes, D1_RECORDS,
                    (long long)pace.elapsed_ms);
        cr_expect_eq(pace.lanes_used, lanes, "lanes without work");
    }
}
