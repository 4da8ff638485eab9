/* What somebody with a superuser's hands may do to a ledger, and how `tellerd verify` names it.
 * Every edit is made in a copy of the same database, which a real worker has filled. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/stage.h"

#define CONFLICTED "0193e4a0-7b1c-7def-8abc-00000000c0de"

struct edit {
    const char *what;
    const char *sql;
    const char *named; /* must be in the report */
};

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
     " held, version, counter_number, step, previous_step, origin, lane, type, outcome,"
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

static void open_filled(struct stage *stage, const char *name) {
    *stage = (struct stage){.workers_count = 0};
    ledger_open(&stage->ledger, name, 1);
    stage_add(stage, &(struct worker_plan){.number = 0});
    worker_wait_owners(&stage->ledger, 0, STAGE_TIMEOUT_MS);
    fill(stage);
    cr_assert_eq(worker_stop(&stage->workers[0]), 0);
    PQfinish(stage->ledger.db); /* nobody may be connected to what is copied */
    stage->ledger.db = NULL;
}

static void close_filled(struct stage *stage) {
    ledger_reconnect(&stage->ledger);
    ledger_close(&stage->ledger);
}

static void drop_copy(const struct ledger *ledger, PGconn *server) {
    char sql[256];
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s_edited WITH (FORCE)", ledger->name);
    db_exec(server, sql);
}

static void edit_copy(const struct ledger *ledger, const char *conninfo, const struct edit *edit) {
    char sql[256];
    PGconn *server = db_open(ledger->sandbox.db_admin);
    db_exec(server, "SET client_min_messages = error");
    drop_copy(ledger, server);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s_edited TEMPLATE %s", ledger->name, ledger->name);
    db_exec(server, sql);
    PQfinish(server);
    PGconn *copy = db_open(conninfo);
    db_exec(copy, edit->sql);
    PQfinish(copy);
}

static void expect_found(const struct ledger *ledger, const struct edit *edit) {
    char conninfo[LEDGER_TEXT_MAX + LEDGER_NAME_MAX + 32];
    struct captured captured;
    snprintf(conninfo, sizeof conninfo, "%s dbname=%s_edited", ledger->admin, ledger->name);
    edit_copy(ledger, conninfo, edit);
    ledger_tellerd(ledger, &captured, (const char *const[]){"verify", "--db", conninfo, NULL});
    cr_expect_eq(captured.status, 1, "%s: exit %d: %s%s", edit->what, captured.status, captured.out,
                 captured.err);
    cr_expect_eq(strncmp(captured.out, "lane 0: ", 8), 0, "%s: %s", edit->what, captured.out);
    cr_expect_not_null(strstr(captured.out, edit->named), "%s: wanted \"%s\" in: %s", edit->what,
                       edit->named, captured.out);
    captured_close(&captured);
}

static void expect_all_found(const char *name, const struct edit *edits, size_t count) {
    struct stage stage;
    open_filled(&stage, name);
    for (size_t i = 0; i < count; i++) {
        expect_found(&stage.ledger, &edits[i]);
    }
    PGconn *server = db_open(stage.ledger.sandbox.db_admin);
    drop_copy(&stage.ledger, server);
    PQfinish(server);
    close_filled(&stage);
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
