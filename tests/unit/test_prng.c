#include <criterion/criterion.h>

#include "common/prng.h"

/* From the published algorithm, computed with big integers elsewhere. */
Test(prng, test_sequence_is_that_of_the_reference) {
    struct prng prng;
    prng_seed(&prng, 42);
    const uint64_t expected[] = {UINT64_C(0x15780b2e0c2ec716), UINT64_C(0x6104d9866d113a7e),
                                 UINT64_C(0xae17533239e499a1)};
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(prng_next(&prng), expected[i]);
    }
}

Test(prng, test_same_seed_same_sequence) {
    struct prng a, b;
    prng_seed(&a, 7);
    prng_seed(&b, 7);
    for (int i = 0; i < 100; i++) {
        cr_assert_eq(prng_next(&a), prng_next(&b));
    }
}

Test(prng, test_below_reaches_every_value_and_no_more) {
    struct prng prng;
    unsigned seen[7] = {0};
    prng_seed(&prng, 1);
    for (int i = 0; i < 7000; i++) {
        uint64_t drawn = prng_below(&prng, 7);
        cr_assert(drawn < 7);
        seen[drawn]++;
    }
    for (int i = 0; i < 7; i++) {
        cr_assert(seen[i] > 850 && seen[i] < 1150, "%d was drawn %u times of 7000", i, seen[i]);
    }
}

Test(prng, test_below_takes_the_whole_range_of_bounds) {
    struct prng prng;
    prng_seed(&prng, 1);
    cr_assert_eq(prng_below(&prng, 1), 0);
    for (int i = 0; i < 100; i++) {
        cr_assert(prng_below(&prng, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
    }
}

Test(prng, test_unit_lies_in_its_interval_and_centres) {
    struct prng prng;
    double sum = 0;
    prng_seed(&prng, 3);
    for (int i = 0; i < 10000; i++) {
        double drawn = prng_unit(&prng);
        cr_assert(drawn >= 0 && drawn < 1);
        sum += drawn;
    }
    cr_assert(sum > 4850 && sum < 5150);
}
