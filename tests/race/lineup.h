/* Which bouts are fought, and how often: short, long, or a few for a test; and what came of all. */
#ifndef TELLER_TESTS_RACE_LINEUP_H
#define TELLER_TESTS_RACE_LINEUP_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/race/bout.h"
#include "tests/race/ground.h"

#define LINEUP_RUNS_MAX 15
#define LINEUP_RESULTS_MAX 512

enum lineup_length {
    LINEUP_SMOKE, /* two techniques, seconds: for a test of the lab itself */
    LINEUP_SHORT, /* minutes */
    LINEUP_LONG,  /* every number of clients, medians of five */
};

struct lineup_options {
    enum lineup_length length;
    int runs;              /* of each bout; 0: as the length says */
    const char *technique; /* only this one; NULL: all */
    const char *scenario;  /* only this one; NULL: all */
    const char *directory; /* where page and figures are written */
};

struct lineup {
    struct lineup_options options;
    int runs;
    int64_t run_ms; /* of one load */
    struct bout_result results[LINEUP_RESULTS_MAX];
    int count;
};

void lineup_init(struct lineup *lineup, const struct lineup_options *options);

/* What must be there for it. */
struct ground_wants lineup_wants(const struct lineup *lineup);

/* Fights them all. A result is that of the median run by rate, with the worst run's damage. */
void lineup_run(struct lineup *lineup, struct ground *ground);

/* The lab proves something only if what is naive lost, and what is said to be exact was. Says on
 * stderr what is not so. */
bool lineup_holds(const struct lineup *lineup);

/* The result of a technique in a scenario with that many clients; 0 clients: with the most there
 * are. NULL: none. */
const struct bout_result *lineup_find(const struct lineup *lineup,
                                      const struct technique *technique,
                                      const struct scenario *scenario, int clients);

#endif
