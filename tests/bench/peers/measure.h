/* One point, measured and written down: a JSON object on a line of its own. */
#ifndef TELLER_TESTS_BENCH_PEERS_MEASURE_H
#define TELLER_TESTS_BENCH_PEERS_MEASURE_H

#include <stdbool.h>
#include <stdio.h>

#include "tests/bench/peers/roster.h"

struct measurement {
    double per_s;
    bool is_verified;
};

/* What the line says beside the figures. */
struct measure_label {
    int run;      /* from 1 */
    bool is_best; /* of the numbers of clients that were tried */
};

/* The figures are those of everything between the clients' connecting and their end; per_s leaves
 * connecting out. */
struct measurement measure(struct site *site, const struct peer *peer, const struct point *point,
                           struct measure_label label, FILE *json);

#endif
