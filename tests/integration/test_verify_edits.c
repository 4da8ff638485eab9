/* What somebody with a superuser's hands may do to a ledger, and how `tellerd verify` names it.
 * Every edit is made in a copy of the same database, which a real worker has filled. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness/edited.h"
#include "tests/harness/sales.h"
#include "tests/harness/stage.h"

#define CONFLICTED "0193e4a0-7b1c-7def-8abc-00000000c0de"

static const struct edit account_edits[] = {
    {"a balance", "UPDATE teller.account SET balance = balance + 1 WHERE id = 'alice'",
     "account alice: balance 7006, but its journal ends at 7005"},
    {"held", "UPDATE teller.account SET held = held - 1 WHERE id = 'alice'",
     "account alice: held 499, but its journal ends at 500"},
    {"a version", "UPDATE teller.account SET version = version + 1 WHERE id = 'alice'",
     "account alice: version"},
    {"a last key", "UPDATE teller.account SET last_step = 7 WHERE id = 'alice'",
     "account alice: its last key"},
    {"a deleted account", "DELETE FROM teller.account WHERE id = 'alice'", "does not exist"},
    {"an invented account",
     "INSERT INTO teller.account SELECT 99, 5, 0, 0, 9, 1, last_id, last_step, last_origin, lane,"
     " 1, 'mallory', currency FROM teller.account WHERE id = 'alice'",
     "account mallory: version 1, but its journal ends at 0"},
    {"a system account", "UPDATE teller.system_account SET balance = balance - 1 WHERE role = 1",
     "system account @world KRW: balance -7006, but its postings sum to -7005"},
};

static const struct edit hold_edits[] = {
    {"the amount of an open hold", "UPDATE teller.hold SET amount = 501 WHERE state = 1",
     "account alice: held 500, but its open holds sum to 501"},
    {"a hold opened again", "UPDATE teller.hold SET state = 1 WHERE state = 3",
     "account alice: held 500, but its open holds sum to 1200"},
    {"a deleted hold", "DELETE FROM teller.hold WHERE state = 3",
     "account alice: its holds sum to 500, but its journal held 1200"},
    {"the id of a hold", "UPDATE teller.hold SET id = gen_random_uuid() WHERE state = 3",
     "are not those of the journal"},
    {"an expired hold that never was", "UPDATE teller.hold SET state = 4 WHERE state = 3",
     "1 holds expired, but the journal has 0"},
};

static const struct edit journal_edits[] = {
    {"an amount", "UPDATE teller.journal SET amount = 9999 WHERE amount = 10000",
     "balance 10000, but 0 before and amount 9999 make another"},
    {"a changed balance", "UPDATE teller.journal SET balance = 9999 WHERE amount = 10000",
     "balance 9999, but 0 before and amount 10000 make another"},
    {"held of a row", "UPDATE teller.journal SET held_delta = 501 WHERE held_delta = 500",
     "held 500, but 0 before and 501 more make another"},
    {"a version of a row", "UPDATE teller.journal SET version = 9 WHERE amount = 10000",
     "version 9 follows version 1: rows are missing"},
    {"a deleted row", "DELETE FROM teller.journal WHERE amount = 10000",
     "is not the seal of its rows"},
    {"an outcome", "UPDATE teller.journal SET outcome = 17 WHERE outcome = 18",
     "is not the seal of its rows"},
    {"an outcome that does not exist", "UPDATE teller.journal SET outcome = 99 WHERE outcome = 18",
     "its outcome is none of ours"},
    {"who asked", "UPDATE teller.journal SET source = 'somebody' WHERE amount = 10000",
     "is not the seal of its rows"},
    {"a previous row", "UPDATE teller.journal SET previous_step = 5 WHERE amount = 10000",
     "does not point to the account's previous row"},
    {"an inserted row",
     "INSERT INTO teller.journal SELECT 99999, at, account_number, amount, held_delta, balance,"
     " held, version, counter_number, price, step, previous_step, origin, lane, type, outcome,"
     " counter_role, previous_origin, gen_random_uuid(), previous_id, hash FROM teller.journal"
     " WHERE amount = 10000",
     "journal row at offset 99999 has no seal"},
    /* Every sum agrees: only the seal knows better. */
    {"a forgery of all sums at once",
     "UPDATE teller.journal SET amount = 105, balance = balance + 100 WHERE amount = 5;"
     "UPDATE teller.account SET balance = balance + 100 WHERE id = 'alice';"
     "UPDATE teller.system_account SET balance = balance - 100 WHERE role = 1",
     "is not the seal of its rows"},
};

