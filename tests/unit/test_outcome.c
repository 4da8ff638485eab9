#include <criterion/criterion.h>
#include <string.h>

#include "common/outcome.h"

#define OUTCOME_ROW(symbol, number, word, state) {OUTCOME_##symbol, number, word, state},
static const struct row {
    enum outcome outcome;
    int number;
    const char *word;
    enum outcome_state state;
} rows[] = {OUTCOMES(OUTCOME_ROW)};

enum { ROWS = sizeof rows / sizeof rows[0] };

Test(outcome, test_every_word_and_number_leads_back) {
    for (int i = 0; i < ROWS; i++) {
        enum outcome outcome;
        cr_assert(outcome_parse(rows[i].word, strlen(rows[i].word), &outcome));
        cr_assert_eq(outcome, rows[i].outcome);
        cr_assert(outcome_from_number(rows[i].number, &outcome));
        cr_assert_eq(outcome, rows[i].outcome);
        cr_assert_str_eq(outcome_word(outcome), rows[i].word);
        cr_assert_eq(outcome_state(outcome), rows[i].state);
    }
}

/* Stored in the database and published: written down a second time, so that a change is seen. */
Test(outcome, test_stored_numbers_never_change) {
    const char *rejected[] = {
        "id_conflict",        "no_such_account",  "account_exists",   "account_closed",
        "account_frozen",     "account_not_empty", "currency_mismatch", "version_mismatch",
        "insufficient_funds", "ceiling_exceeded", "overflow",         "no_such_product",
        "product_exists",     "out_of_stock",     "price_changed",    "already_finalized",
        "not_finalizable",    "cap_exceeded",     "no_such_hold",     "hold_expired",
        "hold_settled",       "no_such_command",  "already_reversed", "not_reversible",
        "same_account",       "group_failed",     "id_expired"};
    const char *quarantined[] = {"malformed", "unsupported_version", "unknown_type",
                                 "invalid_field", "too_large", "misrouted", "forged_leg"};
    cr_assert_eq(ROWS, 2 + 27 + 7);
    cr_assert_str_eq(outcome_word((enum outcome)0), "applied");
    cr_assert_str_eq(outcome_word((enum outcome)1), "pending");
    for (int i = 0; i < 27; i++) {
        cr_assert_str_eq(outcome_word((enum outcome)(10 + i)), rejected[i]);
    }
    for (int i = 0; i < 7; i++) {
        cr_assert_str_eq(outcome_word((enum outcome)(100 + i)), quarantined[i]);
    }
}

Test(outcome, test_order_of_the_list_is_order_of_the_numbers) {
    for (int i = 1; i < ROWS; i++) {
        cr_assert(rows[i - 1].number < rows[i].number);
    }
}

Test(outcome, test_unknown_words_and_numbers_are_told) {
    enum outcome outcome;
    cr_assert_not(outcome_parse("applie", 6, &outcome));
    cr_assert_not(outcome_parse("applied2", 8, &outcome));
    cr_assert_not(outcome_parse("", 0, &outcome));
    cr_assert_not(outcome_from_number(2, &outcome));
    cr_assert_not(outcome_from_number(-1, &outcome));
    cr_assert_str_eq(outcome_word((enum outcome)99), "?");
}

Test(outcome, test_states_have_their_words) {
    cr_assert_str_eq(outcome_state_word(STATE_APPLIED), "applied");
    cr_assert_str_eq(outcome_state_word(STATE_PENDING), "pending");
    cr_assert_str_eq(outcome_state_word(STATE_REJECTED), "rejected");
    cr_assert_str_eq(outcome_state_word(STATE_QUARANTINED), "quarantined");
}
