#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "common/strbuf.h"

static void expect_json(const char *text, size_t len, const char *json) {
    struct strbuf buf = STRBUF_INIT;
    strbuf_add_json_string(&buf, text, len);
    cr_assert_str_eq(buf.text, json);
    strbuf_close(&buf);
}

Test(strbuf, test_pieces_join_and_stay_terminated) {
    struct strbuf buf = STRBUF_INIT;
    strbuf_add_text(&buf, "a");
    strbuf_add_char(&buf, 'b');
    strbuf_add(&buf, "cd", 1);
    strbuf_printf(&buf, "%d", 42);
    cr_assert_str_eq(buf.text, "abc42");
    cr_assert_eq(buf.len, 5);
    strbuf_close(&buf);
}

Test(strbuf, test_grows_over_many_additions) {
    struct strbuf buf = STRBUF_INIT;
    for (int i = 0; i < 10000; i++) {
        strbuf_printf(&buf, "%04d", i);
    }
    cr_assert_eq(buf.len, 40000);
    cr_assert_eq(memcmp(buf.text + 39996, "9999", 5), 0);
    strbuf_close(&buf);
}

Test(strbuf, test_printf_fills_the_last_byte_of_the_room) {
    struct strbuf buf = STRBUF_INIT;
    for (size_t len = 0; len < 600; len++) {
        strbuf_reset(&buf);
        strbuf_printf(&buf, "%*s", (int)len, "");
        cr_assert_eq(buf.len, len);
        cr_assert_eq(strlen(buf.text), len);
    }
    strbuf_close(&buf);
}

Test(strbuf, test_integers_at_both_ends) {
    struct strbuf buf = STRBUF_INIT;
    strbuf_add_int(&buf, INT64_MIN);
    strbuf_add_char(&buf, ' ');
    strbuf_add_int(&buf, 0);
    strbuf_add_char(&buf, ' ');
    strbuf_add_int(&buf, INT64_MAX);
    cr_assert_str_eq(buf.text, "-9223372036854775808 0 9223372036854775807");
    strbuf_close(&buf);
}

Test(strbuf, test_reset_empties_and_keeps_memory) {
    struct strbuf buf = STRBUF_INIT;
    strbuf_add_text(&buf, "abc");
    char *memory = buf.text;
    strbuf_reset(&buf);
    cr_assert_str_eq(buf.text, "");
    strbuf_add_text(&buf, "d");
    cr_assert_eq(buf.text, memory);
    strbuf_close(&buf);
}

Test(strbuf, test_impossible_size_is_remembered_as_failure) {
    struct strbuf buf = STRBUF_INIT;
    strbuf_add_text(&buf, "abc");
    strbuf_add(&buf, "x", SIZE_MAX - 2);
    strbuf_add_text(&buf, "def");
    cr_assert(buf.failed);
    cr_assert_str_eq(buf.text, "abc");
    strbuf_close(&buf);
}

Test(strbuf, test_json_string_escapes_what_rfc_8259_wants) {
    expect_json("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
    expect_json("\n\r\t\x01\x1f", 5, "\"\\n\\r\\t\\u0001\\u001f\"");
    expect_json("a\0b", 3, "\"a\\u0000b\"");
    expect_json("", 0, "\"\"");
}

Test(strbuf, test_json_string_leaves_other_utf8_alone) {
    expect_json("\xc3\xa9\x7f/", 4, "\"\xc3\xa9\x7f/\"");
}
