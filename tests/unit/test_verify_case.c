/* Commands between lanes, as a snapshot may show them: complete, under way, or broken. */
#include <criterion/criterion.h>
#include <string.h>

#include "consumer/verbs/verify_case.h"

static const struct asset krw = {.len = 3, .text = "KRW"};

static void add(struct verify_case *of, int32_t step, enum command_type type, enum outcome outcome,
                int64_t amount) {
    of->has[step] = true;
    of->steps[step] = (struct audit_step){
        .entry = {.key = {.step = step}, .type = (int)type, .outcome = outcome, .amount = amount},
        .counter_role = amount == 0 ? SYSTEM_NONE : SYSTEM_TRANSIT,
        .asset = krw,
    };
}

/* 100 sent, and not told more. */
static struct verify_case sent(void) {
    struct verify_case of;
    memset(&of, 0, sizeof of);
    add(&of, STEP_CLIENT, COMMAND_TRANSFER, OUTCOME_PENDING, -100);
    return of;
}

/* 3 units at 10 each asked for, and not told more. */
static struct verify_case ordered(enum command_type type) {
    struct verify_case of;
    memset(&of, 0, sizeof of);
    add(&of, STEP_CLIENT, type, OUTCOME_PENDING, 0);
    of.steps[STEP_CLIENT].held_delta = 30;
    of.steps[STEP_CLIENT].entry.price = 10;
    return of;
}

static void sell(struct verify_case *of, int64_t units, int64_t price) {
    add(of, STEP_SELL, (enum command_type)of->steps[STEP_CLIENT].entry.type, OUTCOME_APPLIED,
        -units);
    of->steps[STEP_SELL].entry.price = price;
}

static void settle(struct verify_case *of, int64_t amount) {
    add(of, STEP_SETTLE, (enum command_type)of->steps[STEP_CLIENT].entry.type, OUTCOME_APPLIED,
        -amount);
    of->steps[STEP_SETTLE].held_delta = -30;
}

static void subscribed(struct verify_case *of, enum subscription_state state, int64_t allotted) {
    sell(of, 0, 9);
    of->has_subscription = true;
    of->subscription.row =
        (struct subscription){.quantity = 3, .price = 9, .allotted = allotted, .state = state};
}

static void expect_complete(const struct verify_case *of) {
    struct verify_flight flight;
    struct finding finding = {.found = false};
    cr_expect(verify_case_judge(of, &flight, &finding), "%s", finding.text);
    cr_expect_not(flight.under_way);
}

static void expect_under_way(const struct verify_case *of, int32_t step, int64_t amount) {
    struct verify_flight flight;
    struct finding finding = {.found = false};
    cr_expect(verify_case_judge(of, &flight, &finding), "%s", finding.text);
    cr_expect(flight.under_way);
    cr_expect_eq(flight.step, step);
    cr_expect_eq(flight.amount, amount);
}

static void expect_broken(const struct verify_case *of, const char *words) {
    struct verify_flight flight;
    struct finding finding = {.found = false};
    cr_expect_not(verify_case_judge(of, &flight, &finding));
    cr_expect_not_null(strstr(finding.text, words), "%s", finding.text);
}

Test(verify_case, test_debit_without_credit_is_money_under_way) {
    const struct verify_case of = sent();
    expect_under_way(&of, STEP_CREDIT, 100);
}

Test(verify_case, test_credit_of_what_was_sent_completes_a_transfer) {
    struct verify_case of = sent();
    add(&of, STEP_CREDIT, COMMAND_TRANSFER, OUTCOME_APPLIED, 100);
    expect_complete(&of);
}

Test(verify_case, test_credit_of_less_than_was_sent_is_found) {
    struct verify_case of = sent();
    add(&of, STEP_CREDIT, COMMAND_TRANSFER, OUTCOME_APPLIED, 99);
    expect_broken(&of, "applied of 99 KRW, but 100 KRW was sent");
}

Test(verify_case, test_credit_without_debit_is_found) {
    struct verify_case of = sent();
    add(&of, STEP_CREDIT, COMMAND_TRANSFER, OUTCOME_APPLIED, 100);
    of.has[STEP_CLIENT] = false;
    expect_broken(&of, "no pending command that it follows from");
}

