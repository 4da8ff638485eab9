#include <criterion/criterion.h>
#include <string.h>

#include "common/uuid.h"

static const char *const text = "0193e4a0-7b1c-7def-8abc-0123456789ab";

static struct uuid parsed(const char *from) {
    struct uuid uuid;
    cr_assert(uuid_parse(from, strlen(from), &uuid), "%s", from);
    return uuid;
}

static void expect_text(struct uuid uuid, const char *expected) {
    char written[UUID_TEXT_LEN + 1];
    uuid_format(&uuid, written);
    cr_assert_str_eq(written, expected);
}

Test(uuid, test_either_case_reads_and_lower_case_is_written) {
    expect_text(parsed(text), text);
    expect_text(parsed("0193E4A0-7B1C-7DEF-8ABC-0123456789AB"), text);
}

Test(uuid, test_other_forms_are_refused) {
    const char *bad[] = {"",
                         "0193e4a07b1c7def8abc0123456789ab",
                         "{0193e4a0-7b1c-7def-8abc-0123456789a}",
                         "0193e4a0-7b1c-7def-8abc-0123456789a",
                         "0193e4a0-7b1c-7def-8abc-0123456789ab0",
                         "0193e4a0-7b1c-7def-8abc-0123456789ag",
                         "0193e4a07-b1c-7def-8abc-0123456789ab",
                         "0193e4a0 7b1c-7def-8abc-0123456789ab",
                         "0193e4a@-7b1c-7def-8abc-0123456789ab"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct uuid uuid = {{1}};
        cr_assert_not(uuid_parse(bad[i], strlen(bad[i]), &uuid), "%s", bad[i]);
        cr_assert_eq(uuid.bytes[0], 1);
    }
}

Test(uuid, test_version_7_holds_time_version_and_variant) {
    const uint8_t random[10] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const uint8_t zero[10] = {0};
    expect_text(uuid_v7(INT64_C(0x0193e4a07b1c), random), "0193e4a0-7b1c-7fff-bfff-ffffffffffff");
    expect_text(uuid_v7(INT64_C(0x0193e4a07b1c), zero), "0193e4a0-7b1c-7000-8000-000000000000");
}

Test(uuid, test_version_7_sorts_by_time) {
    const uint8_t high[10] = {0xff, 0xff, 0xff, 0xff};
    const uint8_t low[10] = {0};
    struct uuid earlier = uuid_v7(1000, high);
    struct uuid later = uuid_v7(1001, low);
    struct uuid floor = uuid_v7_floor(1001);
    cr_assert(uuid_compare(&earlier, &later) < 0);
    cr_assert(uuid_compare(&floor, &later) < 0);
    cr_assert(uuid_compare(&earlier, &floor) < 0);
}

Test(uuid, test_times_outside_48_bits_stop_at_the_end) {
    expect_text(uuid_v7_floor(-1), "00000000-0000-0000-0000-000000000000");
    expect_text(uuid_v7_floor(INT64_MAX), "ffffffff-ffff-0000-0000-000000000000");
}

/* Expected values: Python's uuid.uuid5 in the namespace c413a823-243e-47d7-b82d-b3e86bb7e78c. */
Test(uuid, test_version_5_is_the_same_for_ever) {
    expect_text(uuid_v5("order-1", 7), "f1dce923-1cfd-58b6-bd20-8af3234cfa7e");
    expect_text(uuid_v5("", 0), "2b086136-aeb7-5e10-9a0e-cb758765366a");
}

Test(uuid, test_equality_and_hash_see_every_byte) {
    struct uuid a = parsed(text);
    for (size_t i = 0; i < sizeof a.bytes; i++) {
        struct uuid b = a;
        b.bytes[i] ^= 1;
        cr_assert_not(uuid_equal(&a, &b));
        cr_assert_neq(uuid_hash(&a, 7), uuid_hash(&b, 7));
    }
    struct uuid same = parsed(text);
    cr_assert(uuid_equal(&a, &same));
    cr_assert_eq(uuid_hash(&a, 7), uuid_hash(&same, 7));
}

Test(uuid, test_hash_spreads_ids_of_one_millisecond_over_low_bits) {
    static unsigned buckets[1024];
    for (unsigned i = 0; i < 1024 * 16; i++) {
        const uint8_t random[10] = {[8] = (uint8_t)(i >> 8), [9] = (uint8_t)i};
        struct uuid uuid = uuid_v7(INT64_C(0x0193e4a07b1c), random);
        buckets[uuid_hash(&uuid, 7) % 1024]++;
    }
    for (int i = 0; i < 1024; i++) {
        cr_assert(buckets[i] < 48, "bucket %d holds %u ids, 16 expected", i, buckets[i]);
    }
}
