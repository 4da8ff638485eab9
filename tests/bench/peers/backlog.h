/* The topic that the Kafka consumers drain: filled while nobody reads, with the same commands as
 * JSON. Uniform commands are keyed by their account. Those on the hot account are dealt out over
 * all partitions: keyed, one consumer would have to do them all alone. */
#ifndef TELLER_TESTS_BENCH_PEERS_BACKLOG_H
#define TELLER_TESTS_BENCH_PEERS_BACKLOG_H

#include <stdint.h>

#include <libpq-fe.h>

#include "common/prng.h"
#include "tests/bench/peers/point.h"

#define BACKLOG_PARTITIONS 8

struct backlog {
    const char *brokers;
    const char *topic;
    struct prng prng;
    int64_t ends[BACKLOG_PARTITIONS]; /* offsets behind the last record */
};

/* Of an empty topic; borrows the texts. */
void backlog_open(struct backlog *backlog, const char *brokers, const char *topic);

/* Positions in fresh books: what lies in the topic is passed over. */
void backlog_pass_over(const struct backlog *backlog, PGconn *db);

/* Until more commands wait behind the positions than the point can drain. */
void backlog_fill(struct backlog *backlog, PGconn *db, const struct point *point);

#endif
