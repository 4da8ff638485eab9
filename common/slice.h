/* A borrowed run of bytes: whoever hands one out says how long it stays valid. */
#ifndef TELLER_COMMON_SLICE_H
#define TELLER_COMMON_SLICE_H

#include <stddef.h>
#include <stdint.h>

struct slice {
    const uint8_t *at; /* NULL means absent, which is not the same as empty */
    size_t len;
};

/* The first `most` bytes, or all when they are fewer. */
static inline struct slice slice_first(struct slice bytes, size_t most) {
    return (struct slice){.at = bytes.at, .len = bytes.len < most ? bytes.len : most};
}

#endif
