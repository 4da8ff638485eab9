/* A worker freezes, another takes its lanes, and the first comes back with a batch in its hands: it
 * must not change anything, wherever it was frozen, on both write paths. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "tests/harness/audit.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define ALWAYS "1"
#define NEVER "9223372036854775807"
#define STATE_MAX 128

static const struct load_plan load_plan = {
    .traffic = {.seed = 20, .accounts = 100, .repeated = 20, .conflicting = 5, .poison = 5},
    .rate = 1000,
};

/* Everything that a writer writes: positions, seals, balances, rows. Not who owns what. */
static void read_state(const struct ledger *ledger, char state[STATE_MAX]) {
    db_text(ledger->db,
            "SELECT concat_ws(' ',"
            " (SELECT md5(string_agg(concat_ws(' ', lane, next_offset, seal_head), ','"
            "         ORDER BY lane)) FROM teller.lane),"
            " (SELECT md5(string_agg(concat_ws(' ', account, balance, held, version), ','"
            "         ORDER BY account)) FROM teller.v1_account),"
            " (SELECT count(*) FROM teller.journal), (SELECT count(*) FROM teller.quarantine))",
            state, STATE_MAX);
}

static bool owns_with_the_other(void *context) {
    const struct stage *stage = context;
    return worker_owner_count(&stage->ledger) == 2;
}

static void survive_zombie(const char *name, const char *failpoint, const char *threshold) {
    const char *const arguments[] = {
        "--session-timeout", "1000", "--copy-threshold", threshold, "--overlap-threshold",
        threshold,           NULL};
    struct stage stage;
    struct load load;
    char before[STATE_MAX];
    char after[STATE_MAX];
    stage_open(&stage, name, 0);
    struct worker *zombie =
        stage_add(&stage, &(struct worker_plan){.arguments = arguments, .failpoint = failpoint});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    load_start(&load, &stage.ledger, &load_plan);
    cr_assert(process_wait_stopped(&zombie->process, STAGE_TIMEOUT_MS), "%s is never hit",
              failpoint);
    int64_t epochs = worker_epochs(&stage.ledger);
    stage_add(&stage, &(struct worker_plan){.arguments = arguments});
    worker_wait_owners(&stage.ledger, epochs, STAGE_TIMEOUT_MS);
    load_stop(&load, STAGE_TIMEOUT_MS);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    read_state(&stage.ledger, before);
    process_signal(&zombie->process, SIGCONT);
    /* It learns that it was fenced, and comes back as a decent member. */
    cr_expect(wait_until(owns_with_the_other, &stage, STAGE_TIMEOUT_MS));
    read_state(&stage.ledger, after);
    cr_expect_str_eq(before, after, "the zombie has changed something");
    /* The fence has held it, not the luck that its rows are there already. */
    cr_expect_not(worker_said(&stage.ledger, zombie, "23505"), "only a unique key stopped it");
    stage_close(&stage);
}

Test(zombie, test_frozen_outside_its_transaction, .timeout = 300) {
    survive_zombie("zombie_out_p", "stop-before_begin:3", NEVER);
}

Test(zombie, test_frozen_outside_its_transaction_with_copy, .timeout = 300) {
    survive_zombie("zombie_out_c", "stop-before_begin:3", ALWAYS);
}

Test(zombie, test_frozen_behind_the_fence, .timeout = 300) {
    survive_zombie("zombie_in_p", "stop-after_advance:3", NEVER);
}

Test(zombie, test_frozen_behind_the_fence_with_copy, .timeout = 300) {
    survive_zombie("zombie_in_c", "stop-after_advance:3", ALWAYS);
}

Test(zombie, test_frozen_in_mid_pipeline, .timeout = 300) {
    survive_zombie("zombie_mid_p", "stop-mid_pipeline:3", NEVER);
}

Test(zombie, test_frozen_in_mid_copy, .timeout = 300) {
    survive_zombie("zombie_mid_c", "stop-mid_copy:3", ALWAYS);
}

Test(zombie, test_frozen_before_its_commit, .timeout = 300) {
    survive_zombie("zombie_end_p", "stop-before_commit:3", NEVER);
}

Test(zombie, test_frozen_before_its_commit_with_copy, .timeout = 300) {
    survive_zombie("zombie_end_c", "stop-before_commit:3", ALWAYS);
}

Test(zombie, test_frozen_before_it_publishes, .timeout = 300) {
    survive_zombie("zombie_publish", "stop-after_commit:3", NEVER);
}
