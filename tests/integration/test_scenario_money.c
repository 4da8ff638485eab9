/* The races of remittance and view counter, R and V of the scenarios, as far as one lane can meet
 * them: real producers at once, two workers, real broker and database. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "common/rt/clock.h"
#include "tests/harness/commands.h"
#include "tests/harness/crowd.h"
#include "tests/harness/db.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"

#define SAID_MAX 512
#define READ_LIMIT_MS 50 /* R7 */
#define READS 20

static void write_command(struct crowd *crowd, int member, struct prng *prng, const char *type,
                          const char *account, int64_t amount) {
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(prng, id);
    commands_amount(text, id, type, account, amount);
    fprintf(crowd->members[member].script, "%s\n", text);
}

Test(scenario, test_r5_every_command_has_a_visible_outcome) {
    struct stage stage;
    stage_open(&stage, "r5", 2);
    const struct ledger *ledger = &stage.ledger;
    char said[SAID_MAX];
    const char *id = "0193e4a0-7b1c-7def-8abc-000000000005";
    stage_teller(ledger, 0, said, SAID_MAX, "open", "bob", "--currency", "KRW", "--wait", NULL);
    cr_expect_not_null(strstr(said, "applied"), "%s", said);
    stage_teller(ledger, 1, said, SAID_MAX, "withdraw", "bob", "1", "--id", id, "--wait", NULL);
    cr_expect_not_null(strstr(said, "insufficient_funds"), "%s", said);
    stage_teller(ledger, 1, said, SAID_MAX, "deposit", "nobody", "1", "--wait", NULL);
    cr_expect_not_null(strstr(said, "no_such_account"), "%s", said);
    stage_teller(ledger, 1, said, SAID_MAX, "outcome", id, "--json", NULL);
    cr_expect_not_null(strstr(said, "insufficient_funds"), "%s", said);
    cr_expect_eq(stage_account(ledger, "bob", "balance"), 0);
    stage_close(&stage);
}

/* B has 10,000; 5,000 come and 7,000 go, each command sent 20 times by 4 processes at once. */
Test(scenario, test_r6_a_command_sent_many_times_takes_effect_once) {
    struct stage stage;
    stage_open(&stage, "r6", 2);
    struct crowd crowd;
    struct prng prng;
    char deposit[COMMAND_TEXT_MAX];
    char withdrawal[COMMAND_TEXT_MAX];
    char id[UUID_TEXT_LEN + 1];
    prng_seed(&prng, 6);
    commands_new_id(&prng, id);
    commands_amount(deposit, id, "deposit", "bob", 5000);
    commands_new_id(&prng, id);
    commands_amount(withdrawal, id, "withdraw", "bob", 7000);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    stage_apply(&stage.ledger, "deposit", "bob", "10000");
    crowd_open(&crowd, &stage.ledger, 4);
    for (int i = 0; i < 20; i++) {
        fprintf(crowd.members[i % 4].script, "%s\n%s\n", deposit, withdrawal);
    }
    cr_expect_eq(crowd_run(&crowd, STAGE_TIMEOUT_MS), 0);
    cr_expect_eq(crowd_count(&crowd, "applied"), 40, "asking again returns the first answer");
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 8000);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "version"), 4);
    stage_close(&stage);
}

/* A worker is frozen inside its transaction while it holds the account's row. */
Test(scenario, test_r7_a_read_does_not_wait_while_a_lane_is_stalled) {
    struct stage stage;
    stage_open(&stage, "r7", 0);
    struct worker *worker = &stage.workers[stage.workers_count++];
    worker_start(worker, &stage.ledger, &(struct worker_plan){.failpoint = "stop-before_commit:3"});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    stage_apply(&stage.ledger, "deposit", "bob", "10000");
    stage_teller(&stage.ledger, 0, NULL, 0, "withdraw", "bob", "7000", NULL);
    cr_assert(process_wait_stopped(&worker->process, STAGE_TIMEOUT_MS));
    int in_time = 0;
    for (int i = 0; i < READS; i++) {
        int64_t begin = clock_monotonic_ms();
        cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 10000);
        in_time += clock_monotonic_ms() - begin < READ_LIMIT_MS;
    }
    /* A busy machine may hold up single ones; a read that waits for the lane would never end. */
    cr_expect_geq(in_time, READS * 9 / 10, "of %d reads %d came in time", READS, in_time);
    stage_teller(&stage.ledger, 0, NULL, 0, "balance", "bob", NULL);
    process_signal(&worker->process, SIGCONT);
    stage_close(&stage);
}

Test(scenario, test_v1_a_deposit_and_a_payment_at_once_are_both_kept) {
    static const char *const accounts[] = {"v1-a", "v1-b", "v1-c"};
    struct stage stage;
    stage_open(&stage, "v1", 2);
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, 1);
    for (size_t i = 0; i < 3; i++) {
        stage_teller(&stage.ledger, 0, NULL, 0, "open", accounts[i], "--currency", "KRW", "--wait",
                     NULL);
        stage_apply(&stage.ledger, "deposit", accounts[i], "1000000");
    }
    crowd_open(&crowd, &stage.ledger, 6);
    for (int i = 0; i < 6; i++) {
        write_command(&crowd, i, &prng, i < 3 ? "deposit" : "withdraw", accounts[i % 3],
                      i < 3 ? 500000 : 300000);
    }
    cr_expect_eq(crowd_run(&crowd, STAGE_TIMEOUT_MS), 0);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(stage_account(&stage.ledger, accounts[i], "balance"), 1200000);
    }
    cr_expect_eq(db_int(stage.ledger.db,
                        "SELECT (SELECT sum(balance) FROM teller.v1_account)"
                        " + (SELECT sum(balance) FROM teller.v1_system)",
                        -1),
                 0, "what is in the accounts has come from @world");
    stage_close(&stage);
}

