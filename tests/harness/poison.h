/* Records that are no commands, one of every kind, with the reason for which each must be kept in
 * quarantine while its neighbours are applied. */
#ifndef TELLER_TESTS_HARNESS_POISON_H
#define TELLER_TESTS_HARNESS_POISON_H

#include <stddef.h>

#include "common/prng.h"
#include "tests/harness/sender.h"

size_t poison_kinds(void);

/* What kind number i is, for messages. */
const char *poison_name(size_t kind);

/* Sends one of that kind, keyed by the account as far as the kind allows. */
void poison_send(struct sender *sender, size_t kind, const char *account, struct prng *prng);

#endif
