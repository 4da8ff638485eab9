/* The receiver takes a transfer back whose id many others have used as well: the id is the clients'
 * to choose, and unique only in the lane of who sends. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/harness/commands.h"
#include "tests/harness/plays.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define LANES 32 /* more than a lane would ever want to read of one id */
#define SHARED "0193e4a0-7b1c-7def-8abc-0000000000f1"

static void open_account(struct sender *sender, struct prng *prng, const char *name) {
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(prng, id);
    commands_open_owing(text, id, name);
    sender_put_command(sender, name, text);
}

static void transfer(struct sender *sender, const char *from, const char *to) {
    char text[COMMAND_TEXT_MAX];
    snprintf(text, sizeof text,
             "{\"v\":1,\"id\":\"" SHARED "\",\"type\":\"transfer\",\"account\":\"%s\","
             "\"to\":\"%s\",\"amount\":7}",
             from, to);
    sender_put_command(sender, from, text);
}

static void settle(struct stage *stage, struct sender *sender) {
    sender_flush(sender, STAGE_TIMEOUT_MS);
    worker_wait_drained(&stage->ledger, STAGE_TIMEOUT_MS);
    wait_for("all credits", play_is_settled, &stage->ledger, STAGE_TIMEOUT_MS);
}

/* Of all lanes but the first, the last pays alice and the others bob, both of whom live in the
 * first. */
static void pay_under_one_id(struct stage *stage, const char *alice, const char *bob) {
    struct sender sender;
    struct prng prng;
    char names[LANES][COMMAND_NAME_MAX];
    prng_seed(&prng, 33);
    sender_open(&sender, stage->ledger.sandbox.brokers, stage->ledger.commands);
    open_account(&sender, &prng, alice);
    open_account(&sender, &prng, bob);
    for (uint16_t lane = 1; lane < LANES; lane++) {
        commands_name_in_lane(names[lane], "payer", lane, LANES);
        open_account(&sender, &prng, names[lane]);
    }
    settle(stage, &sender);
    for (uint16_t lane = 1; lane < LANES; lane++) {
        transfer(&sender, names[lane], lane == LANES - 1 ? alice : bob);
    }
    settle(stage, &sender);
    sender_close(&sender);
}

Test(scenario_reverse, test_a_transfer_is_found_among_many_of_the_same_id, .timeout = 300) {
    struct stage stage = {.workers_count = 0};
    char alice[COMMAND_NAME_MAX];
    char bob[COMMAND_NAME_MAX];
    commands_name_in_lane(alice, "alice", 0, LANES);
    commands_name_in_lane(bob, "bob", 0, LANES);
    ledger_open(&stage.ledger, "reverse_shared", LANES);
    stage_add(&stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    pay_under_one_id(&stage, alice, bob);
    cr_assert_eq(stage_account(&stage.ledger, alice, "balance"), 7);
    cr_assert_eq(stage_account(&stage.ledger, bob, "balance"), 7 * (LANES - 2));
    stage_teller(&stage.ledger, 0, NULL, 0, "reverse", alice, SHARED, "--wait", NULL);
    stage_teller(&stage.ledger, 1, NULL, 0, "reverse", alice, SHARED, "--wait", NULL);
    stage_teller(&stage.ledger, 1, NULL, 0, "reverse", bob, SHARED, "--wait", NULL);
    cr_expect_eq(stage_account(&stage.ledger, alice, "balance"), 0, "her transfer is not found");
    stage_close(&stage);
}
