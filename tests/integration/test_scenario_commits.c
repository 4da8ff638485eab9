/* What must be together is together, and what must stay apart stays apart: P10 and the T scenarios
 * that one lane can meet. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "common/partition.h"
#include "tests/harness/commands.h"
#include "tests/harness/crowd.h"
#include "tests/harness/db.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"

#define SAID_MAX 512

/* Without a group a successor need not wait for the dead one's session to end. */
static const char *const alone[] = {"--lanes", "0-7", NULL};

static void open_account(const struct ledger *ledger, const char *account) {
    stage_teller(ledger, 0, NULL, 0, "open", account, "--currency", "KRW", "--wait", NULL);
}

/* Eight clients have read version 2 and want to write on that ground. */
Test(scenario, test_p10_of_many_writers_on_one_version_one_wins) {
    struct stage stage;
    stage_open(&stage, "p10", 2);
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, 10);
    open_account(&stage.ledger, "bob");
    stage_apply(&stage.ledger, "deposit", "bob", "1000");
    crowd_open(&crowd, &stage.ledger, 8);
    for (int i = 0; i < 8; i++) {
        char id[UUID_TEXT_LEN + 1];
        commands_new_id(&prng, id);
        fprintf(crowd.members[i].script,
                "{\"v\":1,\"id\":\"%s\",\"type\":\"withdraw\",\"account\":\"bob\",\"amount\":100,"
                "\"expected_version\":2}\n",
                id);
    }
    cr_expect_eq(crowd_run(&crowd, STAGE_TIMEOUT_MS), 1);
    cr_expect_eq(crowd_count(&crowd, "version_mismatch"), 7);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 900);
    stage_close(&stage);
}

/* All 101 commands wait in the log before a worker comes, so that they share a batch. */
Test(scenario, test_t2_a_breaking_command_is_refused_and_its_neighbours_are_not) {
    struct stage stage;
    stage_open(&stage, "t2", 0);
    struct sender sender;
    struct prng prng;
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    prng_seed(&prng, 2);
    sender_open(&sender, stage.ledger.sandbox.brokers, stage.ledger.commands);
    commands_new_id(&prng, id);
    commands_open(text, id, "bob");
    sender_put_command(&sender, "bob", text);
    for (int i = 0; i < 101; i++) {
        commands_new_id(&prng, id);
        commands_amount(text, id, i == 50 ? "withdraw" : "deposit", "bob", i == 50 ? 51 : 1);
        sender_put_command(&sender, "bob", text);
    }
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    worker_start(&stage.workers[stage.workers_count++], &stage.ledger, &(struct worker_plan){0});
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 100);
    cr_expect_eq(db_int(stage.ledger.db,
                        "SELECT count(*) FROM teller.v1_outcome"
                        " WHERE reason = 'insufficient_funds'",
                        -1),
                 1);
    stage_close(&stage);
}

Test(scenario, test_t6_a_poisoned_record_leaves_its_neighbours_and_the_lane_goes_on) {
    struct stage stage;
    stage_open(&stage, "t6", 0);
    struct sender sender;
    sender_open(&sender, stage.ledger.sandbox.brokers, stage.ledger.commands);
    sender_put_command(&sender, "bob",
                       "{\"v\":1,\"id\":\"0193e4a0-7b1c-7def-8abc-000000000001\","
                       "\"type\":\"account.open\",\"account\":\"bob\",\"currency\":\"KRW\"}");
    sender_put(&sender, &(struct parcel){.key = slice_of("bob"),
                                         .value = slice_of("{\"v\":1,\"id\""),
                                         .partition = -1,
                                         .expect = "malformed"});
    sender_put_command(&sender, "bob",
                       "{\"v\":1,\"id\":\"0193e4a0-7b1c-7def-8abc-000000000003\","
                       "\"type\":\"deposit\",\"account\":\"bob\",\"amount\":3}");
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    worker_start(&stage.workers[stage.workers_count++], &stage.ledger, &(struct worker_plan){0});
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 3);
    cr_expect_eq(db_int(stage.ledger.db, "SELECT log_offset FROM teller.v1_quarantine", -1), 1);
    cr_expect_eq(worker_applied(&stage.ledger), 3, "the offset is past the third");
    stage_close(&stage);
}

static bool has_results(void *context) {
    const struct ledger *ledger = context;
    int64_t results = 0;
    for (uint16_t lane = 0; lane < ledger->partitions; lane++) {
        results += topic_end(ledger->sandbox.brokers, ledger->results, lane);
    }
    return results > 0;
}

