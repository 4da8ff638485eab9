/* How a worker ends: what it leaves behind, and the exit code that says why. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/stage.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"

#define EXIT_OPERATOR 78
#define LANES "0-7" /* all that a stage has */
#define LOG_MAX 16384

static const char *const static_lanes[] = {"--lanes", LANES, NULL};

/* What the worker has said so far. */
static void read_log(const struct ledger *ledger, int number, char text[LOG_MAX]) {
    char path[LEDGER_TEXT_MAX + 32];
    snprintf(path, sizeof path, "%s/worker-%d.log", ledger->logs, number);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    text[fread(text, 1, LOG_MAX - 1, file)] = '\0';
    fclose(file);
}

static void end_with(struct stage *stage, struct worker *worker, int status, const char *said) {
    char text[LOG_MAX];
    cr_assert(process_wait(&worker->process, STAGE_TIMEOUT_MS), "it does not end");
    read_log(&stage->ledger, worker->number, text);
    cr_expect_eq(worker->process.status, status, "%d: %s", worker->process.status, text);
    cr_expect_not_null(strstr(text, said), "%s", text);
}

Test(worker_end, test_a_drained_worker_leaves_no_output_unacknowledged, .timeout = 120) {
    struct stage stage;
    stage_open(&stage, "drained", 1);
    for (int i = 0; i < 5; i++) {
        char account[16];
        snprintf(account, sizeof account, "acc-%d", i);
        stage_teller(&stage.ledger, 0, NULL, 0, "open", account, "--currency", "KRW", NULL);
    }
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(worker_stop(&stage.workers[0]), 0);
    stage.workers_count = 0;
    cr_expect_eq(db_int(stage.ledger.db, "SELECT sum(next_offset) FROM teller.lane", -1), 5);
    cr_expect_eq(
        db_int(stage.ledger.db, "SELECT sum(next_offset - published_offset) FROM teller.lane", -1),
        0);
    stage_close(&stage);
}

Test(worker_end, test_a_static_worker_that_is_replaced_names_the_owner, .timeout = 120) {
    struct stage stage;
    char said[LOG_MAX];
    char owner[64];
    stage_open(&stage, "replaced", 0);
    struct worker *first = stage_add(&stage, &(struct worker_plan){.arguments = static_lanes});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    int64_t epochs = worker_epochs(&stage.ledger);
    stage_add(&stage, &(struct worker_plan){.arguments = static_lanes});
    worker_wait_owners(&stage.ledger, epochs, STAGE_TIMEOUT_MS);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    db_text(stage.ledger.db, "SELECT owner::text FROM teller.lane LIMIT 1", owner, sizeof owner);
    end_with(&stage, first, EXIT_OPERATOR, owner);
    read_log(&stage.ledger, 1, said);
    cr_expect_null(strstr(said, "another owner"), "the new owner is not disturbed: %s", said);
    stage.workers[0] = stage.workers[1];
    stage.workers_count = 1;
    stage_close(&stage);
}

static void refuse_start(const char *name, const char *const *arguments, int status,
                         const char *said) {
    struct stage stage;
    stage_open(&stage, name, 0);
    struct worker *worker = stage_add(&stage, &(struct worker_plan){.arguments = arguments});
    end_with(&stage, worker, status, said);
    cr_expect_eq(worker_epochs(&stage.ledger), 0, "it must not have taken a lane");
    stage.workers_count = 0;
    stage_close(&stage);
}

Test(worker_end, test_another_group_than_the_registered_one_is_refused, .timeout = 120) {
    refuse_start("othergroup", (const char *const[]){"--group", "elsewhere", NULL}, EXIT_OPERATOR,
                 "elsewhere");
}

Test(worker_end, test_topics_that_are_not_there_are_refused, .timeout = 120) {
    refuse_start("othertopic", (const char *const[]){"--prefix", "nowhere", NULL}, EXIT_OPERATOR,
                 "nowhere");
}

Test(worker_end, test_a_lane_that_the_ledger_does_not_have_is_a_usage_error, .timeout = 120) {
    refuse_start("nolane", (const char *const[]){"--lanes", "0-99", NULL}, 64, "--lanes");
}

Test(worker_end, test_a_database_that_does_not_answer_is_unreachable, .timeout = 120) {
    refuse_start("nodb", (const char *const[]){"--db", "host=127.0.0.1 port=1", NULL}, 69,
                 "refused");
}

