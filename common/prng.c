#include "common/prng.h"

#include "common/check.h"

static uint64_t rotate_left(uint64_t x, int by) {
    return (x << by) | (x >> (64 - by));
}

/* SplitMix64, as the authors of xoshiro advise for seeding: never gives the all-zero state. */
void prng_seed(struct prng *prng, uint64_t seed) {
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        prng->state[i] = z ^ (z >> 31);
    }
}

/* xoshiro256**, Blackman and Vigna. */
uint64_t prng_next(struct prng *prng) {
    uint64_t *s = prng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Draws again what falls into the last, incomplete run of `bound` values. */
uint64_t prng_below(struct prng *prng, uint64_t bound) {
    CHECK(bound >= 1);
    uint64_t incomplete = (0 - bound) % bound;
    uint64_t drawn;
    do {
        drawn = prng_next(prng);
    } while (drawn < incomplete);
    return drawn % bound;
}

double prng_unit(struct prng *prng) {
    return (double)(prng_next(prng) >> 11) * 0x1.0p-53;
}
