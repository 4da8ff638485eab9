/* SipHash-1-3 (Aumasson and Bernstein, 2012): a hash for tables whose keys strangers choose. Who
 * does not know the seed cannot make keys that collide, nor turn a look-up into a walk. */
#ifndef TELLER_COMMON_SIPHASH_H
#define TELLER_COMMON_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* The seed is the lower half of the paper's key, whose upper half is zero. Never for storage: the
 * value depends on the machine's byte order. */
uint64_t siphash(uint64_t seed, const void *bytes, size_t len);

#endif