/* The drain cannot finish while a transaction of its own is frozen by a lock; the second signal
 * does not wait for it. */
Test(worker_end, test_a_second_signal_ends_the_worker_at_once, .timeout = 120) {
    struct stage stage;
    stage_open(&stage, "twice", 1);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    db_exec(stage.ledger.db, "BEGIN; LOCK TABLE teller.lane IN ACCESS EXCLUSIVE MODE");
    stage_teller(&stage.ledger, 0, NULL, 0, "deposit", "alice", "1", NULL);
    process_signal(&stage.workers[0].process, SIGTERM);
    cr_expect_not(process_wait(&stage.workers[0].process, 1000), "it should still be draining");
    process_signal(&stage.workers[0].process, SIGTERM);
    cr_expect(process_wait(&stage.workers[0].process, 3000));
    cr_expect_eq(stage.workers[0].process.status, 0);
    db_exec(stage.ledger.db, "ROLLBACK");
    stage.workers_count = 0;
    stage_add(&stage, &(struct worker_plan){0}); /* what was accepted is applied by the next one */
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}

/* What retention takes of the lane of alice, who has an account, while no worker runs: all below
 * its position and `beyond` records more. Then a worker starts. */
static int64_t lose_records(struct stage *stage, int beyond) {
    int64_t lane = stage_account(&stage->ledger, "alice", "lane");
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT next_offset FROM teller.lane WHERE lane = %d", (int)lane);
    cr_assert_eq(worker_stop(&stage->workers[0]), 0);
    stage->workers_count = 0;
    for (int i = 0; i < beyond + 1; i++) {
        stage_teller(&stage->ledger, 0, NULL, 0, "deposit", "alice", "1", NULL);
    }
    topic_trim(stage->ledger.sandbox.brokers, stage->ledger.commands, (int32_t)lane,
               db_int(stage->ledger.db, sql, -1) + beyond);
    stage_add(stage, &(struct worker_plan){.number = 1});
    return lane;
}

static bool has_stopped(void *context) {
    struct stage *stage = context;
    return worker_said(&stage->ledger, &stage->workers[0], "msg=\"lane stopped\"");
}

Test(worker_end, test_a_lane_whose_records_are_gone_stops_and_names_them, .timeout = 120) {
    struct stage stage;
    char said[LOG_MAX];
    char sql[128];
    stage_open(&stage, "gone", 1);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    int64_t lane = lose_records(&stage, 1);
    wait_for("the stop", has_stopped, &stage, STAGE_TIMEOUT_MS);
    read_log(&stage.ledger, stage.workers[0].number, said);
    cr_expect_not_null(strstr(said, "reason=gap detail=\"records 1 to 1 are gone"), "%s", said);
    cr_expect_eq(worker_stop(&stage.workers[0]), 0);
    snprintf(sql, sizeof sql, "SELECT state FROM teller.lane WHERE lane = %d", (int)lane);
    cr_expect_eq(db_int(stage.ledger.db, sql, -1), 1);
    cr_expect_eq(stage_account(&stage.ledger, "alice", "balance"), 0, "nothing is skipped");
    ledger_close(&stage.ledger);
}

Test(worker_end, test_a_lane_whose_last_record_is_gone_goes_on_with_a_warning, .timeout = 120) {
    struct stage stage;
    char said[LOG_MAX];
    stage_open(&stage, "trimmed", 1);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    (void)lose_records(&stage, 0);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    read_log(&stage.ledger, stage.workers[0].number, said);
    cr_expect_not_null(strstr(said, "the last applied record is gone"), "%s", said);
    cr_expect_eq(stage_account(&stage.ledger, "alice", "balance"), 1);
    cr_expect_eq(worker_stop(&stage.workers[0]), 0);
    ledger_close(&stage.ledger);
}

/* librdkafka may never close a client whose topic is gone; the worker ends all the same. */
Test(worker_end, test_a_worker_whose_topics_are_gone_ends_and_says_so, .timeout = 180) {
    struct stage stage;
    stage_open(&stage, "topicless", 1);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    topics_drop(stage.ledger.sandbox.brokers, stage.ledger.prefix);
    end_with(&stage, &stage.workers[0], EXIT_OPERATOR, "does not exist");
    ledger_close(&stage.ledger);
}
