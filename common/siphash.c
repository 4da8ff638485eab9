#include "common/siphash.h"

#include <string.h>

struct state {
    uint64_t v[4];
};

static uint64_t rotate(uint64_t x, int bits) {
    return x << bits | x >> (64 - bits);
}

static inline void mix(struct state *s) {
    s->v[0] += s->v[1];
    s->v[2] += s->v[3];
    s->v[1] = rotate(s->v[1], 13) ^ s->v[0];
    s->v[3] = rotate(s->v[3], 16) ^ s->v[2];
    s->v[0] = rotate(s->v[0], 32) + s->v[3];
    s->v[2] += s->v[1];
    s->v[3] = rotate(s->v[3], 21) ^ s->v[0];
    s->v[1] = rotate(s->v[1], 17) ^ s->v[2];
    s->v[2] = rotate(s->v[2], 32);
}

static inline void add_word(struct state *s, uint64_t word) {
    s->v[3] ^= word;
    mix(s);
    s->v[0] ^= word;
}

uint64_t siphash(uint64_t seed, const void *bytes, size_t len) {
    struct state s = {{seed ^ UINT64_C(0x736f6d6570736575), UINT64_C(0x646f72616e646f6d),
                       seed ^ UINT64_C(0x6c7967656e657261), UINT64_C(0x7465646279746573)}};
    const uint8_t *at = bytes;
    size_t left = len;
    uint64_t word;
    for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        add_word(&s, word);
    }
    word = 0;
    memcpy(&word, at, left);
    add_word(&s, word | (uint64_t)len << 56);
    s.v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        mix(&s);
    }
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}
