/* Commands of an open loop: when each was meant to be sent, where the log has it, and when what
 * came of it could be seen. Times are microseconds since the begin; 0: not yet.
 *
 * due, lane and offset belong to the sender's thread, pending and final to the reader's. */
#ifndef TELLER_TESTS_BENCH_FLIGHT_H
#define TELLER_TESTS_BENCH_FLIGHT_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flight {
    int64_t begin_us; /* monotonic */
    size_t count;
    uint32_t *due;
    uint32_t *pending; /* first answer of a command that goes through several lanes */
    uint32_t *final;   /* its last one, in the client's hand */
    uint32_t *visible; /* commit of its own record, in a reader's eye */
    uint32_t *offset;  /* of its record in its lane's log */
    uint8_t *lane;
    bool has_pending;     /* every command has two answers */
    size_t accepted;      /* by the broker; of the sender */
    uint32_t accepted_at; /* the last of them */
    atomic_size_t answered;
};

void flight_open(struct flight *flight, size_t count, bool has_pending);
void flight_close(struct flight *flight);

/* Draws the moments of a Poisson process of that rate, from begin_us on. */
void flight_plan(struct flight *flight, int64_t begin_us, double per_s, uint64_t seed);

uint32_t flight_now(const struct flight *flight);

/* An answer has come; the same one may come twice, and two answers in either order. */
void flight_answer(struct flight *flight, size_t number, bool is_pending);

/* Percentiles of what passed from one moment to the other: {"p50": us, ...}. */
json_t *flight_percentiles(const struct flight *flight, const uint32_t *from, const uint32_t *to);

/* The last quarter's median latency by that of the second: beyond 1 where a queue grows. */
double flight_growth(const struct flight *flight);

#endif
