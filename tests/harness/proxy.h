/* A small TCP proxy between a worker and PostgreSQL that can lose the connection at the one moment
 * that matters: around a COMMIT. It runs as a thread of the test. */
#ifndef TELLER_TESTS_HARNESS_PROXY_H
#define TELLER_TESTS_HARNESS_PROXY_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "tests/harness/ledger.h"

enum proxy_fault {
    PROXY_NONE,
    PROXY_CUT_BEFORE, /* the server never sees the COMMIT */
    PROXY_CUT_AFTER,  /* the server has committed, the client never learns it */
    PROXY_CUT_AMID,   /* the COMMIT is on its way, who knows */
    PROXY_HANG,       /* the COMMIT is lost, and nobody says that the connection is dead */
};

#define PROXY_PAIRS_MAX 32

struct proxy_pair;

struct proxy {
    int listener;
    int target_port;
    char conninfo[LEDGER_TEXT_MAX + 64]; /* for the worker: TELLER_DB */
    pthread_t thread;
    atomic_int fault;  /* enum proxy_fault */
    atomic_int strikes_left;
    atomic_int skip;   /* commits that pass before each strike */
    atomic_bool is_frozen;
    atomic_bool is_over;
    struct proxy_pair *pairs[PROXY_PAIRS_MAX];
};

/* Between a worker and the ledger's database. *proxy must stay where it is. */
void proxy_open(struct proxy *proxy, const struct ledger *ledger);
void proxy_close(struct proxy *proxy);

/* Strikes so many commits, letting `skip` pass before each. */
void proxy_arm(struct proxy *proxy, enum proxy_fault fault, int strikes, int skip);

/* From now on nothing is forwarded, answered or closed, and new connections find nobody who
 * answers: a server that is frozen, while its kernel still takes what is sent. Until it thaws. */
void proxy_freeze(struct proxy *proxy, bool is_frozen);

/* All strikes of the last proxy_arm have happened. */
bool proxy_has_struck(const struct proxy *proxy);

#endif
