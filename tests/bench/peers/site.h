/* What the peers run on: a database of their own on the sandbox's server, and, for those that need
 * them, a topic with a backlog, a Redis and a Python with Django. */
#ifndef TELLER_TESTS_BENCH_PEERS_SITE_H
#define TELLER_TESTS_BENCH_PEERS_SITE_H

#include <libpq-fe.h>

#include "tests/bench/peers/backlog.h"
#include "tests/bench/peers/point.h"
#include "tests/harness/django_python.h"
#include "tests/harness/ledger.h"
#include "tests/harness/redis_server.h"

enum site_need {
    SITE_REDIS = 1 << 0,
    SITE_DJANGO = 1 << 1,
    SITE_BACKLOG = 1 << 2,
};

struct site {
    unsigned has;         /* site_need */
    struct ledger ledger; /* for its database and its topic; no worker runs */
    PGconn *db;           /* the ledger's */
    struct backlog backlog;
    struct redis_server redis;
    char python[DJANGO_PYTHON_MAX];
    char scratch[32]; /* directory for sockets and logs */
};

/* Aborts where something cannot be started. *site must stay where it is. */
void site_open(struct site *site, unsigned needs);
void site_close(struct site *site);

/* Fresh books for one peer and variant. */
void site_prepare(struct site *site, int64_t accounts);

/* Waits until no client is connected to the database but ourselves: what sessions have counted is
 * complete behind their end. */
void site_wait_alone(struct site *site);

#endif
