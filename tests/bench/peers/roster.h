/* Who is measured: one table, a line each. */
#ifndef TELLER_TESTS_BENCH_PEERS_ROSTER_H
#define TELLER_TESTS_BENCH_PEERS_ROSTER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/bench/peers/point.h"
#include "tests/bench/peers/site.h"

#define ROSTER_CLIENTS_MAX 8

enum length {
    LENGTH_SMOKE, /* one number of clients, a few commands: whether it works */
    LENGTH_SHORT, /* a few numbers of clients, about two seconds each */
    LENGTH_FULL,  /* all numbers of clients, ten seconds each */
    LENGTH_COUNT,
};

struct peer {
    const char *name;
    unsigned needs;                                /* site_need */
    int clients[LENGTH_COUNT][ROSTER_CLIENTS_MAX]; /* to be tried; 0 at the end */
    bool is_hidden;                                /* runs only by its name, on the hot row */
    void (*play)(struct site *site, const struct point *point, struct yield *yield);
};

extern const struct peer roster[];
extern const size_t roster_count;

#endif
