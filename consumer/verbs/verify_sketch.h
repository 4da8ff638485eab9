/* One number that stands for a set: the sum of its members' hashes, modulo 2^64. Two sets can be
 * compared though their members come in different orders and neither is kept. Equal sets give equal
 * sums; different ones do with probability 2^-64. */
#ifndef TELLER_VERBS_VERIFY_SKETCH_H
#define TELLER_VERBS_VERIFY_SKETCH_H

#include <stdint.h>

#include "common/ident.h"
#include "common/uuid.h"

/* Adds one more field to the hash of a member. Begin with 0. */
uint64_t verify_sketch_number(uint64_t hash, int64_t number);
uint64_t verify_sketch_uuid(uint64_t hash, const struct uuid *id);
uint64_t verify_sketch_ident(uint64_t hash, const struct ident *ident);

#endif
