/* The worker process as a whole: compares what it was pointed at with what the ledger belongs to,
 * makes all its parts, lets the supervisor work, and takes the parts apart again. */
#ifndef TELLER_RUNTIME_WORKER_H
#define TELLER_RUNTIME_WORKER_H

#include "common/err.h"
#include "consumer/runtime/worker_settings.h"

/* Runs until a stop is requested (true) or it cannot go on (false, *err). `reload` is called at
 * SIGHUP, on the supervisor's thread. Where threads had to be abandoned in mid-work, memory stays
 * allocated: the process must end by _exit(2). */
bool worker_run(const struct worker_settings *settings, void (*reload)(void *context),
                void *context, struct err *err);

#endif
