/* What `verify` found: the first thing that is wrong in a lane, in words that name the row. */
#ifndef TELLER_VERBS_VERIFY_FINDING_H
#define TELLER_VERBS_VERIFY_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/rows.h"

#define FINDING_TEXT_MAX 768

struct finding {
    bool found;
    int64_t account_number; /* the account it is about; 0: none */
    char text[FINDING_TEXT_MAX];
};

/* The first finding stays: what follows from it would only hide it. Both return false, so that a
 * check may end in `return finding_set(...)`. */
bool finding_set(struct finding *finding, int64_t account_number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with "offset 12, command <uuid> origin 0 step 0: " in front. */
bool finding_at(struct finding *finding, const struct entry *entry, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
