/* What storage alone costs: hand-made batches of uniform deposits, committed as the worker commits
 * them, with no log and no JSON.   usage: pg_floor [rows per batch] [batches] [lanes per commit] */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/store_batch.h"
#include "tests/harness/store_ledger.h"

#define ACCOUNTS 100000

struct run {
    struct store_ledger ledger;
    struct store_books books[STORE_LANES_MAX];
    struct store_batch batches[STORE_LANES_MAX];
    int64_t *numbers;
    uint16_t lanes;
    struct prng prng;
};

/* CPU of one process so far, in ms: utime and stime of proc(5). */
static int64_t cpu_of(int64_t pid) {
    char path[64];
    char line[1024] = "";
    unsigned long user = 0;
    unsigned long system = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    FILE *stat = fopen(path, "r");
    if (stat != NULL) {
        if (fgets(line, sizeof line, stat) != NULL) {
            (void)sscanf(line, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                         &user, &system);
        }
        (void)fclose(stat);
    }
    return (int64_t)(user + system) * 1000 / sysconf(_SC_CLK_TCK);
}

/* Of the database's sessions that commit. */
static int64_t backend_cpu_ms(struct run *run) {
    int64_t total = 0;
    PGresult *pids = db_query(run->ledger.db,
                              "SELECT pid FROM pg_stat_activity WHERE application_name = 'tellerd' "
                              "AND datname = current_database()");
    for (int i = 0; i < PQntuples(pids); i++) {
        total += cpu_of(strtoll(PQgetvalue(pids, i, 0), NULL, 10));
    }
    PQclear(pids);
    return total;
}

/* Distinct accounts: a random start and a random stride that is prime to their number. */
static void choose(struct run *run, size_t rows) {
    uint64_t at = prng_below(&run->prng, ACCOUNTS);
    for (size_t i = 0; i < rows; i++) {
        at = (at + 7919) % ACCOUNTS;
        run->numbers[i] = (int64_t)at + 1;
    }
}

static void commit(struct run *run) {
    struct pg_part parts[STORE_LANES_MAX];
    struct pg_failure failure = PG_FAILURE_INIT;
    for (uint16_t lane = 0; lane < run->lanes; lane++) {
        parts[lane] = (struct pg_part){.batch = &run->batches[lane].batch};
    }
    must(pg_store_commit(run->ledger.store, parts, run->lanes, &failure) == PG_DONE, "%s",
         failure.err.text);
    for (uint16_t lane = 0; lane < run->lanes; lane++) {
        store_books_committed(&run->books[lane], &run->batches[lane]);
    }
}

static void set_up(struct run *run, size_t rows) {
    store_ledger_open(&run->ledger, "floor", run->lanes, 0);
    run->numbers = calloc(rows, sizeof *run->numbers);
    must(run->numbers != NULL, "out of memory");
    prng_seed(&run->prng, 1);
    for (uint16_t lane = 0; lane < run->lanes; lane++) {
        store_books_init(&run->books[lane], &run->ledger.lane[lane].row, ACCOUNTS);
        store_batch_init(&run->batches[lane], rows > 5000 ? rows : 5000);
    }
    for (int64_t first = 1; first <= ACCOUNTS; first += 5000) {
        for (uint16_t lane = 0; lane < run->lanes; lane++) {
            store_batch_open(&run->batches[lane], &run->books[lane], first, 5000);
        }
        commit(run);
    }
}

int main(int argc, char **argv) {
    static struct run run;
    size_t rows = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000;
    size_t batches = argc > 2 ? strtoul(argv[2], NULL, 10) : 40;
    run.lanes = argc > 3 ? (uint16_t)strtoul(argv[3], NULL, 10) : 1;
    set_up(&run, rows);
    int64_t cpu = backend_cpu_ms(&run);
    int64_t from = clock_monotonic_us();
    for (size_t i = 0; i < batches; i++) {
        for (uint16_t lane = 0; lane < run.lanes; lane++) {
            choose(&run, rows);
            store_batch_deposit(&run.batches[lane], &run.books[lane], run.numbers, rows);
        }
        commit(&run);
    }
    int64_t us = clock_monotonic_us() - from;
    cpu = backend_cpu_ms(&run) - cpu;
    int64_t total = (int64_t)(rows * batches * run.lanes);
    printf("%zu rows x %zu batches x %u lanes: %lld rows/s, %lld us per commit, %.2f us of the "
           "backend's CPU per row\n",
           rows, batches, (unsigned)run.lanes, (long long)(total * 1000000 / us),
           (long long)(us / (int64_t)batches), (double)cpu * 1000 / (double)total);
    store_ledger_close(&run.ledger);
    return 0;
}
