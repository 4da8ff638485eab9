/* A client of Teller: publishes commands by the producer library and reads their results. */
#ifndef TELLER_TESTS_RACE_TELLER_CLIENT_H
#define TELLER_TESTS_RACE_TELLER_CLIENT_H

#include "tests/race/client.h"
#include "tests/race/ground.h"

/* The whole life of a PLACE_TELLER client. */
void teller_client_run(const struct client_plan *plan, const struct ground *ground);

#endif
