#include <criterion/criterion.h>
#include <string.h>

#include "common/err.h"

Test(err, test_set_returns_false_and_keeps_kind_and_text) {
    struct err err = ERR_INIT;
    cr_assert_not(err_set(&err, ERR_DATA, "line %d", 7));
    cr_assert_eq(err.kind, ERR_DATA);
    cr_assert_str_eq(err.text, "line 7");
}

Test(err, test_nobody_needs_to_listen) {
    cr_assert_not(err_set(NULL, ERR_BUG, "x"));
    cr_assert_not(err_context(NULL, "x"));
}

Test(err, test_context_goes_before_the_text) {
    struct err err = ERR_INIT;
    err_set(&err, ERR_UNREACHABLE, "refused");
    cr_assert_not(err_context(&err, "broker %s", "b1"));
    cr_assert_str_eq(err.text, "broker b1: refused");
    cr_assert_eq(err.kind, ERR_UNREACHABLE);
}

Test(err, test_text_may_be_made_from_itself) {
    struct err err = ERR_INIT;
    err_set(&err, ERR_DATA, "a");
    err_set(&err, ERR_DATA, "b %s", err.text);
    cr_assert_str_eq(err.text, "b a");
}

Test(err, test_text_is_one_line) {
    struct err err = ERR_INIT;
    err_set(&err, ERR_DATA, "one\ntwo\r\n");
    cr_assert_str_eq(err.text, "one two");
}

Test(err, test_long_text_is_cut) {
    char text[2 * ERR_TEXT_MAX];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct err err = ERR_INIT;
    err_set(&err, ERR_DATA, "%s", text);
    err_context(&err, "%s", text);
    cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
}

Test(err, test_exit_codes_are_the_documented_ones) {
    const int codes[] = {0, 64, 65, 69, 70, 75, 77, 78, 130};
    for (int kind = ERR_NONE; kind <= ERR_INTERRUPTED; kind++) {
        cr_assert_eq(err_exit_code((enum err_kind)kind), codes[kind]);
    }
}
