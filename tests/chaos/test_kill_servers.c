/* kill -9 of the broker and of PostgreSQL, on servers of their own. */
#include <criterion/criterion.h>

#include "tests/harness/audit.h"
#include "tests/harness/load.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define ROUNDS 2
#define HEAL_TIMEOUT_MS 120000

static const struct load_plan load_plan = {
    .traffic = {.seed = 4, .accounts = 200, .repeated = 20, .conflicting = 5, .poison = 5},
    .rate = 2000,
};

struct progress {
    const struct ledger *ledger;
    int64_t applied;
};

static bool goes_on(void *context) {
    const struct progress *progress = context;
    return worker_applied(progress->ledger) > progress->applied + 1000;
}

static void expect_progress(const struct stage *stage) {
    struct progress progress = {&stage->ledger, worker_applied(&stage->ledger)};
    cr_expect(wait_until(goes_on, &progress, HEAL_TIMEOUT_MS), "the lanes do not go on");
}

static void open_private(struct stage *stage, struct sandbox *sandbox, const char *name) {
    *stage = (struct stage){.workers_count = 0};
    sandbox_up(sandbox, "servers");
    ledger_open_on(&stage->ledger, sandbox, name, STAGE_PARTITIONS);
    stage_add(stage, &(struct worker_plan){0});
    stage_add(stage, &(struct worker_plan){0});
    worker_wait_owners(&stage->ledger, 0, STAGE_TIMEOUT_MS);
}

Test(kill_servers, test_killed_broker, .timeout = 600) {
    struct stage stage;
    struct sandbox sandbox;
    struct load load;
    open_private(&stage, &sandbox, "kill_broker");
    load_start(&load, &stage.ledger, &load_plan);
    for (int round = 0; round < ROUNDS; round++) {
        expect_progress(&stage);
        sandbox_kill_broker(&sandbox);
        sandbox_script(&sandbox, "kafka-start");
    }
    expect_progress(&stage);
    load_stop(&load, HEAL_TIMEOUT_MS);
    audit_ledger(&stage.ledger, HEAL_TIMEOUT_MS);
    stage_close(&stage);
    sandbox_down(&sandbox);
}

Test(kill_servers, test_killed_database, .timeout = 600) {
    struct stage stage;
    struct sandbox sandbox;
    struct load load;
    open_private(&stage, &sandbox, "kill_database");
    load_start(&load, &stage.ledger, &load_plan);
    for (int round = 0; round < ROUNDS; round++) {
        expect_progress(&stage);
        sandbox_kill_database(&sandbox);
        sandbox_script(&sandbox, "pg-start");
        ledger_reconnect(&stage.ledger);
    }
    expect_progress(&stage);
    load_stop(&load, HEAL_TIMEOUT_MS);
    audit_ledger(&stage.ledger, HEAL_TIMEOUT_MS);
    stage_close(&stage);
    sandbox_down(&sandbox);
}

/* T4: workers and database die together in mid-load. Every result that was sent is still true. */
Test(kill_servers, test_t4_what_was_answered_is_durable, .timeout = 600) {
    struct stage stage;
    struct sandbox sandbox;
    struct load load;
    open_private(&stage, &sandbox, "durable");
    load_start(&load, &stage.ledger, &load_plan);
    expect_progress(&stage);
    sandbox_kill_database(&sandbox);
    process_kill(&stage.workers[0].process);
    process_kill(&stage.workers[1].process);
    load_stop(&load, HEAL_TIMEOUT_MS);
    sandbox_script(&sandbox, "pg-start");
    ledger_reconnect(&stage.ledger);
    stage.workers_count = 0;
    stage_add(&stage, &(struct worker_plan){0});
    audit_ledger(&stage.ledger, HEAL_TIMEOUT_MS);
    stage_close(&stage);
    sandbox_down(&sandbox);
}
