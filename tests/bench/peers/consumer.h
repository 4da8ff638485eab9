/* A service behind Kafka: processes that read JSON commands and commit a transaction for each. */
#ifndef TELLER_TESTS_BENCH_PEERS_CONSUMER_H
#define TELLER_TESTS_BENCH_PEERS_CONSUMER_H

#include "tests/bench/peers/point.h"
#include "tests/bench/peers/site.h"

/* At most one consumer for each partition. */
void consumer_drain(struct site *site, const struct point *point, struct yield *yield);

#endif
