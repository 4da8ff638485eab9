/* What an answer on the results topic means to a command that waits for its final one.
 *
 * The client's own record is answered under its own lane and offset. A command between lanes gets
 * `pending` there, and its final answer under the lane and offset of the leg that ended it. The two
 * come from two workers, in any order and each at least once. Other records with the same id (a
 * retry, a conflicting use) get answers of their own, which are none of this command's: so an
 * answer from elsewhere counts only once the own record is known to be pending. Pure; no I/O. */
#ifndef TELLER_PRODUCER_AWAIT_H
#define TELLER_PRODUCER_AWAIT_H

#include <stdbool.h>

#include "common/result.h"
#include "producer/report.h"

/* What is known of one command; zero at first. */
struct await {
    bool is_pending; /* its own record was answered: it is under way in other lanes */
    bool has_final;  /* its final answer is in the report, and came before that */
};

enum await_verdict {
    AWAIT_MORE, /* not the last word, or not this command's */
    AWAIT_DONE, /* the report holds the final answer */
    AWAIT_LOOK, /* a repeated command, pending: it may have ended long before this wait began */
};

/* Takes an answer with this command's id into the report, if it is this command's. The report's
 * offset is that of the client's record; -1 where the broker told none: any answer counts then. */
enum await_verdict await_take(struct await *await, struct report *report,
                              const struct result *result);

#endif
