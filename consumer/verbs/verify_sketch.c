#include "consumer/verbs/verify_sketch.h"

#include <stddef.h>

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit. */
static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t verify_sketch_number(uint64_t hash, int64_t number) {
    return mix((hash ^ UINT64_C(0x9e3779b97f4a7c15)) + (uint64_t)number);
}

uint64_t verify_sketch_uuid(uint64_t hash, const struct uuid *id) {
    return mix(hash + uuid_hash(id, 0));
}

uint64_t verify_sketch_ident(uint64_t hash, const struct ident *ident) {
    for (size_t i = 0; i < ident->len; i++) {
        hash = verify_sketch_number(hash, ident->text[i]);
    }
    return verify_sketch_number(hash, ident->len);
}
