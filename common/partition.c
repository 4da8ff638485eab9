#include "common/partition.h"

#include "common/check.h"

static uint32_t load_little_endian(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* MurmurHash2, 32 bits, with the seed of Kafka's Java client (Utils.murmur2). */
uint32_t partition_murmur2(const void *key, size_t len) {
    const uint32_t m = 0x5bd1e995;
    const uint8_t *at = key;
    uint32_t hash = UINT32_C(0x9747b28c) ^ (uint32_t)len;
    for (; len >= 4; at += 4, len -= 4) {
        uint32_t k = load_little_endian(at) * m;
        k ^= k >> 24;
        hash = hash * m ^ k * m;
    }
    for (size_t i = 0; i < len; i++) {
        hash ^= (uint32_t)at[i] << (8 * i);
    }
    if (len > 0) {
        hash *= m;
    }
    hash = (hash ^ hash >> 13) * m;
    return hash ^ hash >> 15;
}

uint16_t partition_of(const void *key, size_t len, uint16_t partitions) {
    CHECK(partitions >= 1);
    return (uint16_t)((partition_murmur2(key, len) & INT32_MAX) % partitions);
}
