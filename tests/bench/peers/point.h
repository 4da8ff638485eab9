/* What is measured: one peer under one load by so many clients; and what came of it. */
#ifndef TELLER_TESTS_BENCH_PEERS_POINT_H
#define TELLER_TESTS_BENCH_PEERS_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/harness/latencies.h"

#define POINT_BOUNDLESS 0 /* run_ms: a few commands of each client */

enum variant {
    VARIANT_UNIFORM, /* every account alike */
    VARIANT_HOT,     /* one account; of 100 commands one is short of funds */
};

struct point {
    enum variant variant;
    int clients;
    int64_t run_ms;
    int64_t number; /* of the process's points: keeps command ids apart */
    int64_t accounts;
};

/* Filled by the peer. */
struct yield {
    int64_t commands;  /* that a client was told of: applied or refused */
    int64_t applied;   /* -1: the client does not tell them apart */
    int64_t client_us; /* CPU time of the client processes */
    double per_s;
    struct latencies latencies; /* from asking to being told, in a closed loop */
};

#endif
