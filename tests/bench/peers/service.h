/* A service that reads a balance, computes and writes it back: under a lock in Redis, or, to prove
 * that the books are looked at, under none. */
#ifndef TELLER_TESTS_BENCH_PEERS_SERVICE_H
#define TELLER_TESTS_BENCH_PEERS_SERVICE_H

#include "tests/bench/peers/point.h"
#include "tests/bench/peers/site.h"

void service_locked(struct site *site, const struct point *point, struct yield *yield);
void service_naive(struct site *site, const struct point *point, struct yield *yield);

#endif
