/* Bytes for librdkafka, which takes pointers to what it only reads, or copies, as not const. */
#ifndef TELLER_COMMON_KAFKA_BYTES_H
#define TELLER_COMMON_KAFKA_BYTES_H

#include <stdint.h>

#include "common/slice.h"

/* The slice's own bytes, for a call that does not write to them. */
static inline void *kafka_bytes(struct slice slice) {
    return (void *)(uintptr_t)slice.at;
}

#endif
