/* Keeps the books of a bout by what its clients were told, and holds the database against them. */
#ifndef TELLER_TESTS_RACE_SCORE_H
#define TELLER_TESTS_RACE_SCORE_H

#include "tests/harness/pack.h"
#include "tests/race/bout.h"
#include "tests/race/ground.h"
#include "tests/race/scenario.h"

struct score {
    struct bout_result *result;
    int64_t booked[SCENARIO_ROWS_MAX]; /* what each row must hold, by what was confirmed */
    int64_t winners[SCENARIO_OPS_MAX]; /* confirmed requests of each round */
};

/* Adds up all reports: booked values, answers, times. Sets result->answers, seconds, rate and
 * percentiles. */
void score_reports(struct score *score, const struct pack *pack, const struct bout_plan *plan,
                   const struct script *scripts, const struct ground_rows *rows);

/* Compares rows->final with the books: sets result->damage, expected and final. */
void score_damage(struct score *score, const struct bout_plan *plan,
                  const struct ground_rows *rows);

#endif
