/* What a benchmark measures beside its own subject: wall time, and CPU time of worker, PostgreSQL
 * (all its processes) and broker. */
#ifndef TELLER_TESTS_HARNESS_METER_H
#define TELLER_TESTS_HARNESS_METER_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "tests/harness/sandbox.h"

struct meter_times {
    int64_t wall_us;
    int64_t worker_us;
    int64_t database_us;
    int64_t broker_us;
};

struct meter {
    pid_t worker;
    pid_t postmaster;
    pid_t broker;
    struct meter_times begin;
};

void meter_begin(struct meter *meter, const struct sandbox *sandbox, pid_t worker);

/* Since meter_begin. */
struct meter_times meter_read(const struct meter *meter);

/* A file for one run's figures, $TELLER_BUILD/bench/NAME.json; the caller closes it. */
FILE *meter_json(const char *name);

#endif
