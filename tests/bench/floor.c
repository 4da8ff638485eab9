/* What storage alone costs: the rows of the same commands, in the same batches, by as many
 * connections as the worker has writers, with no log, no JSON, no lane machine and no results. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/floor_store.h"
#include "tests/bench/meter.h"
#include "tests/bench/row.h"
#include "tests/bench/subject.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"

struct writing {
    struct floor *floor;
    int64_t number;
    pthread_t thread;
};

struct floor {
    const struct plan *plan;
    struct subject subject;
    struct floor_log log;
    struct floor_batch batches[FLOOR_LANES_MAX];
    struct writing writers[FLOOR_LANES_MAX];
    pthread_barrier_t barrier;
};

static size_t end_of(const struct floor *floor, uint16_t lane, bool is_warming) {
    const struct floor_lane *log = &floor->log.lanes[lane];
    return is_warming ? log->warm : log->count;
}

static bool has_more(const struct writing *writing, uint16_t lane, bool is_warming) {
    const struct floor *floor = writing->floor;
    return lane % floor->plan->cores == writing->number &&
           floor->batches[lane].at < end_of(floor, lane, is_warming);
}

/* A transaction of the worker has so many records, of all its lanes together. */
static size_t share_of_lane(const struct writing *writing, bool is_warming) {
    const struct floor *floor = writing->floor;
    size_t lanes = 0;
    for (uint16_t lane = 0; lane < floor->log.lanes_count; lane++) {
        lanes += has_more(writing, lane, is_warming) ? 1 : 0;
    }
    size_t batch = (size_t)floor->plan->batch;
    return lanes > 1 ? (batch + lanes - 1) / lanes : batch;
}

/* All lanes of one writer, as often as they have steps below the end of this part. */
static void write_part(struct writing *writing, struct floor_store *store, bool is_warming) {
    struct floor *floor = writing->floor;
    struct floor_batch *ready[FLOOR_LANES_MAX];
    size_t count;
    do {
        size_t most = share_of_lane(writing, is_warming);
        count = 0;
        for (uint16_t lane = 0; lane < floor->log.lanes_count; lane++) {
            if (has_more(writing, lane, is_warming) &&
                floor_batch_next(&floor->batches[lane], end_of(floor, lane, is_warming), most)) {
                ready[count++] = &floor->batches[lane];
            }
        }
        if (count > 0) {
            floor_store_commit(store, ready, count);
        }
    } while (count > 0);
}

static void wait(struct floor *floor) {
    int answer = pthread_barrier_wait(&floor->barrier);
    must(answer == 0 || answer == PTHREAD_BARRIER_SERIAL_THREAD, "a barrier fails");
}

static void *write_lanes(void *context) {
    struct writing *writing = context;
    struct floor *floor = writing->floor;
    struct floor_store store;
    floor_store_open(&store, &floor->subject.ledger, (size_t)floor->plan->batch);
    for (uint16_t lane = 0; lane < floor->log.lanes_count; lane++) {
        if (lane % floor->plan->cores == writing->number) {
            floor_store_begin(&store, &floor->batches[lane]);
        }
    }
    write_part(writing, &store, true);
    wait(floor); /* all are warm */
    wait(floor); /* the clock runs */
    write_part(writing, &store, false);
    wait(floor);
    floor_store_close(&store);
    return NULL;
}

static void start(struct floor *floor) {
    const struct plan *plan = floor->plan;
    for (uint16_t lane = 0; lane < floor->log.lanes_count; lane++) {
        floor_batch_init(&floor->batches[lane], &floor->log, lane, (size_t)plan->batch);
    }
    must(pthread_barrier_init(&floor->barrier, NULL, (unsigned)plan->cores + 1) == 0, "barrier");
    for (int64_t i = 0; i < plan->cores; i++) {
        floor->writers[i] = (struct writing){.floor = floor, .number = i};
        must(pthread_create(&floor->writers[i].thread, NULL, write_lanes, &floor->writers[i]) == 0,
             "no thread");
    }
}

static void join(struct floor *floor) {
    for (int64_t i = 0; i < floor->plan->cores; i++) {
        must(pthread_join(floor->writers[i].thread, NULL) == 0, "no end of a thread");
    }
    pthread_barrier_destroy(&floor->barrier);
}

/* Every row is there, and the balances are what the rows say. */
static void prove(struct floor *floor, const struct expect *expect) {
    int64_t rows = 0;
    int64_t changes = 0;
    int64_t accounts = 0;
    for (uint16_t lane = 0; lane < floor->log.lanes_count; lane++) {
        rows += floor->batches[lane].rows_total;
        changes += floor->batches[lane].changes_total;
        accounts += floor->log.lanes[lane].accounts_count;
        floor_batch_close(&floor->batches[lane]);
    }
    must(rows >= expect->distinct - expect->opening, "rows are missing");
    const struct subject *subject = &floor->subject;
    subject_expect(subject, "SELECT count(*) FROM teller.journal", rows);
    subject_expect(subject, "SELECT sum(version)::bigint FROM teller.account", accounts + changes);
    subject_expect(subject,
                   "SELECT (SELECT sum(balance) FROM teller.account) -"
                   " (SELECT sum(amount) FROM teller.journal WHERE step <> 3)",
                   0);
    subject_expect(subject, "SELECT count(*) FROM teller.quarantine", expect->malformed);
    subject_expect(subject, "SELECT coalesce(sum(held), 0) FROM teller.account", 0);
}

void bench_floor(const struct plan *plan) {
    struct floor *floor = calloc(1, sizeof *floor);
    struct expect expect;
    struct meter meter;
    must(floor != NULL, "out of memory");
    floor->plan = plan;
    expect_count(plan, &expect);
    floor_log_make(&floor->log, plan, &expect);
    subject_open(&floor->subject, plan);
    start(floor);
    wait(floor);
    meter_begin(&meter, &floor->subject.ledger.sandbox, floor->subject.ledger.db, 0);
    wait(floor);
    wait(floor);
    struct meter_reading reading = meter_read(&meter);
    join(floor);
    int64_t counted = expect.sent - expect.warm;
    json_t *row = row_new(plan, "floor");
    row_rate(row, counted, reading.wall_us);
    meter_put(&meter, &reading, counted, row);
    prove(floor, &expect);
    subject_close(&floor->subject);
    floor_log_close(&floor->log);
    free(floor);
    row_write(plan, row);
}
