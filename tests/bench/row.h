/* One line of figures. README.md of this directory says what each field means. */
#ifndef TELLER_TESTS_BENCH_ROW_H
#define TELLER_TESTS_BENCH_ROW_H

#include <jansson.h>

#include "tests/bench/plan.h"

/* Begins a line with what the plan says. The caller adds figures and calls row_write. */
json_t *row_new(const struct plan *plan, const char *system);

/* Commands and how many of them there were per second. */
void row_rate(json_t *row, int64_t commands, int64_t wall_us);

/* Appends it to the plan's file, as verified: whoever gets here has verified. Frees it. */
void row_write(const struct plan *plan, json_t *row);

#endif