/* The worker dies when everything is written and nothing is committed. */
Test(scenario, test_t7_nothing_is_answered_before_its_commit) {
    struct stage stage;
    stage_open(&stage, "t7", 0);
    struct worker *worker = &stage.workers[0];
    worker_start(worker, &stage.ledger,
                 &(struct worker_plan){.arguments = alone, .failpoint = "stop-before_commit:1"});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", NULL);
    cr_assert(process_wait_stopped(&worker->process, STAGE_TIMEOUT_MS));
    process_kill(&worker->process);
    cr_expect_not(has_results(&stage.ledger), "answered what was rolled back");
    cr_expect_eq(worker_applied(&stage.ledger), 0, "the offset has moved without its batch");
    worker_start(worker, &stage.ledger, &(struct worker_plan){.arguments = alone});
    stage.workers_count = 1;
    cr_expect(wait_until(has_results, &stage.ledger, STAGE_TIMEOUT_MS));
    stage_close(&stage);
}

/* The worker dies when the commit is durable and nothing is published. */
Test(scenario, test_t7_what_was_committed_is_answered_after_a_crash) {
    struct stage stage;
    stage_open(&stage, "t7_after", 0);
    struct worker *worker = &stage.workers[0];
    worker_start(worker, &stage.ledger,
                 &(struct worker_plan){.arguments = alone, .failpoint = "kill-after_commit:1"});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", NULL);
    cr_assert(process_wait(&worker->process, STAGE_TIMEOUT_MS));
    cr_expect_eq(worker->process.status, -SIGKILL);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "version"), 1);
    worker_start(worker, &stage.ledger, &(struct worker_plan){.arguments = alone});
    stage.workers_count = 1;
    cr_expect(wait_until(has_results, &stage.ledger, STAGE_TIMEOUT_MS));
    stage_close(&stage);
}

static bool has_stopped_lane(void *context) {
    const struct ledger *ledger = context;
    return db_int(ledger->db, "SELECT count(*) FROM teller.v1_lag WHERE state = 'database'", 0) > 0;
}

/* A trigger makes one account's rows fail inside the transaction. The lane that meets it stops; the
 * others, which share its writer's transactions, go on. */
Test(scenario, test_t9_an_error_inside_a_transaction_stops_its_own_lane_only) {
    struct stage stage;
    stage_open(&stage, "t9", 1);
    db_exec(stage.ledger.db,
            "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF new.id = 'cursed' THEN RAISE EXCEPTION 'cursed' USING ERRCODE = '23514'; END IF;"
            " RETURN new; END $$");
    db_exec(stage.ledger.db, "CREATE TRIGGER refuse BEFORE INSERT ON teller.account"
                             " FOR EACH ROW EXECUTE FUNCTION public.refuse()");
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "cursed", "--currency", "KRW", NULL);
    cr_assert(wait_until(has_stopped_lane, &stage.ledger, STAGE_TIMEOUT_MS));
    int64_t lane = db_int(stage.ledger.db,
                          "SELECT lane FROM teller.v1_lag WHERE state = 'database'", -1);
    cr_expect_eq(stage_account(&stage.ledger, "cursed", "version"), -1, "half a batch is there");
    for (char name[] = "a"; name[0] <= 'h'; name[0]++) {
        if (partition_of(name, 1, STAGE_PARTITIONS) != lane) {
            open_account(&stage.ledger, name);
        }
    }
    cr_expect_eq(worker_stop(&stage.workers[0]), 0);
    db_exec(stage.ledger.db, "DROP TRIGGER refuse ON teller.account");
    worker_start(&stage.workers[0], &stage.ledger, &(struct worker_plan){0});
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "cursed", "version"), 1);
    stage_close(&stage);
}

Test(scenario, test_t10_a_command_is_undone_once) {
    struct stage stage;
    stage_open(&stage, "t10", 2);
    const struct ledger *ledger = &stage.ledger;
    const char *id = "0193e4a0-7b1c-7def-8abc-000000000010";
    char said[SAID_MAX];
    open_account(ledger, "bob");
    stage_teller(ledger, 0, NULL, 0, "deposit", "bob", "500", "--id", id, "--wait", NULL);
    stage_apply(ledger, "reverse", "bob", id);
    cr_expect_eq(stage_account(ledger, "bob", "balance"), 0);
    stage_teller(ledger, 1, said, SAID_MAX, "reverse", "bob", id, "--wait", NULL);
    cr_expect_not_null(strstr(said, "already_reversed"), "%s", said);
    cr_expect_eq(stage_account(ledger, "bob", "balance"), 0);
    stage_close(&stage);
}
