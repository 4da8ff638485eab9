#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "producer/render.h"

static const char id_text[] = "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c";

/* A deposit of 10,000 to alice that was accepted. */
static struct report a_deposit(void) {
    struct report report;
    struct command command = {.type = COMMAND_DEPOSIT, .amount = 10000};
    cr_assert(uuid_parse(id_text, strlen(id_text), &command.id));
    cr_assert(ident_parse("alice", 5, &command.entity));
    report_command(&report, 0, &command);
    report.state = REPORT_ACCEPTED;
    report.lane = 3;
    report.offset = 1042;
    return report;
}

static void say(enum render_form form, const struct report *report,
                const struct render_extra *extra, char *text, size_t size) {
    struct render render;
    memset(text, 0, size);
    FILE *out = tmpfile();
    cr_assert_not_null(out);
    render_init(&render, out, form, false);
    render_report(&render, report, extra);
    render_close(&render);
    rewind(out);
    cr_assert_lt(fread(text, 1, size - 1, out), size - 1);
    fclose(out);
}

static void expect_text(const struct report *report, const char *expected) {
    char text[1024];
    struct render_extra extra = {.retry = NULL};
    say(RENDER_TEXT, report, &extra, text, sizeof text);
    cr_assert_str_eq(text, expected);
}

Test(producer_render, test_accepted_command_tells_lane_and_offset) {
    struct report report = a_deposit();
    expect_text(&report, "accepted 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c deposit 10,000 -> alice "
                         "(lane 3 @1042)\n");
}

Test(producer_render, test_amount_has_its_currency_when_the_command_names_it) {
    struct report report = a_deposit();
    asset_parse("EUR", 3, &report.currency);
    expect_text(&report, "accepted 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c deposit 100.00 EUR -> "
                         "alice (lane 3 @1042)\n");
}

Test(producer_render, test_applied_command_tells_the_balance) {
    struct report report = a_deposit();
    struct result result = {
        .outcome = OUTCOME_APPLIED, .has_balance = true, .balance = 12000, .available = 12000};
    report_result(&report, &result);
    expect_text(&report, "applied 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c deposit 10,000 -> alice: "
                         "balance 12,000\n");
}

Test(producer_render, test_repeated_command_is_said_to_be_done_already) {
    struct report report = a_deposit();
    struct result result = {.outcome = OUTCOME_APPLIED, .duplicate = true};
    report_result(&report, &result);
    expect_text(&report, "applied 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c deposit 10,000 -> alice "
                         "(already done: the first answer)\n");
}

Test(producer_render, test_rejected_command_tells_reason_and_what_is_available) {
    struct report report = a_deposit();
    struct result result = {
        .outcome = OUTCOME_CEILING_EXCEEDED, .has_balance = true, .balance = 500, .available = 300};
    report_result(&report, &result);
    expect_text(&report, "rejected 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c deposit 10,000 -> alice: "
                         "ceiling_exceeded; balance 500, available 300\n");
}

Test(producer_render, test_transfer_tells_from_whom_to_whom) {
    struct report report = a_deposit();
    report.type = COMMAND_TRANSFER;
    cr_assert(ident_parse("bob", 3, &report.other));
    expect_text(&report, "accepted 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c transfer 10,000 alice -> "
                         "bob (lane 3 @1042)\n");
}

Test(producer_render, test_purchase_tells_what_is_bought) {
    struct report report = a_deposit();
    report.type = COMMAND_PURCHASE;
    report.amount = 0;
    report.quantity = 3;
    cr_assert(ident_parse("sku-1", 5, &report.other));
    expect_text(&report, "accepted 0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c purchase 3 sku-1 by alice "
                         "(lane 3 @1042)\n");
}

Test(producer_render, test_json_of_a_product_command_names_the_product) {
    char text[1024];
    struct report report = a_deposit();
    struct render_extra extra = {.retry = NULL};
    report.type = COMMAND_PRODUCT_RESTOCK;
    report.amount = 0;
    report.quantity = -5;
    say(RENDER_JSON, &report, &extra, text, sizeof text);
    cr_assert_not_null(strstr(text, "\"product\":\"alice\",\"quantity\":-5,"), "%s", text);
    cr_assert_null(strstr(text, "\"account\""));
}

Test(producer_render, test_invalid_line_is_named_by_number_and_field) {
    struct report report;
    struct refusal why = {.reason = OUTCOME_INVALID_FIELD, .detail = "amount: must be more"};
    report_refusal(&report, 7, &why);
    expect_text(&report, "7 invalid -: invalid_field (amount: must be more)\n");
}

Test(producer_render, test_plain_keeps_its_columns) {
    char text[1024];
    struct report report = a_deposit();
    struct render_extra extra = {.retry = NULL};
    say(RENDER_PLAIN, &report, &extra, text, sizeof text);
    cr_assert_str_eq(text, "accepted\t0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c\tdeposit\talice\t10000"
                           "\t3\t1042\t\t\t\t\t\t\t\t\t\n");
}

Test(producer_render, test_json_holds_numbers_and_the_retry_line) {
    char text[1024];
    json_int_t lane = 0, amount = 0;
    const char *retry = NULL;
    struct report report = a_deposit();
    struct render_extra extra = {.retry = "teller deposit --id 'x'"};
    say(RENDER_JSON, &report, &extra, text, sizeof text);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(json, "%s", text);
    cr_assert_eq(
        json_unpack(json, "{s:I, s:I, s:s}", "lane", &lane, "amount", &amount, "retry", &retry), 0);
    cr_assert_eq(lane, 3);
    cr_assert_eq(amount, 10000);
    cr_assert_str_eq(retry, extra.retry);
    json_decref(json);
}

Test(producer_render, test_quiet_says_nothing) {
    struct render render;
    struct report report = a_deposit();
    struct render_extra extra = {.retry = NULL};
    FILE *out = tmpfile();
    render_init(&render, out, RENDER_TEXT, true);
    render_report(&render, &report, &extra);
    render_close(&render);
    cr_assert_eq(ftell(out), 0);
    fclose(out);
}

/* operations.md, exit codes. */
Test(producer_render, test_each_state_has_its_exit_code) {
    static const int codes[] = {
        [REPORT_VALID] = 0,    [REPORT_ACCEPTED] = 0, [REPORT_APPLIED] = 0,
        [REPORT_PENDING] = 75, [REPORT_REJECTED] = 1, [REPORT_QUARANTINED] = 65,
        [REPORT_INVALID] = 65, [REPORT_UNSENT] = 69,  [REPORT_UNKNOWN] = 75};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct report report = a_deposit();
        report.state = (enum report_state)i;
        cr_assert_eq(report_exit_code(&report), codes[i], "%zu", i);
    }
}

Test(producer_render, test_command_that_may_not_be_sent_exits_77) {
    struct report report = a_deposit();
    report.state = REPORT_UNSENT;
    report.kind = ERR_DENIED;
    cr_assert_eq(report_exit_code(&report), 77);
}
