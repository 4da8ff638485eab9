#include <criterion/criterion.h>

#include "common/siphash.h"
#include "common/uuid.h"

/* As CPython hashes bytes(range(len)) with PYTHONHASHSEED=0, a SipHash-1-3 under the key zero. */
Test(siphash, test_another_implementation_gives_the_same) {
    static const struct {
        size_t len;
        uint64_t hash;
    } known[] = {{1, 0x68a914128e01e473},  {7, 0x2f098ab0c751325a},  {8, 0xead411e67ebe2eea},
                 {15, 0xf30eb725bb91c9ea}, {16, 0x8972188433a5c5b7}, {24, 0x31185a47af932f3a},
                 {64, 0x75e05fd5bbc870c6}};
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        cr_expect_eq(siphash(0, bytes, known[i].len), known[i].hash, "%zu bytes", known[i].len);
    }
}

/* What a stranger could do who knew the seed: ids that all meet in one cell of a table. */
Test(siphash, test_ids_that_collide_under_one_seed_spread_under_another) {
    enum { IDS = 1000, CELLS = 1024 };
    static uint16_t cells[CELLS];
    uint16_t fullest = 0;
    uint32_t found = 0;
    for (uint64_t tried = 0; found < IDS; tried++) {
        struct uuid id = {.bytes = {0}};
        for (int i = 0; i < 8; i++) {
            id.bytes[8 + i] = (uint8_t)(tried >> (8 * i));
        }
        if (uuid_hash(&id, 1) % CELLS == 0) {
            uint16_t in_cell = ++cells[uuid_hash(&id, 2) % CELLS];
            fullest = in_cell > fullest ? in_cell : fullest;
            found++;
        }
    }
    cr_assert_leq(fullest, 10, "%u of %d ids meet", (unsigned)fullest, IDS);
}
