/* What a scenario plays on: a fresh ledger and running workers. */
#ifndef TELLER_TESTS_HARNESS_STAGE_H
#define TELLER_TESTS_HARNESS_STAGE_H

#include <stdint.h>

#include "tests/harness/ledger.h"
#include "tests/harness/worker.h"

#define STAGE_WORKERS_MAX 4
#define STAGE_PARTITIONS 8
#define STAGE_TIMEOUT_MS 60000 /* for anything that a scenario waits for */

struct stage {
    struct ledger ledger;
    struct worker workers[STAGE_WORKERS_MAX];
    int workers_count;
};

/* On the shared sandbox, with that many workers, who own all lanes on return. */
void stage_open(struct stage *stage, const char *name, int workers);

/* One more worker, in the next free place, which is its number. */
struct worker *stage_add(struct stage *stage, const struct worker_plan *plan);

/* Stops all workers; each must end with 0. */
void stage_stop_workers(struct stage *stage);

/* Audits the ledger, stops the workers and removes the ledger. */
void stage_close(struct stage *stage);

/* Runs build/teller with these words, NULL at the end, and wants that exit code. What it said on
 * stdout, its first line, goes to `said` if that is not NULL (cut to size). */
void stage_teller(const struct ledger *ledger, int status, char *said, size_t size, ...)
    __attribute__((sentinel));

/* The common case: a command with --wait that must be applied. */
void stage_apply(const struct ledger *ledger, const char *verb, const char *account,
                 const char *operand);

/* A column of v1_account as a number; -1: no such account. */
int64_t stage_account(const struct ledger *ledger, const char *account, const char *column);

#endif
