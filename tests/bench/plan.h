/* One measurement: which verb of the benchmark program does what, how much of it, and where its
 * figures go. Each run of the program is one run of the suite: tests/bench/suite.py decides which,
 * and how often. */
#ifndef TELLER_TESTS_BENCH_PLAN_H
#define TELLER_TESTS_BENCH_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#define PLAN_SEED 1

struct plan {
    bool help;
    const char *out;      /* file that one JSON line is appended to */
    const char *workload; /* W0 .. W9 */
    const char *mode;     /* as the report calls it: D, L, S, ... */
    const char *variant;
    const char *shape; /* of teller workload */
    int64_t commands;  /* that are measured, warm-up included */
    int64_t before;    /* applied beforehand, not measured */
    int64_t accounts;
    int64_t stock;
    int64_t lanes;
    int64_t cores; /* that the servers are bound to; as many writers */
    int64_t batch; /* most records of one lane in one transaction */
    int64_t rate;  /* commands per second */
    int64_t seconds;
    bool spoil; /* makes the ledger wrong before it is verified: the run must fail */
};

/* Fills *plan from argv (argv[0] is passed over). False: told on stderr. */
bool plan_parse(int argc, char **argv, struct plan *plan);

typedef void plan_verb(const struct plan *plan);

/* The verbs. Each ends by writing its line, and aborts where anything is not as it must be. */
plan_verb bench_consume, bench_drain, bench_floor, bench_latency, bench_turns, bench_crash,
    bench_growth;

#endif
