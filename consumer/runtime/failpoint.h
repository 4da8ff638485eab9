/* Faults at an exact place, for tests only: TELLER_FAILPOINT="stop-mid_copy:3" stops the process
 * (SIGSTOP) the third time that a commit passes mid_copy; `kill` is the other action. The points
 * are those that pg_store names. Without the variable nothing is ever hit. */
#ifndef TELLER_RUNTIME_FAILPOINT_H
#define TELLER_RUNTIME_FAILPOINT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "common/err.h"

enum failpoint_action { FAILPOINT_NONE, FAILPOINT_STOP, FAILPOINT_KILL };

struct failpoint {
    enum failpoint_action action;
    char point[32];
    atomic_int countdown; /* passes left before it is hit */
};

/* text: "ACTION-POINT" or "ACTION-POINT:TIMES"; NULL: none. False: ERR_USAGE. */
bool failpoint_init(struct failpoint *failpoint, const char *text, struct err *err);

/* For pg_store_options.passed, with the failpoint as its listener. Any thread. */
void failpoint_pass(void *failpoint, const char *point);

#endif
