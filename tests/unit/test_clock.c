#include <criterion/criterion.h>
#include <string.h>

#include "common/rt/clock.h"

Test(clock, test_wall_clock_is_in_milliseconds) {
    const int64_t year_2025 = INT64_C(1735689600000);
    const int64_t year_2200 = INT64_C(7258118400000);
    int64_t now = clock_unix_ms();
    cr_assert(now >= year_2025 && now <= year_2200);
}

Test(clock, test_sleep_takes_its_time_on_the_monotonic_clock) {
    int64_t start = clock_monotonic_us();
    clock_sleep_ms(5);
    int64_t took = clock_monotonic_us() - start;
    cr_assert(took >= 5000, "took %lld us", (long long)took);
    cr_assert(clock_monotonic_ms() >= start / 1000);
}

Test(clock, test_random_bytes_differ) {
    uint8_t a[300] = {0};
    uint8_t b[300] = {0};
    clock_random(a, sizeof a);
    clock_random(b, sizeof b);
    cr_assert_neq(memcmp(a, b, sizeof a), 0);
    cr_assert_neq(memcmp(a + 270, b + 270, 30), 0);
}
