/* Teller's side of a bout: what its rows are made of, and what they came to. */
#ifndef TELLER_TESTS_RACE_TELLER_BOOKS_H
#define TELLER_TESTS_RACE_TELLER_BOOKS_H

#include <stdbool.h>

#include "tests/race/ground.h"
#include "tests/race/scenario.h"

/* True where this build knows every command that the scenario takes. */
bool teller_books_can(const struct scenario *scenario);

/* Opens the bout's accounts and products with what they start with. */
void teller_books_fill(struct ground *ground, const struct ground_rows *rows);

/* Reads what they came to. */
void teller_books_read(struct ground *ground, struct ground_rows *rows);

#endif
