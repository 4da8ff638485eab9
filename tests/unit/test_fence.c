#include <criterion/criterion.h>
#include <string.h>

#include "common/prng.h"
#include "consumer/core/fence.h"

#define KEYS 64

static struct uuid id_of(int64_t ms, uint8_t last) {
    struct uuid id = uuid_v7_floor(ms);
    id.bytes[15] = last;
    return id;
}

static struct journal_key key_of(int64_t ms, uint8_t last) {
    return (struct journal_key){.id = id_of(ms, last), .origin = 3, .step = 0};
}

static void start(struct fence *fence, int64_t upper_ms, bool complete) {
    struct uuid upper = uuid_v7_floor(upper_ms);
    cr_assert(fence_init(fence, KEYS, 7));
    fence_begin(fence, &upper);
    fence_open(fence, complete);
}

Test(fence, test_a_closed_fence_knows_nothing) {
    struct fence fence;
    cr_assert(fence_init(&fence, KEYS, 7));
    struct journal_key key = key_of(0, 0);
    cr_expect_eq(fence_ask(&fence, &key), FENCE_OUTSIDE);
    fence_close(&fence);
}

Test(fence, test_a_key_is_new_until_it_is_added) {
    struct fence fence;
    start(&fence, 1000, true);
    struct journal_key key = key_of(10, 1);
    cr_expect_eq(fence_ask(&fence, &key), FENCE_NEW);
    fence_add(&fence, &key);
    cr_expect_eq(fence_ask(&fence, &key), FENCE_SEEN);
    fence_close(&fence);
}

Test(fence, test_another_step_or_origin_is_another_key) {
    struct fence fence;
    start(&fence, 1000, true);
    struct journal_key key = key_of(10, 1);
    fence_add(&fence, &key);
    struct journal_key step = key;
    step.step = 16;
    struct journal_key origin = key;
    origin.origin = 4;
    cr_expect_eq(fence_ask(&fence, &step), FENCE_NEW);
    cr_expect_eq(fence_ask(&fence, &origin), FENCE_NEW);
    fence_close(&fence);
}

Test(fence, test_ids_above_the_upper_end_are_for_the_database) {
    struct fence fence;
    start(&fence, 1000, true);
    struct journal_key key = key_of(1000, 1);
    cr_expect_eq(fence_ask(&fence, &key), FENCE_OUTSIDE);
    fence_add(&fence, &key);
    cr_expect_eq(fence_ask(&fence, &key), FENCE_OUTSIDE);
    fence_close(&fence);
}

Test(fence, test_an_incomplete_load_leaves_its_lowest_id_outside) {
    struct fence fence;
    cr_assert(fence_init(&fence, KEYS, 7));
    struct uuid upper = uuid_v7_floor(1000);
    fence_begin(&fence, &upper);
    struct journal_key low = key_of(500, 1);
    struct journal_key high = key_of(600, 1);
    fence_add(&fence, &high);
    fence_add(&fence, &low);
    fence_open(&fence, false);
    struct journal_key between = key_of(550, 1);
    cr_expect_eq(fence_ask(&fence, &low), FENCE_OUTSIDE);
    cr_expect_eq(fence_ask(&fence, &high), FENCE_SEEN);
    cr_expect_eq(fence_ask(&fence, &between), FENCE_NEW);
    fence_close(&fence);
}

/* The one thing that a fence may never do, whatever it has dropped: call a seen key new. */
Test(fence, test_a_seen_key_is_never_called_new) {
    struct fence fence;
    start(&fence, INT64_C(1) << 40, true);
    struct prng prng;
    prng_seed(&prng, 11);
    static struct journal_key seen[5000];
    for (int i = 0; i < 5000; i++) {
        seen[i] = key_of((int64_t)i + (int64_t)prng_below(&prng, 200), (uint8_t)i);
        seen[i].step = i;
        fence_add(&fence, &seen[i]);
        for (int j = 0; j <= i; j += 1 + i / 50) {
            cr_assert_neq(fence_ask(&fence, &seen[j]), FENCE_NEW, "key %d after %d", j, i);
        }
    }
    cr_expect_leq(fence.count, KEYS);
    fence_close(&fence);
}

Test(fence, test_the_newest_keys_stay_when_it_is_full) {
    struct fence fence;
    start(&fence, 1000000, true);
    for (int i = 0; i < 1000; i++) {
        struct journal_key key = key_of(i, 0);
        fence_add(&fence, &key);
        cr_assert_eq(fence_ask(&fence, &key), FENCE_SEEN);
    }
    struct journal_key next = key_of(1001, 0);
    cr_expect_eq(fence_ask(&fence, &next), FENCE_NEW);
    fence_close(&fence);
}
