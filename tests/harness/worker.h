/* A worker under test: a real `tellerd run`, asked, stopped and killed like any process. */
#ifndef TELLER_TESTS_HARNESS_WORKER_H
#define TELLER_TESTS_HARNESS_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/harness/ledger.h"
#include "tests/harness/process.h"

struct worker {
    struct process process;
    int number; /* of its log file: logs/worker-NUMBER.log */
};

struct worker_plan {
    int number;                   /* 0 .. 15, one per worker of the test */
    const char *const *arguments; /* further ones of `tellerd run`, NULL at the end; may be NULL */
    const char *failpoint;        /* TELLER_FAILPOINT; may be NULL */
    const char *db;               /* another conninfo than the ledger's; may be NULL */
    const char *program;          /* as program_path wants it; NULL: "tellerd" */
};

void worker_start(struct worker *worker, const struct ledger *ledger,
                  const struct worker_plan *plan);

/* SIGTERM, and its exit code; aborts if it does not end in 30 s. */
int worker_stop(struct worker *worker);

/* True when the text stands in the worker's log. */
bool worker_said(const struct ledger *ledger, const struct worker *worker, const char *text);

/* Waits until every lane of the ledger has an owner that is alive and runs: by the database, since
 * the epochs must have moved beyond `since` (worker_epochs before). */
void worker_wait_owners(const struct ledger *ledger, int64_t since, int64_t timeout_ms);

/* The sum of the lanes' epochs: it rises by one with every take. */
int64_t worker_epochs(const struct ledger *ledger);

/* How many processes own lanes now. */
int64_t worker_owner_count(const struct ledger *ledger);

/* Waits until every record in the log is applied: next_offset of each lane at its log's end. */
void worker_wait_drained(const struct ledger *ledger, int64_t timeout_ms);

/* Applied records so far: the sum of next_offset. */
int64_t worker_applied(const struct ledger *ledger);

/* Waits until worker_applied is at least that. */
void worker_wait_applied(const struct ledger *ledger, int64_t records, int64_t timeout_ms);

#endif
