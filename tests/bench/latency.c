/* How long a command takes at a given rate: open loop, Poisson arrivals, counted from the moment at
 * which a command was meant to be sent, so that a sender that falls behind counts too. To the
 * commit that a reader can see, to the result in the client's hand, and for transfers from the
 * first answer, behind the debit's commit, to the last, behind the credit's. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/rt/clock.h"
#include "tests/bench/client.h"
#include "tests/bench/meter.h"
#include "tests/bench/row.h"
#include "tests/bench/subject.h"
#include "tests/bench/watch.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"

#define WARM_UP_MS 1500 /* until the first is due: fetching has begun */
#define TAIL_MS 120000  /* after the last was due */
#define SLOW_PER_S 1000 /* up to here a client has nothing to gather */
#define LINGER_MS 5 /* the default of librdkafka and of `teller publish` */
#define TAKE_MS 50
/* A sender that wakes up for each record takes the cores from those that it measures. What waits
 * for its next look is late by that much, and counted so. */
#define GRAIN_US 1000

struct latency {
    struct subject subject;
    struct flight flight;
    struct client client;
    struct watch watch;
    struct workload *workload;
    int64_t grain_us; /* the sender's least sleep */
    pthread_t reader;
    atomic_bool is_over;
};

static void *read_results(void *context) {
    struct latency *run = context;
    while (!atomic_load(&run->is_over)) {
        client_take(&run->client, TAKE_MS);
    }
    return NULL;
}

static void sleep_us(int64_t us) {
    nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

static void wait_due(struct latency *run, uint32_t due) {
    int64_t begin_us = run->flight.begin_us;
    int64_t left_us = begin_us + due - clock_monotonic_us();
    client_serve(&run->client, left_us >= 2000 ? (int)(left_us / 1000) - 1 : 0);
    left_us = begin_us + due - clock_monotonic_us();
    if (left_us > 0) {
        sleep_us(left_us > run->grain_us ? left_us : run->grain_us);
    }
}

/* Everything that is due at once goes at once. */
static void send_all(struct latency *run) {
    struct flight *flight = &run->flight;
    for (size_t sent = 0; sent < flight->count;) {
        wait_due(run, flight->due[sent]);
        uint32_t now = flight_now(flight);
        while (sent < flight->count && flight->due[sent] <= now) {
            client_send(&run->client, sent++, run->workload);
        }
    }
}

static void wait_answers(struct latency *run) {
    struct flight *flight = &run->flight;
    int64_t deadline = clock_monotonic_ms() + TAIL_MS;
    while (atomic_load(&flight->answered) < flight->count || flight->accepted < flight->count) {
        must(clock_monotonic_ms() < deadline, "%zu of %zu are answered",
             atomic_load(&flight->answered), flight->count);
        client_serve(&run->client, TAKE_MS);
    }
}

/* The accounts are open, and the generator stands behind them. */
static void open_run(struct latency *run, const struct plan *plan, const struct expect *expect) {
    subject_open(&run->subject, plan);
    subject_preload(&run->subject, 0);
    subject_start(&run->subject);
    subject_wait(&run->subject, expect->opening);
    run->workload = expect_opened_workload(plan);
    flight_open(&run->flight, (size_t)plan->commands, expect->legs > 0);
    run->grain_us = plan->rate <= SLOW_PER_S ? 0 : GRAIN_US;
    client_open(&run->client, &run->subject.ledger, &run->flight,
                plan->rate <= SLOW_PER_S ? 0 : LINGER_MS);
    must(pthread_create(&run->reader, NULL, read_results, run) == 0, "no thread");
}

static void fly(struct latency *run, const struct plan *plan, struct meter *meter) {
    flight_plan(&run->flight, clock_monotonic_us() + WARM_UP_MS * 1000, (double)plan->rate,
                PLAN_SEED);
    watch_start(&run->watch, &run->subject.ledger, &run->flight, plan->rate <= SLOW_PER_S ? 1 : 5);
    sleep_us(run->flight.begin_us - clock_monotonic_us());
    meter_begin(meter, &run->subject.ledger.sandbox, run->subject.ledger.db,
                run->subject.worker.process.pid);
    send_all(run);
    wait_answers(run);
}

static void put_latencies(const struct flight *flight, json_t *row) {
    json_object_set_new(row, "latency_us", flight_percentiles(flight, flight->due, flight->final));
    json_object_set_new(row, "visible_us",
                        flight_percentiles(flight, flight->due, flight->visible));
    if (flight->has_pending) {
        json_object_set_new(row, "credit_us",
                            flight_percentiles(flight, flight->pending, flight->final));
    }
    json_object_set_new(row, "growth", json_real(flight_growth(flight)));
    json_object_set_new(row, "accepted_per_s",
                        json_real((double)flight->accepted * 1e6 / flight->accepted_at));
}

static void close_run(struct latency *run) {
    atomic_store(&run->is_over, true);
    must(pthread_join(run->reader, NULL) == 0, "no end of a thread");
    watch_stop(&run->watch, &run->flight);
    client_close(&run->client);
    free(run->workload);
}

void bench_latency(const struct plan *given) {
    struct plan plan = *given;
    struct expect expect;
    struct meter meter;
    struct latency *run = calloc(1, sizeof *run);
    must(run != NULL, "out of memory");
    plan.commands = plan.rate * plan.seconds;
    expect_count(&plan, &expect);
    open_run(run, &plan, &expect);
    fly(run, &plan, &meter);
    struct meter_reading reading = meter_read(&meter);
    close_run(run);
    json_t *row = row_new(&plan, "teller");
    row_rate(row, plan.commands, reading.wall_us);
    json_object_set_new(row, "offered_per_s", json_integer(plan.rate));
    put_latencies(&run->flight, row);
    subject_stop(&run->subject);
    meter_put(&meter, &reading, plan.commands, row);
    subject_prove(&run->subject, &expect);
    subject_close(&run->subject);
    flight_close(&run->flight);
    free(run);
    row_write(&plan, row);
}
