#include "tests/bench/flight.h"

#include <math.h>
#include <stdlib.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/must.h"

static void *make(size_t count, size_t size) {
    void *made = calloc(count, size);
    must(made != NULL, "out of memory");
    return made;
}

void flight_open(struct flight *flight, size_t count, bool has_pending) {
    *flight = (struct flight){.count = count, .has_pending = has_pending};
    flight->due = make(count, sizeof *flight->due);
    flight->pending = make(count, sizeof *flight->pending);
    flight->final = make(count, sizeof *flight->final);
    flight->visible = make(count, sizeof *flight->visible);
    flight->offset = make(count, sizeof *flight->offset);
    flight->lane = make(count, sizeof *flight->lane);
}

void flight_close(struct flight *flight) {
    free(flight->due);
    free(flight->pending);
    free(flight->final);
    free(flight->visible);
    free(flight->offset);
    free(flight->lane);
}

void flight_plan(struct flight *flight, int64_t begin_us, double per_s, uint64_t seed) {
    struct prng prng;
    double at_us = 0;
    prng_seed(&prng, seed);
    flight->begin_us = begin_us;
    for (size_t i = 0; i < flight->count; i++) {
        at_us -= log(1 - prng_unit(&prng)) * 1e6 / per_s;
        must(at_us < UINT32_MAX, "longer than an hour");
        flight->due[i] = (uint32_t)at_us;
    }
}

uint32_t flight_now(const struct flight *flight) {
    return (uint32_t)(clock_monotonic_us() - flight->begin_us);
}

void flight_answer(struct flight *flight, size_t number, bool is_pending) {
    must(number < flight->count, "an answer to a command that was not sent");
    uint32_t *first = is_pending ? &flight->pending[number] : &flight->final[number];
    uint32_t other = is_pending ? flight->final[number] : flight->pending[number];
    if (*first != 0) {
        return;
    }
    *first = flight_now(flight);
    if (!flight->has_pending || other != 0) {
        atomic_fetch_add(&flight->answered, 1);
    }
}

static int compare(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Of a part of the commands, sorted; free() it. An answer may be ahead of what it is counted from:
 * two lanes answer a transfer. */
static uint32_t *spent_sorted(const uint32_t *from, const uint32_t *to, size_t count) {
    uint32_t *spent = make(count, sizeof *spent);
    for (size_t i = 0; i < count; i++) {
        spent[i] = to[i] > from[i] ? to[i] - from[i] : 0;
    }
    qsort(spent, count, sizeof *spent, compare);
    return spent;
}

static uint32_t at_share(const uint32_t *sorted, size_t count, double share) {
    return sorted[(size_t)(share * (double)(count - 1))];
}

json_t *flight_percentiles(const struct flight *flight, const uint32_t *from, const uint32_t *to) {
    static const struct {
        const char *name;
        double share;
    } percentiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"max", 1}};
    json_t *found = json_object();
    uint32_t *spent = spent_sorted(from, to, flight->count);
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++) {
        json_object_set_new(found, percentiles[i].name,
                            json_integer(at_share(spent, flight->count, percentiles[i].share)));
    }
    free(spent);
    return found;
}

static double quarter(const struct flight *flight, size_t number) {
    size_t count = flight->count / 4;
    size_t first = number * count;
    uint32_t *spent = spent_sorted(&flight->due[first], &flight->final[first], count);
    double middle = (double)at_share(spent, count, 0.5);
    free(spent);
    return middle;
}

double flight_growth(const struct flight *flight) {
    return quarter(flight, 3) / quarter(flight, 1);
}
