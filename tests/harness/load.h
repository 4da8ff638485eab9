/* Load in the background of a test: a thread that sends traffic at a steady rate until it is told
 * to stop. */
#ifndef TELLER_TESTS_HARNESS_LOAD_H
#define TELLER_TESTS_HARNESS_LOAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "tests/harness/ledger.h"
#include "tests/harness/sender.h"
#include "tests/harness/traffic.h"

struct load_plan {
    struct traffic_plan traffic;
    uint32_t rate; /* records per second */
};

struct load {
    struct load_plan plan;
    struct sender sender;
    struct traffic *traffic;
    pthread_t thread;
    atomic_bool is_over;
};

/* Opens the accounts and waits until the broker has them; then the thread goes on alone. *load must
 * stay where it is until load_stop. */
void load_start(struct load *load, const struct ledger *ledger, const struct load_plan *plan);

/* Ends the thread and waits until the broker has acknowledged everything: each record was accepted.
 * Returns how many. */
uint64_t load_stop(struct load *load, int64_t timeout_ms);

#endif
