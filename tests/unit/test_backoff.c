#include <criterion/criterion.h>
#include <stdbool.h>

#include "common/backoff.h"

Test(backoff, test_delays_double_up_to_the_maximum) {
    struct backoff backoff;
    struct prng prng;
    prng_seed(&prng, 1);
    backoff_init(&backoff, 100, 1000);
    const int64_t bounds[] = {100, 200, 400, 800, 1000, 1000, 1000};
    for (int i = 0; i < 7; i++) {
        int64_t delay = backoff_next_ms(&backoff, &prng);
        cr_assert(delay >= bounds[i] / 2 && delay <= bounds[i]);
    }
}

Test(backoff, test_reset_starts_over) {
    struct backoff backoff;
    struct prng prng;
    prng_seed(&prng, 1);
    backoff_init(&backoff, 10, 10000);
    for (int i = 0; i < 8; i++) {
        backoff_next_ms(&backoff, &prng);
    }
    backoff_reset(&backoff);
    cr_assert(backoff_next_ms(&backoff, &prng) <= 10);
}

Test(backoff, test_delays_are_jittered_over_the_whole_upper_half) {
    struct backoff backoff;
    struct prng prng;
    bool lowest = false;
    bool highest = false;
    prng_seed(&prng, 1);
    backoff_init(&backoff, 8, 8);
    for (int i = 0; i < 200; i++) {
        int64_t delay = backoff_next_ms(&backoff, &prng);
        lowest |= delay == 4;
        highest |= delay == 8;
    }
    cr_assert(lowest && highest);
}