static const struct edit chain_edits[] = {
    {"a seal", "UPDATE teller.seal SET digest = decode(repeat('00', 32), 'hex') WHERE number = 2",
     "seal 2 (offsets"},
    {"a deleted seal", "DELETE FROM teller.seal WHERE number = 2", "seal 2 is missing"},
    {"a stretched seal", "UPDATE teller.seal SET first_offset = 0 WHERE number = 2",
     "seal 2 covers offsets 0 to"},
    {"the head of the chain",
     "UPDATE teller.lane SET seal_head = decode(repeat('11', 32), 'hex') WHERE lane = 0",
     "the lane row does not end with seal"},
    {"a position",
     "UPDATE teller.lane SET next_offset = 1, last_offset = 0, published_offset = 0"
     " WHERE lane = 0",
     "next offset 1, but"},
    {"a quarantine reason", "UPDATE teller.quarantine SET reason = 0", "applied is no reason"},
    {"a quarantined value", "UPDATE teller.quarantine SET value = 'other'",
     "is not the seal of its rows"},
    {"a deleted quarantine row", "DELETE FROM teller.quarantine", "is not the seal of its rows"},
};

static const struct edit sale_edits[] = {
    {"stock", "UPDATE teller.product SET stock = stock + 1 WHERE id = 'seat'",
     "product seat: stock 2, but its journal ends at 1"},
    {"a price", "UPDATE teller.product SET price = 9 WHERE id = 'own'",
     "product own: price 9, but its journal ends at 5"},
    {"a finalized product opened again",
     "UPDATE teller.product SET state = 1, allot_total = NULL WHERE id = 'ipo'",
     "product ipo: state 1, but its journal ends at 2"},
    {"the tie rule of an allotment",
     "UPDATE teller.product SET allot_number = allot_number + 1 WHERE id = 'ipo'",
     "2 allotted, its share is 3"},
    {"a share",
     "UPDATE teller.subscription SET allotted = allotted + 1 WHERE number = 1"
     " AND state = 3",
     "4 allotted, its share is 3"},
    {"a quantity", "UPDATE teller.subscription SET quantity = 3 WHERE state = 1",
     "product left: subscribed 2, but its subscriptions have 3"},
    {"what a subscriber pays", "UPDATE teller.subscription SET price = 6 WHERE state = 1",
     "accepts 2 units at 7, but its subscription has 2 at 6"},
    {"a cancelled subscription", "UPDATE teller.subscription SET state = 1 WHERE state = 2",
     "product ipo: subscribed 28, but its subscriptions have 31"},
    {"a buyer", "UPDATE teller.buyer SET quantity = 2 WHERE quantity = 3",
     "product own: its buyers are not those of its sales"},
    {"a kind of hold", "UPDATE teller.hold SET kind = 1 WHERE kind = 2", "holds made, but"},
    {"how a hold ended", "UPDATE teller.hold SET state = 3 WHERE kind = 2 AND state = 2",
     "holds captured by settlements, but"},
    {"money in suspense", "UPDATE teller.system_account SET balance = 71 WHERE role = 4",
     "system account @suspense EUR: balance 71, but its postings sum to 70"},
    {"a deleted credit", "DELETE FROM teller.journal WHERE step = 1",
     "nothing asked for this step"},
    {"a chunk that nobody will take any more",
     "UPDATE teller.journal SET at = at - '1 hour'::interval;"
     "DELETE FROM teller.journal WHERE step >= 65536",
     "the leg for step 65536 of command"},
    {"a debit that never was",
     "UPDATE teller.journal SET outcome = 0 WHERE step = 0 AND outcome = 1 AND type = 20",
     "there is no pending command that it follows from"},
};

static const struct edit lost_leg = {
    "a leg that nobody will take any more",
    "UPDATE teller.journal SET at = at - '1 hour'::interval;"
    "DELETE FROM teller.journal WHERE step = 1 AND type = 20 AND outcome = 0",
    "with 33 EUR, is lost: all lanes have read on to their ends",
};

