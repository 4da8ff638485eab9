/* The races of the scenarios, each alone: several producer processes at once, two workers, real
 * commits. What each is, and what must come out, stands in tests/harness/plays_*.c. */
#include <criterion/criterion.h>

#include "tests/harness/audit.h"
#include "tests/harness/crowd.h"
#include "tests/harness/plays.h"
#include "tests/harness/stage.h"

#define RACE_TIMEOUT_MS 120000
#define ANY_ORDER (-1)

/* `worst`: 1 where somebody must be refused; ANY_ORDER where that depends on who comes first. */
static void perform(const char *name, int producers, int worst) {
    const struct play *play = play_find(name);
    struct stage stage;
    struct crowd crowd;
    struct prng prng;
    prng_seed(&prng, 40);
    stage_open(&stage, name, 2);
    play_prepare(&stage.ledger, &play, 1);
    crowd_open(&crowd, &stage.ledger, producers);
    play->race(&crowd, &prng);
    int ended = crowd_run(&crowd, RACE_TIMEOUT_MS);
    cr_expect_eq(ended, crowd_count(&crowd, "rejected ") > 0 ? 1 : 0, "exit code of refusals");
    cr_expect(worst == ANY_ORDER || ended == worst, "ended with %d", ended);
    audit_ledger(&stage.ledger, STAGE_TIMEOUT_MS); /* when no leg is missing any more */
    play->check(&stage.ledger);
    stage_close(&stage);
}

TestSuite(scenario_plays, .timeout = 300);

Test(scenario_plays, test_r1_r3_money_that_comes_and_goes_at_once_is_all_counted) {
    perform("r1", 2, 0);
}

Test(scenario_plays, test_r4_a_transfer_without_funds_does_nothing_on_either_side) {
    perform("r4", 4, 1);
}

Test(scenario_plays, test_r6_a_transfer_sent_many_times_takes_effect_once) {
    perform("r6", 4, 0);
}

Test(scenario_plays, test_r8_contention_is_a_queue_and_never_an_error) {
    perform("r8", 8, 0);
}

Test(scenario_plays, test_r9_transfers_to_and_fro_all_succeed_without_a_deadlock) {
    perform("r9", 8, 0);
}

Test(scenario_plays, test_p1_two_buyers_of_one_leave_two_of_four) {
    perform("p1", 2, 0);
}

Test(scenario_plays, test_p2_products_of_one_file_are_what_the_file_says) {
    perform("p2", 1, 0);
}

Test(scenario_plays, test_p3_purchases_of_one_and_three_leave_six_of_ten) {
    perform("p3", 2, 0);
}

Test(scenario_plays, test_p4_what_is_not_in_stock_is_not_sold) {
    perform("p4", 2, 1);
}

Test(scenario_plays, test_p5_a_price_change_among_purchases_survives) {
    perform("p5", 4, ANY_ORDER);
}

Test(scenario_plays, test_p6_of_a_hundred_buyers_twenty_five_win) {
    perform("p6", 10, 1);
}

Test(scenario_plays, test_p7_a_refused_purchase_changes_nothing_on_either_side) {
    perform("p7", 8, 1);
}

Test(scenario_plays, test_p8_p9_of_sixteen_processes_one_gets_the_seat) {
    perform("p8", CROWD_MAX, 1);
}

Test(scenario_plays, test_d4_of_a_hundred_finalizers_one_is_first) {
    perform("d4", 10, 1);
}

Test(scenario_plays, test_d5_d6_a_cap_owned_by_one_lane_is_never_exceeded) {
    perform("d5", 10, 1);
}

Test(scenario_plays, test_d7_shares_of_an_allotment_sum_exactly) {
    perform("d7", 4, 1);
}

Test(scenario_plays, test_t5_t8_a_group_is_atomic_and_two_commands_are_not) {
    perform("t5", 4, 1);
}

Test(scenario_plays, test_t10_a_transfer_is_taken_back_once) {
    perform("t10", 8, 1);
}
