/* What is measured: a fresh ledger, its worker, and the proof that the ledger is right afterwards.
 * A fast wrong run is worth nothing: subject_prove aborts. */
#ifndef TELLER_TESTS_BENCH_SUBJECT_H
#define TELLER_TESTS_BENCH_SUBJECT_H

#include <stdint.h>

#include "tests/bench/expect.h"
#include "tests/bench/plan.h"
#include "tests/harness/ledger.h"
#include "tests/harness/worker.h"

struct subject {
    const struct plan *plan;
    struct ledger ledger;
    struct worker worker;
};

/* A ledger on the shared sandbox, without a worker. */
void subject_open(struct subject *subject, const struct plan *plan);
void subject_close(struct subject *subject);

/* Sends `commands` of the plan's shape, behind those that open accounts, by `teller workload`;
 * returns when the broker has them all. */
void subject_preload(const struct subject *subject, int64_t commands);

/* The same with another seed than the plan's expectations are made with. */
void subject_preload_seeded(const struct subject *subject, int64_t seed, int64_t commands);

/* Starts a worker with as many writers as the plan has cores; does not wait for it. */
void subject_start(struct subject *subject);
void subject_stop(struct subject *subject);

/* Waits until so many records are applied, and returns how many are. */
int64_t subject_wait(const struct subject *subject, int64_t records);

/* Aborts unless `tellerd verify` finds nothing, exactly what is expected has become of every
 * command, and no money is on its way. Damages the ledger first if the plan says so. */
void subject_prove(const struct subject *subject, const struct expect *expect);

/* One number of the ledger that must be that one. */
void subject_expect(const struct subject *subject, const char *sql, int64_t wanted);

#endif
