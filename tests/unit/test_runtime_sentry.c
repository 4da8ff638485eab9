/* A worker ends for good only when it has seen twice that its topics are not the ledger's. */
#include <criterion/criterion.h>

#include "consumer/runtime/sentry.h"

Test(runtime_sentry, test_one_bad_look_is_no_alarm) {
    int bad = 0;
    cr_expect_not(sentry_note(&bad, ERR_OPERATOR));
    cr_expect_not(sentry_note(&bad, ERR_NONE));
    cr_expect_not(sentry_note(&bad, ERR_OPERATOR));
}

Test(runtime_sentry, test_two_bad_looks_in_a_row_are_an_alarm) {
    int bad = 0;
    cr_expect_not(sentry_note(&bad, ERR_OPERATOR));
    cr_expect(sentry_note(&bad, ERR_OPERATOR));
}

Test(runtime_sentry, test_silence_is_neither_a_good_nor_a_bad_look) {
    int bad = 0;
    cr_expect_not(sentry_note(&bad, ERR_OPERATOR));
    cr_expect_not(sentry_note(&bad, ERR_UNREACHABLE));
    cr_expect_not(sentry_note(&bad, ERR_DENIED));
    cr_expect(sentry_note(&bad, ERR_OPERATOR));
}
