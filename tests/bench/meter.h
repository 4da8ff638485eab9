/* What a benchmark measures beside its own subject: wall time; CPU time of worker, PostgreSQL (all
 * its processes), broker and ourselves; and what the database says it has written. */
#ifndef TELLER_TESTS_BENCH_METER_H
#define TELLER_TESTS_BENCH_METER_H

#include <jansson.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/harness/sandbox.h"

struct meter_reading {
    int64_t wall_us;
    int64_t worker_us;
    int64_t database_us;
    int64_t broker_us;
    int64_t client_us;
    int64_t wal_bytes;
};

/* Sessions report these when they end, or once a second. */
struct meter_counters {
    int64_t fsyncs; /* of the WAL */
    int64_t checkpoints;
    int64_t autovacuums; /* of this database's tables */
};

struct meter {
    pid_t worker; /* 0: there is none */
    pid_t postmaster;
    pid_t broker;
    PGconn *db;
    struct meter_reading begin;
    struct meter_counters before;
};

/* `db`: a superuser's connection, of the database that is measured. */
void meter_begin(struct meter *meter, const struct sandbox *sandbox, PGconn *db, pid_t worker);

/* Since meter_begin. */
struct meter_reading meter_read(const struct meter *meter);

/* Of the WAL, since meter_begin, as far as sessions have reported them. */
int64_t meter_fsyncs(const struct meter *meter);

/* Puts a reading into a row as figures per command, and the counters, which are read now: per
 * command (fsyncs), and as they are. */
void meter_put(const struct meter *meter, const struct meter_reading *reading, int64_t commands,
               json_t *row);

#endif
