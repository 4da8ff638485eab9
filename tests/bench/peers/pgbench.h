/* Peers that are a script of pgbench: libpq in C at its leanest, a connection for each client. */
#ifndef TELLER_TESTS_BENCH_PEERS_PGBENCH_H
#define TELLER_TESTS_BENCH_PEERS_PGBENCH_H

#include "tests/bench/peers/point.h"
#include "tests/bench/peers/site.h"

void pgbench_for_update(struct site *site, const struct point *point, struct yield *yield);
void pgbench_atomic(struct site *site, const struct point *point, struct yield *yield);
void pgbench_cte(struct site *site, const struct point *point, struct yield *yield);

#endif
