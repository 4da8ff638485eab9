/* The lab's table for the terminal. */
#ifndef TELLER_TESTS_RACE_TABLE_H
#define TELLER_TESTS_RACE_TABLE_H

#include <stdio.h>

#include "tests/race/lineup.h"

/* One line per technique and scenario; of loads, the one with the most clients. */
void table_print(const struct lineup *lineup, FILE *out);

#endif
