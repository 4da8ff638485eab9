/* What counts as quarantined in a row, and what does not. */
#include <criterion/criterion.h>

#include "consumer/core/intake.h"
#include "consumer/runtime/streak.h"

#define ROOM 8

struct seen {
    struct decoded decoded[ROOM];
    struct output outputs[ROOM];
    struct batch batch;
};

static void see(struct seen *seen, enum output_kind kind, enum outcome outcome, bool is_leg) {
    size_t i = seen->batch.outputs_count++;
    cr_assert_lt(i, (size_t)ROOM);
    seen->decoded[i].record.offset = (int64_t)i;
    seen->decoded[i].record.leg.at = is_leg ? (const uint8_t *)"" : NULL;
    seen->outputs[i] = (struct output){.kind = kind, .record = (uint32_t)i, .outcome = outcome};
    seen->batch.quarantine_count += outcome_state(outcome) == STATE_QUARANTINED;
    seen->batch.outputs = seen->outputs;
    seen->batch.decoded = seen->decoded;
}

static void see_poison(struct seen *seen) {
    see(seen, OUTPUT_RESULT, OUTCOME_MALFORMED, false);
}

Test(runtime_streak, test_quarantined_records_add_up_over_batches) {
    struct seen seen = {.batch = {.old_offset = 0}};
    see_poison(&seen);
    see_poison(&seen);
    cr_assert_eq(streak_after(&seen.batch, 0), 2);
    cr_assert_eq(streak_after(&seen.batch, 2), 4);
}

Test(runtime_streak, test_any_other_answer_to_a_client_begins_anew) {
    struct seen seen = {.batch = {.old_offset = 0}};
    see_poison(&seen);
    see(&seen, OUTPUT_RESULT, OUTCOME_INSUFFICIENT_FUNDS, false);
    see_poison(&seen);
    cr_assert_eq(streak_after(&seen.batch, 7), 1);
}

Test(runtime_streak, test_good_records_alone_begin_anew) {
    struct seen seen = {.batch = {.old_offset = 0}};
    see(&seen, OUTPUT_RESULT, OUTCOME_APPLIED, false);
    cr_assert_eq(streak_after(&seen.batch, 7), 0);
}

Test(runtime_streak, test_legs_and_their_answers_change_nothing) {
    struct seen seen = {.batch = {.old_offset = 0}};
    see(&seen, OUTPUT_RESULT, OUTCOME_APPLIED, true);
    see(&seen, OUTPUT_LEG, OUTCOME_APPLIED, true);
    cr_assert_eq(streak_after(&seen.batch, 7), 7);
}

/* Nobody is answered: its dead letter is all that tells of it. */
Test(runtime_streak, test_a_forged_leg_is_a_clients_record) {
    struct seen seen = {.batch = {.old_offset = 0}};
    see(&seen, OUTPUT_DEAD_LETTER, OUTCOME_FORGED_LEG, true);
    cr_assert_eq(streak_after(&seen.batch, 7), 8);
}

Test(runtime_streak, test_a_forged_leg_that_is_answered_again_was_counted_before) {
    struct seen seen = {.batch = {.old_offset = 1}};
    see(&seen, OUTPUT_DEAD_LETTER, OUTCOME_FORGED_LEG, true);
    cr_assert_eq(streak_after(&seen.batch, 7), 7);
}

Test(runtime_streak, test_a_dead_letter_is_not_counted_beside_its_result) {
    struct seen seen = {.batch = {.old_offset = 0}};
    see_poison(&seen);
    see(&seen, OUTPUT_DEAD_LETTER, OUTCOME_MALFORMED, false);
    cr_assert_eq(streak_after(&seen.batch, 0), 1);
}

Test(runtime_streak, test_what_is_answered_again_was_counted_before) {
    struct seen seen = {.batch = {.old_offset = 2}};
    see_poison(&seen);
    see_poison(&seen);
    see_poison(&seen);
    cr_assert_eq(streak_after(&seen.batch, 7), 8);
}
