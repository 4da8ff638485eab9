/* Workers come and go under load: the lanes move, and nothing is lost, doubled or left behind. */
#include <criterion/criterion.h>

#include "common/rt/clock.h"
#include "tests/harness/audit.h"
#include "tests/harness/load.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define ROUNDS 8
#define ROUND_MS 2000

static const struct load_plan load_plan = {
    .traffic = {.seed = 23, .accounts = 200, .repeated = 20, .conflicting = 5, .poison = 5},
    .rate = 3000,
};

struct progress {
    const struct ledger *ledger;
    int64_t applied;
};

static bool goes_on(void *context) {
    const struct progress *progress = context;
    return worker_applied(progress->ledger) > progress->applied;
}

/* One of the two is always there; each leaves in turn, while the other has just joined. */
Test(membership, test_two_workers_joining_and_leaving_lose_nothing, .timeout = 600) {
    struct stage stage;
    struct load load;
    stage_open(&stage, "membership", 1);
    load_start(&load, &stage.ledger, &load_plan);
    struct worker current = stage.workers[0];
    for (int round = 0; round < ROUNDS; round++) {
        struct worker next;
        worker_start(&next, &stage.ledger, &(struct worker_plan){.number = round % 2 + 1});
        clock_sleep_ms(ROUND_MS); /* the fault is that they come and go at this pace */
        cr_expect_eq(worker_stop(&current), 0);
        struct progress progress = {&stage.ledger, worker_applied(&stage.ledger)};
        cr_expect(wait_until(goes_on, &progress, STAGE_TIMEOUT_MS), "nobody applies any more");
        current = next;
    }
    stage.workers[0] = current;
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}

/* A second worker joins and is killed again and again; the first never leaves. */
Test(membership, test_a_neighbour_that_dies_does_not_stop_the_other, .timeout = 600) {
    const char *const arguments[] = {"--session-timeout", "1000", NULL};
    struct stage stage;
    struct load load;
    stage_open(&stage, "neighbour", 0);
    stage_add(&stage, &(struct worker_plan){.arguments = arguments});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    load_start(&load, &stage.ledger, &load_plan);
    for (int round = 0; round < 4; round++) {
        struct worker guest;
        worker_start(&guest, &stage.ledger,
                     &(struct worker_plan){.number = 1, .arguments = arguments});
        clock_sleep_ms(ROUND_MS);
        process_kill(&guest.process);
        struct progress progress = {&stage.ledger, worker_applied(&stage.ledger)};
        cr_expect(wait_until(goes_on, &progress, STAGE_TIMEOUT_MS), "nobody applies any more");
    }
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}
