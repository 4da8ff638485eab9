/* The connection to PostgreSQL is lost around a COMMIT: whether it happened is found out from the
 * lane row, never guessed. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/audit.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/proxy.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define ALWAYS "1"
#define NEVER "9223372036854775807"
#define STRIKES 10

static const struct load_plan load_plan = {
    .traffic = {.seed = 6, .accounts = 100, .repeated = 20, .conflicting = 5, .poison = 5},
    .rate = 2000,
};

static bool has_struck(void *context) {
    return proxy_has_struck(context);
}

static void survive_cuts(const char *name, enum proxy_fault fault, int strikes,
                         const char *threshold) {
    const char *const arguments[] = {"--copy-threshold", threshold, "--overlap-threshold",
                                     threshold, NULL};
    struct stage stage;
    struct proxy proxy;
    struct load load;
    stage_open(&stage, name, 0);
    proxy_open(&proxy, &stage.ledger);
    stage_add(&stage, &(struct worker_plan){.arguments = arguments, .db = proxy.conninfo});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    load_start(&load, &stage.ledger, &load_plan);
    proxy_arm(&proxy, fault, strikes, 3);
    cr_expect(wait_until(has_struck, &proxy, STAGE_TIMEOUT_MS), "no COMMIT was struck");
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_close(&stage);
    proxy_close(&proxy);
}

Test(lost_connection, test_cut_before_the_commit, .timeout = 300) {
    survive_cuts("cut_before_p", PROXY_CUT_BEFORE, STRIKES, NEVER);
}

Test(lost_connection, test_cut_before_the_commit_with_copy, .timeout = 300) {
    survive_cuts("cut_before_c", PROXY_CUT_BEFORE, STRIKES, ALWAYS);
}

Test(lost_connection, test_cut_after_the_commit, .timeout = 300) {
    survive_cuts("cut_after_p", PROXY_CUT_AFTER, STRIKES, NEVER);
}

Test(lost_connection, test_cut_after_the_commit_with_copy, .timeout = 300) {
    survive_cuts("cut_after_c", PROXY_CUT_AFTER, STRIKES, ALWAYS);
}

Test(lost_connection, test_cut_while_the_commit_is_on_its_way, .timeout = 300) {
    survive_cuts("cut_amid_p", PROXY_CUT_AMID, STRIKES, NEVER);
}

Test(lost_connection, test_cut_while_the_commit_is_on_its_way_with_copy, .timeout = 300) {
    survive_cuts("cut_amid_c", PROXY_CUT_AMID, STRIKES, ALWAYS);
}

/* Nothing arrives any more and nobody says so: the worker's own deadline ends it. */
Test(lost_connection, test_a_connection_that_hangs_is_given_up, .timeout = 300) {
    survive_cuts("hang", PROXY_HANG, 1, NEVER);
}

struct ear {
    const struct stage *stage;
    const char *text;
};

static bool was_said(void *context) {
    const struct ear *ear = context;
    return worker_said(&ear->stage->ledger, &ear->stage->workers[0], ear->text);
}

/* A server whose processes are frozen takes everything and answers nothing, not even a cancel. Both
 * the writer in mid-transaction and the supervisor in mid-take must come back and say so. */
Test(lost_connection, test_a_frozen_server_is_given_up_with_a_word, .timeout = 300) {
    struct stage stage;
    struct proxy proxy;
    struct load load;
    struct ear ear = {.stage = &stage, .text = "transaction failed, taking the lanes again"};
    stage_open(&stage, "frozen", 0);
    proxy_open(&proxy, &stage.ledger);
    stage_add(&stage, &(struct worker_plan){.db = proxy.conninfo});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    load_start(&load, &stage.ledger, &load_plan);
    proxy_freeze(&proxy, true);
    cr_expect(wait_until(was_said, &ear, STAGE_TIMEOUT_MS), "the writers hang");
    ear.text = "lane not taken yet";
    cr_expect(wait_until(was_said, &ear, STAGE_TIMEOUT_MS), "the supervisor hangs");
    proxy_freeze(&proxy, false);
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_close(&stage);
    proxy_close(&proxy);
}

#define LINE_MAX_BYTES 4096

struct tries {
    const struct stage *stage;
    int all;
    int first_lane; /* of them */
};

/* Counts the takes that failed, up to the third of lane 0. */
static bool has_tried_thrice(void *context) {
    struct tries *tries = context;
    char path[LEDGER_TEXT_MAX + 32];
    char line[LINE_MAX_BYTES];
    snprintf(path, sizeof path, "%s/worker-0.log", tries->stage->ledger.logs);
    FILE *file = fopen(path, "r");
    tries->all = 0;
    tries->first_lane = 0;
    while (file != NULL && tries->first_lane < 3 && fgets(line, sizeof line, file) != NULL) {
        bool is_try = strstr(line, "lane not taken yet") != NULL;
        tries->all += is_try;
        tries->first_lane += is_try && strstr(line, " lane=0 ") != NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    return tries->first_lane == 3;
}

/* Every lane has a back-off of its own, but they have one server: it must not be asked for each of
 * them, or a password that is being rotated is tried hundreds of times a second. */
Test(lost_connection, test_a_server_that_refuses_is_asked_for_all_lanes_as_one, .timeout = 300) {
    struct stage stage;
    struct load load;
    struct tries tries = {.stage = &stage};
    char sql[256];
    stage_open(&stage, "refusing", 1);
    load_start(&load, &stage.ledger, &load_plan);
    worker_wait_applied(&stage.ledger, 1000, STAGE_TIMEOUT_MS);
    snprintf(sql, sizeof sql, "REVOKE CONNECT ON DATABASE %s FROM PUBLIC", stage.ledger.name);
    db_exec(stage.ledger.db, sql);
    db_exec(stage.ledger.db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                             "datname = current_database() AND usename = 'teller_worker'");
    cr_expect(wait_until(has_tried_thrice, &tries, STAGE_TIMEOUT_MS), "no three takes of lane 0");
    cr_expect_leq(tries.all, STAGE_PARTITIONS, "%d takes were tried", tries.all);
    snprintf(sql, sizeof sql, "GRANT CONNECT ON DATABASE %s TO PUBLIC", stage.ledger.name);
    db_exec(stage.ledger.db, sql);
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}
