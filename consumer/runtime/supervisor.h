/* The supervisor: follows the assignment, takes lanes and hands them to writers, gets them back and
 * decides what becomes of them, and drains the worker when it is told to stop. */
#ifndef TELLER_RUNTIME_SUPERVISOR_H
#define TELLER_RUNTIME_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "consumer/runtime/board.h"
#include "consumer/runtime/courier.h"
#include "consumer/runtime/mailbox.h"
#include "consumer/runtime/member.h"
#include "consumer/runtime/opener.h"
#include "consumer/runtime/sentry.h"
#include "consumer/runtime/writer.h"

struct supervisor_plan {
    struct opener *opener;
    struct writer **writers;
    int writers_count;
    struct courier *courier;
    struct board *board;
    struct mailbox *inbox; /* where the writers post to */
    struct sentry *sentry;
    struct member *member; /* NULL: the lanes of `lanes`, for good */
    const bool *lanes;     /* [partitions] */
    uint16_t partitions;
    int64_t drain_ms;
    void (*reload)(void *context); /* at SIGHUP */
    void *context;
};

enum supervisor_end {
    SUPERVISOR_DRAINED,   /* every lane was handed over; the writers wait for NOTICE_QUIT */
    SUPERVISOR_ABANDONED, /* told to end at once, or the drain took too long: threads still work */
};

/* Works until a stop is requested or the worker cannot go on (then *err is set: ERR_OPERATOR). */
enum supervisor_end supervisor_run(const struct supervisor_plan *plan, struct err *err);

#endif
