/* A service in Django: select_for_update() in atomic(), several processes. */
#ifndef TELLER_TESTS_BENCH_PEERS_DJANGO_SERVICE_H
#define TELLER_TESTS_BENCH_PEERS_DJANGO_SERVICE_H

#include "tests/bench/peers/point.h"
#include "tests/bench/peers/site.h"

void django_service(struct site *site, const struct point *point, struct yield *yield);

#endif
