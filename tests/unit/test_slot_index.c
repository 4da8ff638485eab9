#include <criterion/criterion.h>

#include "common/prng.h"
#include "consumer/core/slot_index.h"

#define SLOTS 500

static bool finds(const struct slot_index *index, uint64_t hash, uint32_t slot) {
    struct slot_probe probe;
    for (uint32_t s = slot_index_first(index, hash, &probe); s != SLOT_NONE;
         s = slot_index_next(index, &probe)) {
        if (s == slot) {
            return true;
        }
    }
    return false;
}

/* Few different hashes, so that clusters and wrapping are the rule. */
Test(slot_index, test_what_was_added_and_not_removed_is_found) {
    struct slot_index index;
    cr_assert(slot_index_init(&index, SLOTS, 0));
    struct prng prng;
    prng_seed(&prng, 7);
    uint64_t hashes[SLOTS];
    bool present[SLOTS] = {false};
    for (int round = 0; round < 20000; round++) {
        uint32_t slot = (uint32_t)prng_below(&prng, SLOTS);
        if (present[slot]) {
            slot_index_remove(&index, hashes[slot], slot);
        } else {
            hashes[slot] = prng_below(&prng, 40) * 25;
            slot_index_add(&index, hashes[slot], slot);
        }
        present[slot] = !present[slot];
    }
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        cr_expect_eq(finds(&index, hashes[slot], slot), present[slot], "slot %u", slot);
    }
    slot_index_close(&index);
}

Test(slot_index, test_a_cleared_index_finds_nothing) {
    struct slot_index index;
    cr_assert(slot_index_init(&index, 4, 0));
    slot_index_add(&index, 9, 1);
    slot_index_clear(&index);
    cr_expect_not(finds(&index, 9, 1));
    slot_index_close(&index);
}
