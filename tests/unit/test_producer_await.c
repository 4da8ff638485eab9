#include <criterion/criterion.h>

#include "producer/await.h"

static struct await await;
static struct report report;

/* A transfer by alice whose own record lies in lane 3 at offset 40. */
static void set_up(void) {
    await = (struct await){.is_pending = false};
    report = (struct report){.state = REPORT_ACCEPTED, .type = COMMAND_TRANSFER, .lane = 3};
    report.offset = 40;
    cr_assert(ident_parse("alice", 5, &report.entity));
}

TestSuite(producer_await, .init = set_up);

static enum await_verdict take(enum outcome outcome, uint16_t lane, int64_t offset) {
    struct result result = {.type = COMMAND_TRANSFER, .outcome = outcome, .lane = lane};
    result.offset = offset;
    result.entity = report.entity;
    return await_take(&await, &report, &result);
}

static void expect(enum await_verdict verdict, enum await_verdict wanted, enum report_state state) {
    cr_assert_eq(verdict, wanted);
    cr_assert_eq(report.state, state);
}

Test(producer_await, test_answer_to_the_own_record_is_final) {
    expect(take(OUTCOME_INSUFFICIENT_FUNDS, 3, 40), AWAIT_DONE, REPORT_REJECTED);
}

Test(producer_await, test_pending_is_followed_by_the_answer_of_a_leg) {
    expect(take(OUTCOME_PENDING, 3, 40), AWAIT_MORE, REPORT_PENDING);
    expect(take(OUTCOME_APPLIED, 5, 7), AWAIT_DONE, REPORT_APPLIED);
}

Test(producer_await, test_leg_in_the_own_lane_may_end_it_too) {
    expect(take(OUTCOME_PENDING, 3, 40), AWAIT_MORE, REPORT_PENDING);
    expect(take(OUTCOME_NO_SUCH_ACCOUNT, 3, 44), AWAIT_DONE, REPORT_REJECTED);
    cr_assert_eq(report.reason, OUTCOME_NO_SUCH_ACCOUNT);
}

Test(producer_await, test_final_answer_may_overtake_pending) {
    cr_assert_eq(take(OUTCOME_APPLIED, 5, 7), AWAIT_MORE);
    expect(take(OUTCOME_PENDING, 3, 40), AWAIT_DONE, REPORT_APPLIED);
}

Test(producer_await, test_foreign_final_answer_does_not_count_when_the_own_record_is_refused) {
    cr_assert_eq(take(OUTCOME_APPLIED, 5, 7), AWAIT_MORE);
    expect(take(OUTCOME_ID_CONFLICT, 3, 40), AWAIT_DONE, REPORT_REJECTED);
    cr_assert_eq(report.reason, OUTCOME_ID_CONFLICT);
}

Test(producer_await, test_conflict_of_another_record_is_not_taken) {
    take(OUTCOME_PENDING, 3, 40);
    expect(take(OUTCOME_ID_CONFLICT, 3, 41), AWAIT_MORE, REPORT_PENDING);
}

Test(producer_await, test_pending_of_another_record_is_not_taken) {
    expect(take(OUTCOME_PENDING, 3, 39), AWAIT_MORE, REPORT_ACCEPTED);
    cr_assert_not(await.is_pending);
}

Test(producer_await, test_quarantined_record_with_this_id_is_not_taken) {
    take(OUTCOME_PENDING, 3, 40);
    expect(take(OUTCOME_INVALID_FIELD, 3, 41), AWAIT_MORE, REPORT_PENDING);
}

Test(producer_await, test_answer_for_another_account_is_not_taken) {
    struct result result = {.outcome = OUTCOME_APPLIED, .lane = 5, .offset = 7};
    cr_assert(ident_parse("bob", 3, &result.entity));
    take(OUTCOME_PENDING, 3, 40);
    expect(await_take(&await, &report, &result), AWAIT_MORE, REPORT_PENDING);
}

Test(producer_await, test_repeated_command_that_is_pending_is_looked_up) {
    struct result result = {.outcome = OUTCOME_PENDING, .lane = 3, .offset = 40};
    result.duplicate = true;
    expect(await_take(&await, &report, &result), AWAIT_LOOK, REPORT_PENDING);
}

Test(producer_await, test_any_answer_is_the_own_one_where_the_broker_told_no_offset) {
    report.offset = -1;
    expect(take(OUTCOME_APPLIED, 5, 7), AWAIT_DONE, REPORT_APPLIED);
}
