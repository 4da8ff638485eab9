/* The partitioner that every producer must use: murmur2 as in Java clients (`murmur2_random` in
 * librdkafka), masked to 31 bits, modulo the number of partitions. */
#ifndef TELLER_COMMON_PARTITION_H
#define TELLER_COMMON_PARTITION_H

#include <stddef.h>
#include <stdint.h>

uint32_t partition_murmur2(const void *key, size_t len);

/* 0 .. partitions-1; partitions >= 1. */
uint16_t partition_of(const void *key, size_t len, uint16_t partitions);

#endif
