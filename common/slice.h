/* A borrowed run of bytes: whoever hands one out says how long it stays valid. */
#ifndef TELLER_COMMON_SLICE_H
#define TELLER_COMMON_SLICE_H

#include <stddef.h>
#include <stdint.h>

struct slice {
    const uint8_t *at; /* NULL means absent, which is not the same as empty */
    size_t len;
};

#endif
