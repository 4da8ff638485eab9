/* The receiver takes a transfer back whose id many others have used as well: the id is the clients'
 * to choose, and unique only in the lane of who sends. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/partition.h"
#include "tests/harness/commands.h"
#include "tests/harness/plays.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define LANES 32 /* more than a lane would ever want to read of one id */
#define NAME_MAX_LEN 24
#define SHARED "0193e4a0-7b1c-7def-8abc-0000000000f1"

/* A name in that lane. */
static void find_name(char name[NAME_MAX_LEN], const char *prefix, uint16_t lane) {
    for (int i = 0;; i++) {
        int len = snprintf(name, NAME_MAX_LEN, "%s-%d", prefix, i);
        if (partition_of(name, (size_t)len, LANES) == lane) {
            return;
        }
    }
}

/* With an overdraft, so that nobody has to be paid first. */
static void open_account(struct sender *sender, struct prng *prng, const char *name) {
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(prng, id);
    snprintf(text, sizeof text,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"account.open\",\"account\":\"%s\","
             "\"currency\":\"KRW\",\"floor\":-1000}",
             id, name);
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
    char names[LANES][NAME_MAX_LEN];
    prng_seed(&prng, 33);
    sender_open(&sender, stage->ledger.sandbox.brokers, stage->ledger.commands);
    open_account(&sender, &prng, alice);
    open_account(&sender, &prng, bob);
    for (uint16_t lane = 1; lane < LANES; lane++) {
        find_name(names[lane], "payer", lane);
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
    char alice[NAME_MAX_LEN];
    char bob[NAME_MAX_LEN];
    find_name(alice, "alice", 0);
    find_name(bob, "bob", 0);
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
