/* A seeded generator (xoshiro256**) for workloads, jitter and simulations: never for secrets. */
#ifndef TELLER_COMMON_PRNG_H
#define TELLER_COMMON_PRNG_H

#include <stdint.h>

struct prng {
    uint64_t state[4];
};

void prng_seed(struct prng *prng, uint64_t seed);
uint64_t prng_next(struct prng *prng);
uint64_t prng_below(struct prng *prng, uint64_t bound); /* 0 .. bound-1, unbiased; bound >= 1 */
double prng_unit(struct prng *prng);                    /* [0, 1) */

#endif