/* One lane, so that every edit finds its row in lane 0. */
static void fill(struct stage *stage) {
    const struct ledger *ledger = &stage->ledger;
    char said[256];
    char hold[37] = "";
    stage_teller(ledger, 0, NULL, 0, "open", "alice", "--currency", "KRW", "--wait", NULL);
    stage_apply(ledger, "deposit", "alice", "10000");
    stage_apply(ledger, "withdraw", "alice", "3000");
    stage_teller(ledger, 1, NULL, 0, "withdraw", "alice", "999999", "--wait", NULL);
    stage_apply(ledger, "hold", "alice", "500");
    stage_teller(ledger, 0, said, sizeof said, "hold", "alice", "700", "--wait", NULL);
    cr_assert_eq(sscanf(said, "applied %36s", hold), 1, "%s", said);
    stage_apply(ledger, "release", "alice", hold);
    stage_teller(ledger, 0, NULL, 0, "deposit", "alice", "5", "--id", CONFLICTED, "--wait", NULL);
    stage_teller(ledger, 1, NULL, 0, "deposit", "alice", "6", "--id", CONFLICTED, "--wait", NULL);
}

static void fill_sales(struct stage *stage) {
    sales_fill(&stage->ledger);
}

static void open_filled(struct stage *stage, const char *name, void (*filler)(struct stage *)) {
    *stage = (struct stage){.workers_count = 0};
    ledger_open(&stage->ledger, name, 1);
    stage_add(stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage->ledger, 0, STAGE_TIMEOUT_MS);
    filler(stage);
    worker_wait_drained(&stage->ledger, STAGE_TIMEOUT_MS);
    cr_assert_eq(worker_stop(&stage->workers[0]), 0);
}

static void expect_all_found(const char *name, const struct edit *edits, size_t count) {
    struct stage stage;
    open_filled(&stage, name, fill);
    edited_expect_found(&stage.ledger, "verify", edits, count);
    ledger_close(&stage.ledger);
}

#define EXPECT_ALL_FOUND(name, edits) expect_all_found(name, edits, sizeof(edits) / sizeof *(edits))

Test(verify, test_edited_accounts_are_found_and_named) {
    EXPECT_ALL_FOUND("verify_accounts", account_edits);
}

Test(verify, test_edited_holds_are_found_and_named) {
    EXPECT_ALL_FOUND("verify_holds", hold_edits);
}

Test(verify, test_edited_journal_rows_are_found_and_named) {
    EXPECT_ALL_FOUND("verify_journal", journal_edits);
}

Test(verify, test_edited_seals_positions_and_quarantine_are_found_and_named) {
    EXPECT_ALL_FOUND("verify_chain", chain_edits);
}

Test(verify, test_edited_sales_and_steps_between_lanes_are_found_and_named) {
    struct stage stage;
    open_filled(&stage, "verify_sales", fill_sales);
    edited_expect_found(&stage.ledger, "verify", sale_edits,
                        sizeof sale_edits / sizeof *sale_edits);
    ledger_close(&stage.ledger);
}

/* From now on programs of this ledger know the broker from a file of librdkafka's properties. */
static void name_broker_in_file(struct ledger *ledger, const char *path) {
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fprintf(file, "bootstrap.servers=%s\n", ledger->sandbox.brokers);
    cr_assert_eq(fclose(file), 0);
    for (size_t i = 0; i < LEDGER_ENV_MAX; i++) {
        if (strncmp(ledger->variables[i], "TELLER_BROKERS=", 15) == 0) {
            ledger->variables[i][15] = '\0';
        } else if (strncmp(ledger->variables[i], "NO_COLOR=", 9) == 0) {
            cr_assert_lt(
                snprintf(ledger->variables[i], LEDGER_TEXT_MAX, "TELLER_KAFKA_CONFIG=%s", path),
                LEDGER_TEXT_MAX);
        }
    }
}

Test(verify, test_a_lost_leg_is_found_however_the_broker_is_named) {
    struct stage stage;
    char path[LEDGER_TEXT_MAX + 16];
    open_filled(&stage, "verify_lost", fill_sales);
    edited_expect_found(&stage.ledger, "verify", &lost_leg, 1);
    snprintf(path, sizeof path, "%s/kafka.conf", stage.ledger.logs);
    name_broker_in_file(&stage.ledger, path);
    edited_expect_found(&stage.ledger, "verify", &lost_leg, 1);
    unlink(path);
    ledger_close(&stage.ledger);
}
