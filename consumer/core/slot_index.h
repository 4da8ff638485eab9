/* An open-addressing index from a hash to the slots of a fixed array. It stores slot numbers, not
 * rows: whoever asks compares the row itself, so that one index serves every kind of row.
 *
 *     struct slot_probe probe;
 *     for (uint32_t s = slot_index_first(&index, hash, &probe); s != SLOT_NONE;
 *          s = slot_index_next(&index, &probe))
 *         if (row s is the one) return s;
 *
 * Sized once, for a known number of slots: it is never more than half full. */
#ifndef TELLER_CORE_SLOT_INDEX_H
#define TELLER_CORE_SLOT_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#define SLOT_NONE UINT32_MAX

struct slot_cell {
    uint32_t hash;
    uint32_t slot; /* SLOT_NONE: empty */
};

struct slot_index {
    struct slot_cell *cells;
    uint32_t mask; /* number of cells - 1; a power of two - 1 */
    uint32_t count;
    uint64_t seed; /* of the hashes, for whoever makes them */
};

struct slot_probe {
    uint32_t hash;
    uint32_t cell;
};

/* Room for `slots` entries, hashed with the seed. False when out of memory. */
bool slot_index_init(struct slot_index *index, uint32_t slots, uint64_t seed);
void slot_index_close(struct slot_index *index);
void slot_index_clear(struct slot_index *index);

uint32_t slot_index_first(const struct slot_index *index, uint64_t hash, struct slot_probe *probe);
uint32_t slot_index_next(const struct slot_index *index, struct slot_probe *probe);

/* The same slot may stand under several hashes, and several slots under one. */
void slot_index_add(struct slot_index *index, uint64_t hash, uint32_t slot);
void slot_index_remove(struct slot_index *index, uint64_t hash, uint32_t slot);

#endif
