#include "consumer/core/slot_index.h"

#include <stdlib.h>

#include "common/check.h"

static uint32_t fold(uint64_t hash) {
    return (uint32_t)(hash ^ (hash >> 32));
}

bool slot_index_init(struct slot_index *index, uint32_t slots, uint64_t seed) {
    CHECK(slots > 0 && slots <= UINT32_MAX / 4);
    uint32_t cells = 16;
    while (cells < 2 * slots) {
        cells *= 2;
    }
    index->cells = malloc(cells * sizeof *index->cells);
    if (index->cells == NULL) {
        return false;
    }
    index->mask = cells - 1;
    index->seed = seed;
    slot_index_clear(index);
    return true;
}

void slot_index_close(struct slot_index *index) {
    free(index->cells);
    index->cells = NULL;
}

void slot_index_clear(struct slot_index *index) {
    for (uint32_t i = 0; i <= index->mask; i++) {
        index->cells[i].slot = SLOT_NONE;
    }
    index->count = 0;
}

/* The slot under the probe's hash at or behind its cell, with the probe left behind it. */
static uint32_t probe_on(const struct slot_index *index, struct slot_probe *probe) {
    for (;;) {
        const struct slot_cell *cell = &index->cells[probe->cell];
        if (cell->slot == SLOT_NONE) {
            return SLOT_NONE;
        }
        probe->cell = (probe->cell + 1) & index->mask;
        if (cell->hash == probe->hash) {
            return cell->slot;
        }
    }
}

uint32_t slot_index_first(const struct slot_index *index, uint64_t hash, struct slot_probe *probe) {
    probe->hash = fold(hash);
    probe->cell = probe->hash & index->mask;
    return probe_on(index, probe);
}

uint32_t slot_index_next(const struct slot_index *index, struct slot_probe *probe) {
    return probe_on(index, probe);
}

void slot_index_add(struct slot_index *index, uint64_t hash, uint32_t slot) {
    CHECK(slot != SLOT_NONE && index->count <= index->mask / 2);
    uint32_t folded = fold(hash);
    uint32_t at = folded & index->mask;
    while (index->cells[at].slot != SLOT_NONE) {
        at = (at + 1) & index->mask;
    }
    index->cells[at] = (struct slot_cell){.hash = folded, .slot = slot};
    index->count++;
}

/* Closes the hole at `hole` by moving back what was pushed behind its place (no tombstones). */
static void close_hole(struct slot_index *index, uint32_t hole) {
    uint32_t at = hole;
    for (;;) {
        at = (at + 1) & index->mask;
        struct slot_cell cell = index->cells[at];
        if (cell.slot == SLOT_NONE) {
            break;
        }
        uint32_t home = cell.hash & index->mask;
        if (((at - home) & index->mask) >= ((at - hole) & index->mask)) {
            index->cells[hole] = cell;
            hole = at;
        }
    }
    index->cells[hole].slot = SLOT_NONE;
}

void slot_index_remove(struct slot_index *index, uint64_t hash, uint32_t slot) {
    uint32_t folded = fold(hash);
    uint32_t at = folded & index->mask;
    while (index->cells[at].slot != slot || index->cells[at].hash != folded) {
        CHECK(index->cells[at].slot != SLOT_NONE);
        at = (at + 1) & index->mask;
    }
    close_hole(index, at);
    index->count--;
}
