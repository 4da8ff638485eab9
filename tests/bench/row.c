#include "tests/bench/row.h"

#include <stdio.h>

#include "tests/harness/must.h"

#define DIGITS 6

json_t *row_new(const struct plan *plan, const char *system) {
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "workload", plan->workload, "system",
                            system, "variant", plan->variant, "mode", plan->mode, "lanes",
                            (json_int_t)plan->lanes, "cores", (json_int_t)plan->cores);
    must(row != NULL, "out of memory");
    return row;
}

void row_rate(json_t *row, int64_t commands, int64_t wall_us) {
    json_object_set_new(row, "commands", json_integer(commands));
    json_object_set_new(row, "per_s", json_real((double)commands * 1e6 / (double)wall_us));
}

void row_write(const struct plan *plan, json_t *row) {
    FILE *file = fopen(plan->out, "a");
    must(file != NULL, "cannot write %s", plan->out);
    json_object_set_new(row, "verified", json_true());
    must(json_dumpf(row, file, JSON_REAL_PRECISION(DIGITS)) == 0 && fputc('\n', file) != EOF &&
             fclose(file) == 0,
         "cannot write %s", plan->out);
    json_decref(row);
}