Test(scenario, test_v2_ten_thousand_views_are_counted_ten_thousand_times) {
    struct stage stage;
    stage_open(&stage, "v2", 2);
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, 2);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "page", "--currency", "VIEW", "--wait", NULL);
    crowd_open(&crowd, &stage.ledger, 4);
    for (int i = 0; i < 10000; i++) {
        write_command(&crowd, i % 4, &prng, "deposit", "page", 1);
    }
    cr_expect_eq(crowd_run(&crowd, STAGE_TIMEOUT_MS), 0);
    cr_expect_eq(stage_account(&stage.ledger, "page", "balance"), 10000);
    cr_expect_eq(db_int(stage.ledger.db,
                        "SELECT count(*) FROM teller.v1_entry WHERE type = 'deposit'", -1),
                 10000, "one journal row each, however they are batched");
    stage_close(&stage);
}

Test(scenario, test_v3_a_payment_below_the_floor_is_refused) {
    struct stage stage;
    stage_open(&stage, "v3", 2);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    char said[SAID_MAX];
    stage_teller(&stage.ledger, 1, said, SAID_MAX, "withdraw", "bob", "300000", "--wait", NULL);
    cr_expect_not_null(strstr(said, "insufficient_funds"), "%s", said);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 0);
    stage_close(&stage);
}

Test(scenario, test_v3_a_check_stands_behind_the_floor) {
    struct stage stage;
    stage_open(&stage, "v3_check", 1);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    PGresult *result = PQexec(stage.ledger.db, "UPDATE teller.account SET balance = -300000");
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    cr_expect_str_eq(sqlstate != NULL ? sqlstate : "none", "23514", "check_violation");
    PQclear(result);
    stage_close(&stage);
}

/* Clients that know of no lock, transaction or version, the CLI and a bare producer at once. */
Test(scenario, test_v4_client_code_has_nothing_to_remember) {
    struct stage stage;
    stage_open(&stage, "v4", 2);
    struct crowd crowd;
    struct prng prng;
    struct sender sender;
    prng_seed(&prng, 4);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    crowd_open(&crowd, &stage.ledger, 4);
    for (int i = 0; i < 400; i++) {
        write_command(&crowd, i % 4, &prng, "deposit", "bob", 3);
    }
    sender_open(&sender, stage.ledger.sandbox.brokers, stage.ledger.commands);
    for (int i = 0; i < 400; i++) {
        char id[UUID_TEXT_LEN + 1];
        char text[COMMAND_TEXT_MAX];
        commands_new_id(&prng, id);
        commands_amount(text, id, "deposit", "bob", 4);
        sender_put_command(&sender, "bob", text);
    }
    cr_expect_eq(crowd_run(&crowd, STAGE_TIMEOUT_MS), 0);
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(stage_account(&stage.ledger, "bob", "balance"), 400 * 3 + 400 * 4);
    stage_close(&stage);
}

Test(scenario, test_v5_a_misspelt_field_is_named_before_it_is_sent) {
    struct stage stage;
    stage_open(&stage, "v5_cli", 1);
    struct captured captured;
    ledger_teller(&stage.ledger, &captured,
                  "{\"v\":1,\"id\":\"0193e4a0-7b1c-7def-8abc-000000000001\",\"type\":\"deposit\","
                  "\"account\":\"bob\",\"ammount\":5}\n",
                  (const char *const[]){"apply", "-", NULL});
    cr_expect_eq(captured.status, 65);
    cr_expect(strstr(captured.err, "ammount") != NULL || strstr(captured.out, "ammount") != NULL,
              "the field is not named: %s%s", captured.out, captured.err);
    captured_close(&captured);
    stage_close(&stage);
}

/* From a client that checks nothing: kept with its reason, for ever, and the lane goes on. */
Test(scenario, test_v5_swapped_fields_are_refused_for_good_and_named) {
    struct stage stage;
    stage_open(&stage, "v5_raw", 1);
    struct sender sender;
    char detail[SAID_MAX];
    sender_open(&sender, stage.ledger.sandbox.brokers, stage.ledger.commands);
    const char *swapped = "{\"v\":1,\"id\":\"0193e4a0-7b1c-7def-8abc-000000000002\","
                          "\"type\":\"deposit\",\"account\":\"bob\",\"amount\":\"bob\"}";
    sender_put(&sender, &(struct parcel){.key = slice_of("bob"),
                                         .value = slice_of(swapped),
                                         .partition = -1,
                                         .expect = "invalid_field"});
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    db_text(stage.ledger.db, "SELECT detail FROM teller.v1_quarantine", detail, sizeof detail);
    cr_expect_eq(strncmp(detail, "amount", 6), 0, "the field is not named: %s", detail);
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", "--wait", NULL);
    stage_close(&stage);
}
