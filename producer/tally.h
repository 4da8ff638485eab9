/* Counts the outcomes of many commands and remembers the worst. */
#ifndef TELLER_PRODUCER_TALLY_H
#define TELLER_PRODUCER_TALLY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "producer/report.h"

#define TALLY_STATES (REPORT_UNKNOWN + 1)

struct tally {
    int64_t total;
    int64_t counts[TALLY_STATES];
    int worst;                      /* exit code */
    char detail[REPORT_DETAIL_MAX]; /* of the first command that was not sent, or is not known */
};

void tally_add(struct tally *tally, const struct report *report);
int64_t tally_count(const struct tally *tally, enum report_state state);
int tally_code(const struct tally *tally);

/* Says what to do about commands that were not sent or are not known; with `all` the counts too.
 * `random_ids`: another run would send other commands. */
void tally_explain(const struct tally *tally, bool all, bool random_ids, FILE *out);

#endif