Test(verify_case, test_refused_credit_leaves_the_money_under_way_back) {
    struct verify_case of = sent();
    add(&of, STEP_CREDIT, COMMAND_TRANSFER, OUTCOME_ACCOUNT_CLOSED, 0);
    expect_under_way(&of, STEP_RETURN, 100);
}

Test(verify_case, test_return_completes_a_refused_transfer) {
    struct verify_case of = sent();
    add(&of, STEP_CREDIT, COMMAND_TRANSFER, OUTCOME_ACCOUNT_CLOSED, 0);
    add(&of, STEP_RETURN, COMMAND_TRANSFER, OUTCOME_APPLIED, 100);
    expect_complete(&of);
}

Test(verify_case, test_return_of_money_that_was_credited_is_found) {
    struct verify_case of = sent();
    add(&of, STEP_CREDIT, COMMAND_TRANSFER, OUTCOME_APPLIED, 100);
    add(&of, STEP_RETURN, COMMAND_TRANSFER, OUTCOME_APPLIED, 100);
    expect_broken(&of, "nothing asked for this step");
}

Test(verify_case, test_refused_reverse_is_found) {
    struct verify_case of = sent();
    of.steps[STEP_CLIENT].entry.type = COMMAND_REVERSE;
    add(&of, STEP_CREDIT, COMMAND_REVERSE, OUTCOME_ACCOUNT_CLOSED, 0);
    expect_broken(&of, "account_closed of 0 KRW, but 100 KRW was sent");
}

Test(verify_case, test_settled_purchase_owes_the_seller) {
    struct verify_case of = ordered(COMMAND_PURCHASE);
    sell(&of, 3, 9);
    settle(&of, 27);
    expect_under_way(&of, STEP_CREDIT, 27);
}

Test(verify_case, test_sale_of_other_units_than_were_held_for_is_found) {
    struct verify_case of = ordered(COMMAND_PURCHASE);
    sell(&of, 4, 7);
    expect_broken(&of, "sells 4 units, but 3 were asked for");
}

Test(verify_case, test_sale_above_the_price_that_was_seen_is_found) {
    struct verify_case of = ordered(COMMAND_PURCHASE);
    sell(&of, 3, 11);
    expect_broken(&of, "price 11, but the buyer saw 10");
}

Test(verify_case, test_settlement_without_a_sale_is_found) {
    struct verify_case of = ordered(COMMAND_PURCHASE);
    settle(&of, 27);
    expect_broken(&of, "nothing asked for this step");
}

Test(verify_case, test_settlement_of_another_total_is_found) {
    struct verify_case of = ordered(COMMAND_PURCHASE);
    sell(&of, 3, 9);
    settle(&of, 28);
    expect_broken(&of, "takes 28 and releases 30, but 27 is due");
}

Test(verify_case, test_open_subscription_is_complete) {
    struct verify_case of = ordered(COMMAND_SUBSCRIBE);
    subscribed(&of, SUBSCRIPTION_OPEN, 0);
    expect_complete(&of);
}

Test(verify_case, test_allotted_subscription_awaits_its_settlement) {
    struct verify_case of = ordered(COMMAND_SUBSCRIBE);
    subscribed(&of, SUBSCRIPTION_SETTLED, 2);
    expect_under_way(&of, STEP_SETTLE, 0);
}

Test(verify_case, test_settlement_of_an_open_subscription_is_found) {
    struct verify_case of = ordered(COMMAND_SUBSCRIBE);
    subscribed(&of, SUBSCRIPTION_OPEN, 0);
    settle(&of, 0);
    expect_broken(&of, "nothing asked for this step");
}

Test(verify_case, test_accepted_subscription_without_a_row_is_found) {
    struct verify_case of = ordered(COMMAND_SUBSCRIBE);
    sell(&of, 0, 9);
    expect_broken(&of, "accepts 3 units at 9");
}

Test(verify_case, test_step_that_two_lanes_took_is_found) {
    struct verify_case of = sent();
    struct finding finding = {.found = false};
    const struct audit_step again = of.steps[STEP_CLIENT];
    cr_expect_not(verify_case_add(&of, &again, &finding));
    cr_expect_not_null(strstr(finding.text, "taken twice"));
}
