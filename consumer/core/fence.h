/* The id fence: an exact set of journal keys, whole, over a range of command ids. It tells a new id
 * from a seen one without asking the database, as long as the id lies within the range.
 *
 * The range is (lower, upper]. It shrinks from below when the set is full, never by itself from
 * above; it grows only by a load from the database. */
#ifndef TELLER_CORE_FENCE_H
#define TELLER_CORE_FENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/rows.h"

struct fence {
    struct journal_key *cells; /* open addressing; step < 0: empty */
    uint64_t seed; /* of the hash of ids */
    uint32_t mask;
    uint32_t count;
    uint32_t room;     /* keys that it may hold */
    bool open;         /* false: knows nothing, every id is outside */
    bool has_lower;    /* false: the range has no lower end */
    struct uuid lower; /* exclusive */
    struct uuid upper; /* inclusive */
};

enum fence_answer {
    FENCE_NEW,     /* inside, and not in the set: for certain not in the journal */
    FENCE_SEEN,    /* in the set */
    FENCE_OUTSIDE, /* only the database knows */
};

/* Room for `keys` keys (>= 16). False when out of memory. The fence starts closed. */
bool fence_init(struct fence *fence, uint32_t keys, uint64_t seed);
void fence_close(struct fence *fence);

/* Empties the fence and closes it, then fixes its upper end; keys are added, and then it opens:
 * over everything below `upper` if `complete`, else over the ids above the lowest key added. */
void fence_begin(struct fence *fence, const struct uuid *upper);
void fence_open(struct fence *fence, bool complete);

enum fence_answer fence_ask(const struct fence *fence, const struct journal_key *key);

/* Adds a key that is not in the set; one that lies outside is passed over. A full set first gives
 * up the older half of its range. */
void fence_add(struct fence *fence, const struct journal_key *key);

#endif
