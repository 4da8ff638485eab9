/* Pro-rata allotment by largest remainder: the shares of what is left are quantity * stock / total,
 * rounded down; the units that rounding leaves over go, one each, to the largest remainders, and of
 * equal ones to the earlier subscription. Shares sum exactly. */
#ifndef TELLER_CORE_ALLOTMENT_H
#define TELLER_CORE_ALLOTMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/slot_table.h"
#include "consumer/core/subscriptions.h"

struct share {
    int64_t number; /* of the subscription: order of acceptance */
    int64_t quantity;
    int64_t remainder; /* scratch */
};

/* All open subscriptions of one product, while it is being finalized. No limit of a lane says how
 * many they are, so the list grows while rows are loaded, never while they are applied, and is
 * freed behind the batch. Out of memory aborts. */
struct allotment {
    int64_t product_number; /* 0: nothing loaded */
    struct share *shares;
    size_t count;
    size_t capacity;
};

/* The last remainder and number that get a unit more; compare allotment_share. */
struct allotment_limit {
    int64_t remainder;
    int64_t number;
};

void allotment_close(struct allotment *allotment);
void allotment_begin(struct allotment *allotment, int64_t product_number);
void allotment_add(struct allotment *allotment, int64_t number, int64_t quantity);

/* Who gets a unit more when `units` are allotted among `total` subscribed ones; units <= total.
 * Reorders the shares. */
struct allotment_limit allotment_find_limit(struct allotment *allotment, int64_t units,
                                            int64_t total);

/* Units of one subscription. */
int64_t allotment_share(int64_t quantity, int64_t number, int64_t units, int64_t total,
                        const struct allotment_limit *limit);

/* The subscriptions that one chunk settles, in their order. */
struct chunk {
    int64_t product_number; /* 0: nothing loaded */
    int64_t after;
    struct subscription_slot *slots[WANTS_CHUNK_MAX];
    size_t count;
};

/* Fills the chunk with the lowest WANTS_CHUNK_MAX subscriptions above chunk->after that are in
 * memory; all of them are, once the store has answered. Pins them. */
void chunk_collect(struct chunk *chunk, struct slot_table *subscriptions);

#endif
