/* A client in C: one process, one request at a time, until its script or its time is over. */
#ifndef TELLER_TESTS_RACE_CLIENT_H
#define TELLER_TESTS_RACE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/race/scenario.h"
#include "tests/race/technique.h"

/* What a client has to do. Borrowed; the forked process has its own copy. */
struct client_plan {
    const struct technique *technique;
    const struct scenario *scenario;
    const struct scale *scale;
    const struct script *script;
    int socket;
    const char *conninfo;     /* of PLACE_C */
    const char *redis_socket; /* NULL: none */
};

/* True while the client's time, or its share of the round, lasts. */
bool client_goes_on(const struct scale *scale, int64_t began_us, int done_in_round);

/* The whole life of a PLACE_C client. */
void client_run(const struct client_plan *plan);

#endif
