/* When commits become visible: a reader who asks the lanes' rows again and again, on a thread and
 * a connection of its own, and notes what has moved. */
#ifndef TELLER_TESTS_BENCH_WATCH_H
#define TELLER_TESTS_BENCH_WATCH_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/bench/flight.h"
#include "tests/harness/ledger.h"

#define WATCH_LANES_MAX 64

struct watch_mark {
    uint32_t at;         /* as in the flight */
    int64_t next_offset; /* everything below is visible */
};

struct watch_lane {
    struct watch_mark *marks;
    size_t count;
    size_t room;
};

struct watch {
    const struct flight *flight;
    PGconn *db;
    int64_t every_ms;
    struct watch_lane lanes[WATCH_LANES_MAX];
    pthread_t thread;
    atomic_bool is_over;
};

/* The flight must have its begin. */
void watch_start(struct watch *watch, const struct ledger *ledger, const struct flight *flight,
                 int64_t every_ms);

/* Ends it, and gives each command of the flight the moment at which its record was visible. */
void watch_stop(struct watch *watch, struct flight *flight);

#endif
