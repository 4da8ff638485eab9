#include <criterion/criterion.h>
#include <string.h>

#include "common/hex.h"

Test(hex, test_bytes_become_lower_case_digits_and_a_nul) {
    char text[8] = "XXXXXXX";
    hex_encode((const uint8_t[]){0x00, 0x9a, 0xff}, 3, text);
    cr_expect_arr_eq(text, "009aff", 7);
    cr_expect_eq(text[7], '\0');
}

Test(hex, test_no_bytes_become_an_empty_text) {
    char text[2] = "XX";
    hex_encode(NULL, 0, text);
    cr_expect_eq(text[0], '\0');
    cr_expect_eq(text[1], 'X');
}

Test(hex, test_every_byte_is_read_as_it_was_written) {
    uint8_t bytes[256];
    uint8_t back[256];
    char text[2 * sizeof bytes + 1];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    hex_encode(bytes, sizeof bytes, text);
    cr_assert(hex_decode(text, 2 * sizeof bytes, back));
    cr_expect_arr_eq(back, bytes, sizeof bytes);
}

Test(hex, test_digits_become_bytes) {
    uint8_t out[3] = {0};
    cr_assert(hex_decode("00ff1a", 6, out));
    cr_expect_arr_eq(out, ((uint8_t[]){0x00, 0xff, 0x1a}), 3);
}

Test(hex, test_nothing_is_no_bytes) {
    uint8_t out[1] = {7};
    cr_expect(hex_decode("", 0, out));
    cr_expect_eq(out[0], 7);
}

Test(hex, test_what_is_no_lower_case_digit_is_refused) {
    static const char *const bad[] = {"0g", "0A", "-1", "+f", " f", "f ", "1"};
    uint8_t out[1];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(hex_decode(bad[i], strlen(bad[i]), out), "%s", bad[i]);
    }
}
