/* Exponential back-off with jitter in the upper half of each delay; pure: the caller sleeps. */
#ifndef TELLER_COMMON_BACKOFF_H
#define TELLER_COMMON_BACKOFF_H

#include <stdint.h>

#include "common/prng.h"

struct backoff {
    int64_t first_ms;
    int64_t max_ms;
    int64_t next_ms; /* upper bound of the next delay */
};

void backoff_init(struct backoff *backoff, int64_t first_ms, int64_t max_ms);
void backoff_reset(struct backoff *backoff);

/* A delay between half the bound and the bound, in ms; doubles the bound up to the maximum. */
int64_t backoff_next_ms(struct backoff *backoff, struct prng *prng);

#endif
