/* kill -9 of the worker, again and again, under load. */
#include <criterion/criterion.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/audit.h"
#include "tests/harness/load.h"
#include "tests/harness/stage.h"

/* Thresholds: from how many rows on COPY is used, and from how many records on the next round is
 * applied while they are committed. */
#define ALWAYS "1"
#define NEVER "9223372036854775807"
#define KILLS 50
#define SEED 18
#define ALIVE_MAX_MS 300

static const struct load_plan load_plan = {
    .traffic = {.seed = SEED, .accounts = 200, .repeated = 30, .conflicting = 10, .poison = 5},
    .rate = 3000,
};

static void kill_again_and_again(struct stage *stage, const char *const *arguments, int kills,
                                 uint64_t seed) {
    struct prng prng;
    prng_seed(&prng, seed);
    for (int i = 0; i < kills; i++) {
        struct worker worker;
        int64_t epochs = worker_epochs(&stage->ledger);
        worker_start(&worker, &stage->ledger, &(struct worker_plan){.arguments = arguments});
        worker_wait_owners(&stage->ledger, epochs, STAGE_TIMEOUT_MS);
        clock_sleep_ms((int64_t)prng_below(&prng, ALIVE_MAX_MS)); /* dies at any moment */
        process_kill(&worker.process);
    }
}

static void survive_kills(const char *name, const char *const *arguments, int kills) {
    struct stage stage;
    struct load load;
    stage_open(&stage, name, 0);
    load_start(&load, &stage.ledger, &load_plan);
    kill_again_and_again(&stage, arguments, kills, SEED);
    cr_expect_gt(worker_applied(&stage.ledger), load_plan.traffic.accounts,
                 "no worker lived long enough to do anything");
    uint64_t accepted = load_stop(&load, STAGE_TIMEOUT_MS);
    stage_add(&stage, &(struct worker_plan){0});
    cr_expect_leq(audit_ledger(&stage.ledger, STAGE_TIMEOUT_MS), (int64_t)accepted);
    stage_close(&stage);
}

/* Without a group the next worker takes the lanes at once: the last transaction of the dead one may
 * still be in the server. */
Test(kill_worker, test_fifty_kills_lose_nothing_and_double_nothing, .timeout = 600) {
    survive_kills("kill_worker", (const char *const[]){"--lanes", "0-7", NULL}, KILLS);
}

Test(kill_worker, test_kills_in_mid_copy_lose_nothing_and_double_nothing, .timeout = 600) {
    survive_kills("kill_copy",
                  (const char *const[]){"--lanes", "0-7", "--copy-threshold", ALWAYS,
                                        "--overlap-threshold", ALWAYS, NULL},
                  15);
}

Test(kill_worker, test_a_killed_member_of_the_group_is_replaced, .timeout = 600) {
    survive_kills("kill_member", (const char *const[]){"--session-timeout", "1000", NULL}, 5);
}

/* Every point that a commit passes, exactly. */
static void survive_kill_at(const char *name, const char *failpoint, const char *threshold) {
    const char *const arguments[] = {
        "--lanes", "0-7", "--copy-threshold", threshold, "--overlap-threshold", threshold, NULL};
    struct stage stage;
    struct load load;
    stage_open(&stage, name, 0);
    load_start(&load, &stage.ledger, &load_plan);
    for (int i = 0; i < 3; i++) {
        struct worker worker;
        worker_start(&worker, &stage.ledger,
                     &(struct worker_plan){.arguments = arguments, .failpoint = failpoint});
        cr_assert(process_wait(&worker.process, STAGE_TIMEOUT_MS), "%s is never hit", failpoint);
    }
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_add(&stage, &(struct worker_plan){.arguments = arguments});
    stage_close(&stage);
}

Test(kill_worker, test_death_before_begin, .timeout = 300) {
    survive_kill_at("kill_begin", "kill-before_begin:3", NEVER);
}

Test(kill_worker, test_death_after_the_fence, .timeout = 300) {
    survive_kill_at("kill_advance", "kill-after_advance:3", ALWAYS);
}

Test(kill_worker, test_death_in_mid_pipeline, .timeout = 300) {
    survive_kill_at("kill_pipeline", "kill-mid_pipeline:3", NEVER);
}

Test(kill_worker, test_death_in_mid_copy, .timeout = 300) {
    survive_kill_at("kill_copying", "kill-mid_copy:3", ALWAYS);
}

Test(kill_worker, test_death_before_commit, .timeout = 300) {
    survive_kill_at("kill_before", "kill-before_commit:3", ALWAYS);
}

Test(kill_worker, test_death_after_commit, .timeout = 300) {
    survive_kill_at("kill_after", "kill-after_commit:3", NEVER);
}
