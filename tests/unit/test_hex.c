#include <criterion/criterion.h>
#include <string.h>

#include "common/hex.h"

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
    static const char *const bad[] = {"0g", "0A", "-1", " 1", "1"};
    uint8_t out[1];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_not(hex_decode(bad[i], strlen(bad[i]), out), "%s", bad[i]);
    }
}
