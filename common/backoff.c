#include "common/backoff.h"

#include "common/check.h"

void backoff_init(struct backoff *backoff, int64_t first_ms, int64_t max_ms) {
    CHECK(first_ms >= 1 && first_ms <= max_ms && max_ms <= INT64_MAX / 2);
    *backoff = (struct backoff){.first_ms = first_ms, .max_ms = max_ms, .next_ms = first_ms};
}

void backoff_reset(struct backoff *backoff) {
    backoff->next_ms = backoff->first_ms;
}

int64_t backoff_next_ms(struct backoff *backoff, struct prng *prng) {
    int64_t bound = backoff->next_ms;
    int64_t half = bound / 2;
    backoff->next_ms = bound > backoff->max_ms / 2 ? backoff->max_ms : bound * 2;
    return half + (int64_t)prng_below(prng, (uint64_t)(bound - half) + 1);
}
