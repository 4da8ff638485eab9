#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

#include "common/rt/clock.h"

Test(clock, test_wall_clock_is_in_milliseconds) {
    int64_t before = (int64_t)time(NULL) * 1000 - 1000;
    int64_t now = clock_unix_ms();
    cr_assert(now >= before && now <= before + 5000);
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
