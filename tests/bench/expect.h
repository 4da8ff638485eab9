/* What a run must have done when it is over: the commands of `teller workload` made once more,
 * since the same seed makes the same ones. */
#ifndef TELLER_TESTS_BENCH_EXPECT_H
#define TELLER_TESTS_BENCH_EXPECT_H

#include <stdbool.h>
#include <stdint.h>

#include "producer/workload.h"
#include "tests/bench/plan.h"

struct expect {
    int64_t opening;  /* commands that come before the shape begins */
    int64_t sent;     /* all commands */
    int64_t distinct; /* without repeated and malformed ones */
    int64_t malformed;
    int64_t legs; /* records that workers add to the topic */
    int64_t warm; /* commands that are applied before counting begins */
};

/* Legs lie behind the backlog, so where there are any, everything is counted from the accounts on:
 * else the time would have legs of commands that are not counted. Otherwise counting begins with
 * the second tenth of what is measured. */
void expect_count(const struct plan *plan, struct expect *expect);

/* The plan's generator from its beginning; free() it. */
struct workload *expect_workload(const struct plan *plan);

/* The same behind its opening, with ids of now: for a client that goes on where a preload of no
 * commands has ended. */
struct workload *expect_opened_workload(const struct plan *plan);

#endif
