/* The commands that clients in C ask for; draw.sql and django_client.py draw alike. */
#ifndef TELLER_TESTS_BENCH_PEERS_DRAW_H
#define TELLER_TESTS_BENCH_PEERS_DRAW_H

#include <stdint.h>

#include "common/prng.h"
#include "common/uuid.h"
#include "tests/bench/peers/point.h"

#define DRAW_AMOUNT_MAX 1000
#define DRAW_BEYOND INT64_C(1000000000000) /* more than any account has */

struct draw {
    char id[UUID_TEXT_LEN + 1];
    int64_t account; /* from 1 */
    int64_t amount;  /* above 0: a deposit, below: a withdrawal */
};

void draw_next(struct draw *draw, struct prng *prng, const struct point *point);

#endif
