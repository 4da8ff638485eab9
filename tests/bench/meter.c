#include "tests/bench/meter.h"

#include <stdio.h>
#include <unistd.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"

#define PATH_ROOM (SANDBOX_TEXT_MAX + 64)
#define WAL_STATISTICS_MOVED 180000 /* server version: from pg_stat_wal to pg_stat_io */
#define CHECKPOINTS_MOVED 170000    /* from pg_stat_bgwriter to pg_stat_checkpointer */

static struct meter_reading now(const struct meter *meter) {
    return (struct meter_reading){
        .wall_us = clock_monotonic_us(),
        .worker_us = meter->worker > 0 ? proc_cpu_us(meter->worker) : 0,
        .database_us = proc_tree_cpu_us(meter->postmaster),
        .broker_us = proc_cpu_us(meter->broker),
        .client_us = proc_cpu_us(getpid()),
        .wal_bytes =
            db_int(meter->db, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint", 0),
    };
}

static struct meter_counters count(const struct meter *meter) {
    int version = PQserverVersion(meter->db);
    return (struct meter_counters){
        .fsyncs = db_int(meter->db,
                         version >= WAL_STATISTICS_MOVED
                             ? "SELECT sum(fsyncs)::bigint FROM pg_stat_io WHERE object = 'wal'"
                             : "SELECT wal_sync FROM pg_stat_wal",
                         0),
        .checkpoints =
            db_int(meter->db,
                   version >= CHECKPOINTS_MOVED
                       ? "SELECT num_timed + num_requested FROM pg_stat_checkpointer"
                       : "SELECT checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter",
                   0),
        .autovacuums =
            db_int(meter->db, "SELECT sum(autovacuum_count)::bigint FROM pg_stat_user_tables", 0),
    };
}

void meter_begin(struct meter *meter, const struct sandbox *sandbox, PGconn *db, pid_t worker) {
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/base/pg/postmaster.pid", sandbox->dir);
    meter->postmaster = proc_read_pid(path);
    snprintf(path, sizeof path, "%s/kafka.pid", sandbox->dir);
    meter->broker = proc_read_pid(path);
    meter->worker = worker;
    meter->db = db;
    must(meter->postmaster > 0 && meter->broker > 0, "no servers in %s", sandbox->dir);
    meter->before = count(meter);
    meter->begin = now(meter);
}

struct meter_reading meter_read(const struct meter *meter) {
    struct meter_reading reading = now(meter);
    const struct meter_reading *begin = &meter->begin;
    return (struct meter_reading){
        .wall_us = reading.wall_us - begin->wall_us,
        .worker_us = reading.worker_us - begin->worker_us,
        .database_us = reading.database_us - begin->database_us,
        .broker_us = reading.broker_us - begin->broker_us,
        .client_us = reading.client_us - begin->client_us,
        .wal_bytes = reading.wal_bytes - begin->wal_bytes,
    };
}

int64_t meter_fsyncs(const struct meter *meter) {
    return count(meter).fsyncs - meter->before.fsyncs;
}

static json_t *share(int64_t amount, int64_t commands) {
    return json_real((double)amount / (double)commands);
}

void meter_put(const struct meter *meter, const struct meter_reading *reading, int64_t commands,
               json_t *row) {
    struct meter_counters counters = count(meter);
    json_t *cpu = json_object();
    if (meter->worker > 0) {
        json_object_set_new(cpu, "worker", share(reading->worker_us, commands));
    }
    json_object_set_new(cpu, "database", share(reading->database_us, commands));
    json_object_set_new(cpu, "broker", share(reading->broker_us, commands));
    json_object_set_new(cpu, "client", share(reading->client_us, commands));
    json_object_set_new(row, "cpu_us", cpu);
    json_object_set_new(row, "wal_bytes", share(reading->wal_bytes, commands));
    json_object_set_new(row, "fsyncs", share(counters.fsyncs - meter->before.fsyncs, commands));
    json_object_set_new(row, "checkpoints",
                        json_integer(counters.checkpoints - meter->before.checkpoints));
    json_object_set_new(row, "autovacuums",
                        json_integer(counters.autovacuums - meter->before.autovacuums));
}
