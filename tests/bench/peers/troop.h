/* Clients in C: a process each, let go together, that ask and wait until their time is over. */
#ifndef TELLER_TESTS_BENCH_PEERS_TROOP_H
#define TELLER_TESTS_BENCH_PEERS_TROOP_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/peers/point.h"
#include "tests/bench/peers/site.h"
#include "tests/harness/pack.h"
#include "tests/harness/reporter.h"

/* One client, in its own process. */
struct troop_client {
    const struct site *site;
    const struct point *point;
    int number;
    int socket;
    int64_t began_us; /* by troop_begin */
    struct reporter_log log;
};

typedef void troop_life(struct troop_client *client);

/* Runs as many as the point wants, each with a life of its own, to their end. */
void troop_run(const struct site *site, const struct point *point, troop_life *life,
               struct yield *yield);

/* Waits for the others to be ready, too. */
void troop_begin(struct troop_client *client);

/* True while another command may be asked for. */
bool troop_goes_on(const struct troop_client *client);

/* Right behind the last answer: reports, and frees the log. */
void troop_end(struct troop_client *client);

/* Adds up what a pack's clients have reported. */
void troop_add_up(const struct pack *pack, struct yield *yield);

/* For pack_drive: nothing to be watched. */
void troop_watch(void *context);

#endif
