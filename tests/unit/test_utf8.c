#include <criterion/criterion.h>
#include <string.h>

#include "common/utf8.h"

static void expect_each(const char *const *texts, size_t count, bool valid) {
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(utf8_valid(texts[i], strlen(texts[i])), valid, "text %zu", i);
    }
}

Test(utf8, test_the_ends_of_every_length_are_valid) {
    const char *const texts[] = {"",
                                 "\x01\x7f",
                                 "\xc2\x80\xdf\xbf",
                                 "\xe0\xa0\x80\xec\xbf\xbf",
                                 "\xed\x80\x80\xed\x9f\xbf",
                                 "\xee\x80\x80\xef\xbf\xbf",
                                 "\xf0\x90\x80\x80\xf3\xbf\xbf\xbf",
                                 "\xf4\x80\x80\x80\xf4\x8f\xbf\xbf"};
    expect_each(texts, sizeof texts / sizeof texts[0], true);
}

Test(utf8, test_what_lies_behind_the_ends_is_not_valid) {
    const char *const texts[] = {"\x80",
                                 "\xbf",
                                 "\xc0\x80",
                                 "\xc1\xbf",
                                 "\xe0\x9f\xbf",
                                 "\xed\xa0\x80",
                                 "\xf0\x8f\xbf\xbf",
                                 "\xf4\x90\x80\x80",
                                 "\xf5\x80\x80\x80",
                                 "\xff"};
    expect_each(texts, sizeof texts / sizeof texts[0], false);
}

Test(utf8, test_a_wrong_or_missing_later_byte_is_not_valid) {
    const char *const texts[] = {"\xc3",          "\xe2\x82",      "\xf0\x9f\x92", "\xc3(",
                                 "\xe2(\xa1",     "\xe2\x82(",     "\xe2\x82\xc0", "\xf0\x9f(\xb0",
                                 "\xf0\x9f\x92(", "\xf0(\x92\xb0", "a\xc3\xa9\xa9"};
    expect_each(texts, sizeof texts / sizeof texts[0], false);
}

Test(utf8, test_a_cut_leaves_whole_characters) {
    const char *text = "a\xec\x9b\x90\xec\x9b\x90"; /* one byte, three, three */
    const size_t cuts[] = {0, 1, 1, 1, 4, 4, 4, 7, 7};
    for (size_t room = 0; room < sizeof cuts / sizeof cuts[0]; room++) {
        cr_expect_eq(utf8_cut(text, room), cuts[room], "room %zu", room);
    }
}
