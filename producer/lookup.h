/* Asks the database for the final answer of a command that was sent before: its result may have
 * been published, and passed, long ago. Connects when it is first asked. One thread. */
#ifndef TELLER_PRODUCER_LOOKUP_H
#define TELLER_PRODUCER_LOOKUP_H

#include <stdbool.h>

#include "producer/report.h"

struct query;

struct lookup {
    const char *conninfo; /* borrowed; NULL: there is no database to ask */
    struct query *query;  /* NULL: not connected */
};

void lookup_init(struct lookup *lookup, const char *conninfo);
void lookup_close(struct lookup *lookup);

/* Looks for the command report->id whose own record lies in the lane report->lane. True: the report
 * holds its final answer. False: it is under way still, or that cannot be found out, which
 * report->detail says. */
bool lookup_final(struct lookup *lookup, struct report *report);

#endif
