/* A client of Teller: publishes commands by the producer library and reads their results. */
#ifndef TELLER_TESTS_RACE_TELLER_CLIENT_H
#define TELLER_TESTS_RACE_TELLER_CLIENT_H

#include <stdbool.h>

#include "tests/harness/ledger.h"
#include "tests/race/client.h"
#include "tests/race/ground.h"

/* True where this build knows every command that the scenario takes. */
bool teller_client_can(const struct scenario *scenario);

/* Opens the bout's accounts and products with what they start with. */
void teller_client_fill(struct ground *ground, const struct ground_rows *rows);

/* Reads what they came to. */
void teller_client_read(struct ground *ground, struct ground_rows *rows);

/* The whole life of a PLACE_TELLER client. */
void teller_client_run(const struct client_plan *plan, const struct ground *ground);

#endif
