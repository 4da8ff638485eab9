/* results.json: everything that was measured, for other programs. */
#ifndef TELLER_TESTS_RACE_FIGURES_H
#define TELLER_TESTS_RACE_FIGURES_H

#include "tests/race/ground.h"
#include "tests/race/lineup.h"

/* Writes DIRECTORY/results.json; aborts if it cannot. */
void figures_write(const struct lineup *lineup, struct ground *ground, const char *directory);

#endif
