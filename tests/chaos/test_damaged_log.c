/* A bad checksum in the log: nothing is passed over, and what is readable again is read. */
#include <criterion/criterion.h>

#include "tests/harness/commands.h"
#include "tests/harness/damage.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define DEPOSITS 5

static void send_deposits(const struct ledger *ledger) {
    struct sender sender;
    struct prng prng;
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    prng_seed(&prng, 55);
    sender_open(&sender, ledger->sandbox.brokers, ledger->commands);
    commands_new_id(&prng, id);
    commands_open(text, id, "alice");
    sender_put_command(&sender, "alice", text);
    sender_flush(&sender, STAGE_TIMEOUT_MS); /* the first batch */
    for (int i = 0; i < DEPOSITS; i++) {
        commands_new_id(&prng, id);
        commands_amount(text, id, "deposit", "alice", 1);
        sender_put_command(&sender, "alice", text);
        sender_flush(&sender, STAGE_TIMEOUT_MS);
    }
    sender_close(&sender);
}

static bool has_met_it(void *context) {
    const struct stage *stage = context;
    return worker_said(&stage->ledger, &stage->workers[0], "reading the commands topic");
}

Test(damaged_log, test_a_damaged_batch_is_read_again_when_it_is_whole, .timeout = 300) {
    struct stage stage = {.workers_count = 0};
    ledger_open(&stage.ledger, "damaged", 1);
    send_deposits(&stage.ledger);
    damage_first_batch(stage.ledger.sandbox.dir, stage.ledger.commands);
    stage_add(&stage, &(struct worker_plan){.number = 0});
    cr_assert(wait_until(has_met_it, &stage, STAGE_TIMEOUT_MS), "the damage is not noticed");
    cr_expect_eq(worker_applied(&stage.ledger), 0, "the damaged batch is passed over");
    damage_first_batch(stage.ledger.sandbox.dir, stage.ledger.commands);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "alice", "balance"), DEPOSITS);
    stage_close(&stage);
}
