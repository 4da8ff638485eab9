#include "consumer/core/fence.h"

#include <stdlib.h>

#include "common/check.h"

#define SAMPLE 255 /* ids looked at to find the middle of the range */
#define EMPTY (-1)

bool fence_init(struct fence *fence, uint32_t keys, uint64_t seed) {
    CHECK(keys >= 16 && keys <= UINT32_MAX / 4);
    uint32_t cells = 32;
    while (cells - cells / 4 < keys) {
        cells *= 2;
    }
    *fence = (struct fence){.seed = seed, .mask = cells - 1, .room = keys};
    fence->cells = malloc(cells * sizeof *fence->cells);
    if (fence->cells == NULL) {
        return false;
    }
    fence_begin(fence, &(struct uuid){.bytes = {0}});
    return true;
}

void fence_close(struct fence *fence) {
    free(fence->cells);
    fence->cells = NULL;
}

void fence_begin(struct fence *fence, const struct uuid *upper) {
    for (uint32_t i = 0; i <= fence->mask; i++) {
        fence->cells[i].step = EMPTY;
    }
    fence->count = 0;
    fence->open = false;
    fence->has_lower = false;
    fence->upper = *upper;
}

static bool inside(const struct fence *fence, const struct uuid *id) {
    return uuid_compare(id, &fence->upper) <= 0 &&
           (!fence->has_lower || uuid_compare(id, &fence->lower) > 0);
}

static uint32_t home_of(const struct fence *fence, const struct journal_key *key) {
    return (uint32_t)uuid_hash(&key->id, fence->seed) & fence->mask;
}

/* The cell that holds the key, or the empty one where it would stand. */
static uint32_t find_cell(const struct fence *fence, const struct journal_key *key) {
    uint32_t at = home_of(fence, key);
    while (fence->cells[at].step != EMPTY && !journal_key_equal(&fence->cells[at], key)) {
        at = (at + 1) & fence->mask;
    }
    return at;
}

void fence_open(struct fence *fence, bool complete) {
    if (!complete && fence->count > 0) {
        /* Other steps of the lowest id may not have been read: that id stays outside. */
        struct uuid lowest = fence->upper;
        for (uint32_t i = 0; i <= fence->mask; i++) {
            if (fence->cells[i].step != EMPTY && uuid_compare(&fence->cells[i].id, &lowest) < 0) {
                lowest = fence->cells[i].id;
            }
        }
        fence->has_lower = true;
        fence->lower = lowest;
    }
    fence->open = complete || fence->count > 0;
}

enum fence_answer fence_ask(const struct fence *fence, const struct journal_key *key) {
    if (!fence->open || !inside(fence, &key->id)) {
        return FENCE_OUTSIDE;
    }
    return fence->cells[find_cell(fence, key)].step == EMPTY ? FENCE_NEW : FENCE_SEEN;
}

static void close_hole(struct fence *fence, uint32_t hole) {
    uint32_t at = hole;
    for (;;) {
        at = (at + 1) & fence->mask;
        if (fence->cells[at].step == EMPTY) {
            break;
        }
        uint32_t home = home_of(fence, &fence->cells[at]);
        if (((at - home) & fence->mask) >= ((at - hole) & fence->mask)) {
            fence->cells[hole] = fence->cells[at];
            hole = at;
        }
    }
    fence->cells[hole].step = EMPTY;
    fence->count--;
}

static int compare_ids(const void *a, const void *b) {
    return uuid_compare(a, b);
}

/* An id near the middle of the set: the median of a sample spread over the table. */
static struct uuid middle_id(const struct fence *fence) {
    struct uuid sample[SAMPLE];
    size_t taken = 0;
    uint32_t stride = (fence->mask + 1) / SAMPLE + 1;
    for (uint32_t start = 0; start < stride && taken < SAMPLE; start++) {
        for (uint32_t i = start; i <= fence->mask && taken < SAMPLE; i += stride) {
            if (fence->cells[i].step != EMPTY) {
                sample[taken++] = fence->cells[i].id;
            }
        }
    }
    CHECK(taken > 0);
    qsort(sample, taken, sizeof sample[0], compare_ids);
    return sample[taken / 2];
}

/* Raises the lower end first, then drops what lies outside: at no moment does the fence call a key
 * new that it has dropped. */
static void drop_older_half(struct fence *fence) {
    fence->lower = middle_id(fence);
    fence->has_lower = true;
    for (uint32_t i = 0; i <= fence->mask; i++) {
        while (fence->cells[i].step != EMPTY && !inside(fence, &fence->cells[i].id)) {
            close_hole(fence, i);
        }
    }
}

void fence_add(struct fence *fence, const struct journal_key *key) {
    CHECK(key->step >= 0);
    if (!inside(fence, &key->id)) {
        return;
    }
    if (fence->count == fence->room) {
        drop_older_half(fence);
        if (!inside(fence, &key->id)) {
            return;
        }
    }
    uint32_t at = find_cell(fence, key);
    CHECK(fence->cells[at].step == EMPTY);
    fence->cells[at] = *key;
    fence->count++;
}
