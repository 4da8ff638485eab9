/* Every verb of teller against a real worker: what a user types, what he reads, what a script gets
 * as exit code. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/stage.h"

#define SAID_MAX 1024
#define ID(n) "0193e4a0-7b1c-7def-8abc-0000000000" #n

static void open_account(const struct ledger *ledger, const char *account) {
    stage_teller(ledger, 0, NULL, 0, "open", account, "--currency", "KRW", "--wait", NULL);
}

static void expect_balance(const struct ledger *ledger, int64_t balance, int64_t held) {
    cr_expect_eq(stage_account(ledger, "alice", "balance"), balance);
    cr_expect_eq(stage_account(ledger, "alice", "held"), held);
}

Test(scenario_cli, test_verbs_move_money) {
    struct stage stage;
    stage_open(&stage, "cli_money", 1);
    const struct ledger *ledger = &stage.ledger;
    open_account(ledger, "alice");
    stage_apply(ledger, "deposit", "alice", "10000");
    stage_apply(ledger, "withdraw", "alice", "3000");
    expect_balance(ledger, 7000, 0);
    stage_teller(ledger, 0, NULL, 0, "hold", "alice", "500", "--id", ID(01), "--wait", NULL);
    stage_teller(ledger, 0, NULL, 0, "hold", "alice", "200", "--id", ID(02), "--wait", NULL);
    expect_balance(ledger, 7000, 700);
    stage_teller(ledger, 0, NULL, 0, "capture", "alice", ID(01), "--amount", "400", "--wait", NULL);
    expect_balance(ledger, 6600, 200);
    stage_apply(ledger, "release", "alice", ID(02));
    expect_balance(ledger, 6600, 0);
    stage_teller(ledger, 0, NULL, 0, "deposit", "alice", "50", "--id", ID(03), "--wait", NULL);
    stage_apply(ledger, "reverse", "alice", ID(03));
    expect_balance(ledger, 6600, 0);
    stage_apply(ledger, "group", "alice",
                "[{\"type\":\"deposit\",\"amount\":5},{\"type\":\"withdraw\",\"amount\":6600}]");
    expect_balance(ledger, 5, 0);
    stage_close(&stage);
}

Test(scenario_cli, test_verbs_change_the_state_of_an_account) {
    struct stage stage;
    stage_open(&stage, "cli_state", 1);
    const struct ledger *ledger = &stage.ledger;
    char said[SAID_MAX];
    open_account(ledger, "alice");
    stage_teller(ledger, 0, NULL, 0, "freeze", "alice", "--wait", NULL);
    stage_teller(ledger, 1, said, SAID_MAX, "deposit", "alice", "1", "--wait", NULL);
    cr_expect_not_null(strstr(said, "account_frozen"), "%s", said);
    stage_teller(ledger, 0, NULL, 0, "unfreeze", "alice", "--wait", NULL);
    stage_teller(ledger, 0, NULL, 0, "close", "alice", "--wait", NULL);
    stage_teller(ledger, 1, said, SAID_MAX, "deposit", "alice", "1", "--wait", NULL);
    cr_expect_not_null(strstr(said, "account_closed"), "%s", said);
    stage_close(&stage);
}

Test(scenario_cli, test_reading_verbs_show_what_was_applied) {
    struct stage stage;
    stage_open(&stage, "cli_read", 1);
    const struct ledger *ledger = &stage.ledger;
    char said[SAID_MAX];
    open_account(ledger, "alice");
    stage_teller(ledger, 0, NULL, 0, "deposit", "alice", "1234567", "--id", ID(04), "--wait", NULL);
    stage_teller(ledger, 0, said, SAID_MAX, "balance", "alice", NULL);
    cr_expect_not_null(strstr(said, "1,234,567"), "%s", said);
    stage_teller(ledger, 0, said, SAID_MAX, "history", "alice", "--limit", "1", "--json", NULL);
    cr_expect_not_null(strstr(said, ID(04)), "%s", said);
    stage_teller(ledger, 0, said, SAID_MAX, "outcome", ID(04), NULL);
    cr_expect_not_null(strstr(said, "applied"), "%s", said);
    stage_teller(ledger, 1, NULL, 0, "balance", "nobody", NULL);
    stage_teller(ledger, 75, NULL, 0, "outcome", ID(05), NULL);
    stage_close(&stage);
}

Test(scenario_cli, test_one_idempotency_key_is_one_command) {
    struct stage stage;
    stage_open(&stage, "cli_key", 1);
    const struct ledger *ledger = &stage.ledger;
    open_account(ledger, "alice");
    for (int i = 0; i < 3; i++) {
        stage_teller(ledger, 0, NULL, 0, "deposit", "alice", "10", "--idempotency-key",
                     "invoice 7", "--wait", NULL);
    }
    expect_balance(ledger, 10, 0);
    char said[SAID_MAX];
    stage_teller(ledger, 1, said, SAID_MAX, "deposit", "alice", "11", "--idempotency-key",
                 "invoice 7", "--wait", NULL);
    cr_expect_not_null(strstr(said, "id_conflict"), "%s", said);
    expect_balance(ledger, 10, 0);
    stage_close(&stage);
}

Test(scenario_cli, test_json_answer_has_the_fields_of_a_result) {
    struct stage stage;
    stage_open(&stage, "cli_json", 1);
    const struct ledger *ledger = &stage.ledger;
    char said[SAID_MAX];
    open_account(ledger, "alice");
    stage_teller(ledger, 0, said, SAID_MAX, "deposit", "alice", "10", "--id", ID(06), "--json",
                 "--wait", NULL);
    json_t *answer = json_loads(said, 0, NULL);
    cr_assert_not_null(answer, "%s", said);
    cr_expect_str_eq(json_string_value(json_object_get(answer, "state")), "applied");
    cr_expect_str_eq(json_string_value(json_object_get(answer, "id")), ID(06));
    cr_expect_eq(json_integer_value(json_object_get(answer, "balance")), 10);
    cr_expect_eq(json_integer_value(json_object_get(answer, "version")), 2);
    json_decref(answer);
    stage_close(&stage);
}

Test(scenario_cli, test_dry_run_names_the_lane_and_sends_nothing) {
    struct stage stage;
    stage_open(&stage, "cli_dry", 1);
    const struct ledger *ledger = &stage.ledger;
    char said[SAID_MAX];
    stage_teller(ledger, 0, said, SAID_MAX, "open", "alice", "--currency", "KRW", "--dry-run",
                 "--json", NULL);
    json_t *answer = json_loads(said, 0, NULL);
    cr_assert_not_null(answer, "%s", said);
    json_int_t lane = json_integer_value(json_object_get(answer, "lane"));
    json_decref(answer);
    open_account(ledger, "alice");
    cr_expect_eq(worker_applied(ledger), 1, "the dry run was sent");
    cr_expect_eq(stage_account(ledger, "alice", "lane"), lane);
    stage_close(&stage);
}

Test(scenario_cli, test_apply_answers_each_line_in_its_order) {
    struct stage stage;
    stage_open(&stage, "cli_apply", 1);
    struct captured captured;
    ledger_teller(
        &stage.ledger, &captured,
        "{\"v\":1,\"id\":\"" ID(11) "\",\"type\":\"account.open\",\"account\":\"alice\","
        "\"currency\":\"KRW\"}\n"
        "{\"v\":1,\"id\":\"" ID(12) "\",\"type\":\"withdraw\",\"account\":\"alice\","
        "\"amount\":1}\n"
        "{\"v\":1,\"id\":\"" ID(13) "\",\"type\":\"deposit\",\"account\":\"alice\","
        "\"amount\":\"7\"}\n",
        (const char *const[]){"apply", "-", "--wait", "--json", NULL});
    cr_expect_eq(captured.status, 1, "the worst of its lines");
    const char *first = strstr(captured.out, ID(11));
    const char *second = strstr(captured.out, ID(12));
    const char *third = strstr(captured.out, ID(13));
    cr_expect(first != NULL && first < second && second < third, "%s", captured.out);
    cr_expect_not_null(strstr(captured.out, "insufficient_funds"), "%s", captured.out);
    captured_close(&captured);
    expect_balance(&stage.ledger, 7, 0);
    stage_close(&stage);
}

Test(scenario_cli, test_exit_codes_tell_a_script_what_to_do) {
    struct stage stage;
    stage_open(&stage, "cli_codes", 1);
    const struct ledger *ledger = &stage.ledger;
    stage_teller(ledger, 64, NULL, 0, "depositt", "alice", "1", NULL);
    stage_teller(ledger, 64, NULL, 0, "deposit", "alice", "1", "--nonsense", NULL);
    stage_teller(ledger, 65, NULL, 0, "deposit", "alice", "1.5", NULL);
    stage_teller(ledger, 65, NULL, 0, "deposit", "al ice", "1", NULL);
    stage_teller(ledger, 69, NULL, 0, "deposit", "alice", "1", "-b", "127.0.0.1:1", "--timeout",
                 "2", NULL);
    stage_teller(ledger, 1, NULL, 0, "deposit", "alice", "1", "--wait", NULL);
    stage_close(&stage);
}

/* Accepted, but nobody is there to apply it: unknown, and the retry is safe. */
Test(scenario_cli, test_an_answer_that_does_not_come_is_unknown_and_can_be_asked_again) {
    struct stage stage;
    stage_open(&stage, "cli_unknown", 0);
    const struct ledger *ledger = &stage.ledger;
    stage_teller(ledger, 75, NULL, 0, "open", "alice", "--currency", "KRW", "--id", ID(21),
                 "--wait", "--timeout", "2", NULL);
    stage_add(&stage, &(struct worker_plan){0});
    stage_teller(ledger, 0, NULL, 0, "open", "alice", "--currency", "KRW", "--id", ID(21),
                 "--wait", NULL);
    cr_expect_eq(stage_account(ledger, "alice", "version"), 1);
    stage_close(&stage);
}
