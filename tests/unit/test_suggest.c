#include <criterion/criterion.h>

#include "common/suggest.h"

static const char *const words[] = {"deposit", "withdraw", "hold", "history"};

Test(suggest, test_distance_counts_edits) {
    cr_assert_eq(suggest_distance("hold", "hold"), 0);
    cr_assert_eq(suggest_distance("hodl", "hold"), 1);
    cr_assert_eq(suggest_distance("hol", "hold"), 1);
    cr_assert_eq(suggest_distance("", "hold"), 4);
    cr_assert_eq(suggest_distance("kitten", "sitting"), 3);
}

Test(suggest, test_near_words_are_found) {
    cr_assert_str_eq(suggest_word("desposit", words, 4), "deposit");
    cr_assert_str_eq(suggest_word("hodl", words, 4), "hold");
    cr_assert_str_eq(suggest_word("witdraw", words, 4), "withdraw");
}

Test(suggest, test_far_words_are_not) {
    cr_assert_null(suggest_word("purchase", words, 4));
    cr_assert_null(suggest_word("x", words, 4));
    cr_assert_null(suggest_word(
        "a-word-that-is-much-too-long-to-be-compared-with-any-other-word", words, 4));
}
