/* How long requests took: collected, sorted, asked for percentiles by the nearest rank. */
#ifndef TELLER_TESTS_HARNESS_LATENCIES_H
#define TELLER_TESTS_HARNESS_LATENCIES_H

#include <stddef.h>
#include <stdint.h>

struct pack;

struct latencies {
    uint32_t *us;
    size_t count;
    size_t room;
};

/* All fields 0 before the first. */
void latencies_add(struct latencies *latencies, uint32_t us);

/* Everything that a pack's clients reported. */
void latencies_add_pack(struct latencies *latencies, const struct pack *pack);

void latencies_sort(struct latencies *latencies);

/* Of sorted ones; 100 is the longest. 0 where there are none. */
int64_t latencies_percentile(const struct latencies *latencies, size_t percent);

void latencies_close(struct latencies *latencies);

#endif
