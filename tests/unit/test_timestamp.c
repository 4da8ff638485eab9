#include <criterion/criterion.h>
#include <string.h>

#include "common/timestamp.h"

static void expect_text(int64_t ms, const char *expected) {
    char text[TIMESTAMP_TEXT_LEN + 1];
    timestamp_format(ms, text);
    cr_assert_str_eq(text, expected);
}

Test(timestamp, test_known_times_are_written) {
    expect_text(0, "1970-01-01T00:00:00.000Z");
    expect_text(INT64_C(951782400000), "2000-02-29T00:00:00.000Z");
    expect_text(INT64_C(1709251199999), "2024-02-29T23:59:59.999Z");
    expect_text(INT64_C(4107542400000), "2100-03-01T00:00:00.000Z");
}

Test(timestamp, test_times_outside_four_digit_years_stop_at_the_end) {
    expect_text(-1, "1970-01-01T00:00:00.000Z");
    expect_text(INT64_MIN, "1970-01-01T00:00:00.000Z");
    expect_text(INT64_MAX, "9999-12-31T23:59:59.999Z");
}

Test(timestamp, test_every_day_of_500_years_round_trips) {
    for (int64_t ms = 12345; ms < INT64_C(86400000) * 365 * 500; ms += 86400000) {
        char text[TIMESTAMP_TEXT_LEN + 1];
        int64_t back;
        timestamp_format(ms, text);
        cr_assert(timestamp_parse(text, strlen(text), &back), "%s", text);
        cr_assert_eq(back, ms);
    }
}

Test(timestamp, test_other_texts_are_refused) {
    const char *bad[] = {"", "2024-02-30T00:00:00.000Z", "2023-02-29T00:00:00.000Z",
                         "2024-13-01T00:00:00.000Z", "2024-01-01T24:00:00.000Z",
                         "2024-01-01T00:60:00.000Z", "2024-01-01 00:00:00.000Z",
                         "2024-01-01T00:00:00.000z", "2024-01-01T00:00:00.00Z",
                         "2024-0a-01T00:00:00.000Z", "2024-00-01T00:00:00.000Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = 77;
        cr_assert_not(timestamp_parse(bad[i], strlen(bad[i]), &ms), "%s", bad[i]);
        cr_assert_eq(ms, 77);
    }
}
