/* How fast a backlog is applied: commands lie in the topic, no producer runs, one worker starts.
 * Counted from the first tenth (warm-up: opening accounts, empty caches) to the last commit;
 * results are published; durability is on. The ledger is verified afterwards, and a run that is
 * wrong aborts.   usage: drain [commands, 2000000] [commands on one account, 1000000] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/ledger.h"
#include "tests/harness/meter.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"
#include "tests/harness/worker.h"

#define LANES 8
#define ACCOUNTS 100000
#define TIMEOUT_MS 600000
#define POLL_MS 10

struct shape {
    const char *name;
    int64_t accounts;
    int64_t commands;
};

struct figures {
    int64_t counted; /* commands within the times */
    struct meter_times times;
    int64_t memory_kb; /* the worker's highest */
};

static void preload(const struct ledger *ledger, const struct shape *shape) {
    char accounts[24];
    char count[24];
    struct captured captured;
    snprintf(accounts, sizeof accounts, "%" PRId64, shape->accounts);
    snprintf(count, sizeof count, "%" PRId64, shape->commands);
    const char *const arguments[] = {"workload", "--shape", shape->name, "--accounts", accounts,
                                     "--count",  count,     "--quiet",   NULL};
    ledger_teller(ledger, &captured, NULL, arguments);
    must(captured.status == 0, "workload ended with %d: %s", captured.status, captured.err);
    captured_close(&captured);
}

static void wait_applied(const struct ledger *ledger, int64_t records) {
    int64_t deadline = clock_monotonic_ms() + TIMEOUT_MS;
    while (worker_applied(ledger) < records) {
        must(clock_monotonic_ms() < deadline, "the backlog is not drained");
        clock_sleep_ms(POLL_MS);
    }
}

static void verify(const struct ledger *ledger, int64_t records) {
    struct captured captured;
    ledger_tellerd(ledger, &captured, (const char *const[]){"verify", NULL});
    must(captured.status == 0, "verify: %s%s", captured.out, captured.err);
    captured_close(&captured);
    int64_t outcomes = db_int(ledger->db, "SELECT count(*) FROM teller.journal WHERE step = 0", 0);
    must(outcomes == records, "%" PRId64 " outcomes of %" PRId64 " records", outcomes, records);
}

static struct figures drain(const struct shape *shape) {
    struct ledger ledger;
    struct worker worker;
    struct meter meter;
    struct figures figures;
    ledger_open(&ledger, "bench_drain", LANES);
    preload(&ledger, shape);
    int64_t records = shape->accounts + shape->commands;
    worker_start(&worker, &ledger, &(struct worker_plan){0});
    wait_applied(&ledger, shape->accounts + shape->commands / 10);
    int64_t before = worker_applied(&ledger);
    meter_begin(&meter, &ledger.sandbox, worker.process.pid);
    wait_applied(&ledger, records);
    figures.times = meter_read(&meter);
    figures.counted = records - before;
    figures.memory_kb = proc_memory_kb(worker.process.pid, "VmHWM");
    must(worker_stop(&worker) == 0, "the worker did not end well");
    verify(&ledger, records);
    ledger_close(&ledger);
    return figures;
}

static double per_command(int64_t us, const struct figures *figures) {
    return (double)us / (double)figures->counted;
}

static void print(FILE *json, const struct shape *shape, const struct figures *figures) {
    const struct meter_times *times = &figures->times;
    double rate = (double)figures->counted * 1e6 / (double)times->wall_us;
    printf("%-8s %10" PRId64 " %10.0f %8.2f %8.2f %8.2f %8.0f\n", shape->name, figures->counted,
           rate, per_command(times->worker_us, figures), per_command(times->database_us, figures),
           per_command(times->broker_us, figures), (double)figures->memory_kb / 1024);
    fflush(stdout);
    fprintf(json,
            "{\"mode\":\"drain\",\"shape\":\"%s\",\"lanes\":%d,\"accounts\":%" PRId64
            ",\"commands\":%" PRId64 ",\"commands_per_s\":%.0f,\"worker_us\":%.3f,"
            "\"database_us\":%.3f,\"broker_us\":%.3f,\"worker_memory_kb\":%" PRId64
            ",\"verified\":true}\n",
            shape->name, LANES, shape->accounts, figures->counted, rate,
            per_command(times->worker_us, figures), per_command(times->database_us, figures),
            per_command(times->broker_us, figures), figures->memory_kb);
}

int main(int argc, char **argv) {
    const struct shape shapes[] = {
        {"uniform", ACCOUNTS, argc > 1 ? strtoll(argv[1], NULL, 10) : 2000000},
        {"hot", 1, argc > 2 ? strtoll(argv[2], NULL, 10) : 1000000},
    };
    FILE *json = meter_json("drain");
    printf("drain: %d lanes, results published, verified\n", LANES);
    printf("%-8s %10s %10s %8s %8s %8s %8s\n", "shape", "commands", "per s", "worker", "database",
           "broker", "MB");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct figures figures = drain(&shapes[i]);
        print(json, &shapes[i], &figures);
    }
    puts("worker, database, broker: CPU microseconds per command; MB: the worker's highest memory");
    return fclose(json) == 0 ? 0 : 70;
}
