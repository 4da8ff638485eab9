/* One bout: one technique, one scenario, so many client processes; and what came of it. */
#ifndef TELLER_TESTS_RACE_BOUT_H
#define TELLER_TESTS_RACE_BOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/race/ground.h"
#include "tests/race/scenario.h"
#include "tests/race/technique.h"

enum bout_state {
    BOUT_RUN,
    BOUT_NOT_RUN, /* this build does not know the commands that it takes */
};

/* What the clients were told, counted. */
struct bout_answers {
    int64_t done;
    int64_t refused;
    int64_t errors; /* shown to the user */
    int64_t retries;
};

/* What clients were told against what the database holds. All 0: exact. */
struct bout_damage {
    int64_t lost;     /* won that were confirmed and are not there */
    int64_t created;  /* won that nobody paid in */
    int64_t oversold; /* units, places or closings given out beyond what there was */
    int64_t drift;    /* units by which a stock differs from what was sold */
};

/* Sessions that waited for another session's lock, sampled. */
struct bout_waits {
    double average; /* waiting at one moment */
    int64_t most;
};

struct bout_result {
    const struct technique *technique;
    const struct scenario *scenario;
    int clients;
    enum bout_state state;
    struct bout_answers answers;
    struct bout_damage damage;
    struct bout_waits waits;
    int64_t deadlocks;
    int64_t expected; /* headline of the worst round; see enum headline */
    int64_t final;
    double seconds;
    double rate;     /* answered requests per second, errors left out */
    double rate_low; /* of all runs; rate is that of the median run */
    double rate_high;
    int64_t p50_us;
    int64_t p99_us;
};

struct bout_plan {
    const struct technique *technique;
    const struct scenario *scenario;
    struct scale scale;
};

/* Runs it to its end; no process is left. Aborts where a process dies. */
void bout_run(struct ground *ground, const struct bout_plan *plan, struct bout_result *result);

bool bout_is_exact(const struct bout_result *result);

#endif
