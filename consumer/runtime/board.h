/* What the worker shows of itself while it runs: every thread writes its own part, the mirror of
 * offsets and the metrics read it. Single numbers only, each true by itself. */
#ifndef TELLER_RUNTIME_BOARD_H
#define TELLER_RUNTIME_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define BOARD_TYPES 64     /* enum command_type */
#define BOARD_OUTCOMES 128 /* enum outcome */

struct board_lane {
    atomic_int state;                /* enum tenancy_state */
    atomic_int stop;                 /* enum lane_stop */
    atomic_int_fast64_t next_offset; /* -1: not ours, not known */
    atomic_int_fast64_t lane_time_ms;
    atomic_uint_fast64_t streak;   /* records quarantined in a row (streak.h) */
    atomic_int unread_error;       /* why it may be that it cannot be read (sight.h), and... */
    atomic_int_fast64_t unread_ms; /* ...since when, monotonic; 0: it can */
};

struct board {
    uint16_t lanes_count;
    struct board_lane *lanes;
    atomic_bool assigned;                /* it is known which lanes should be ours */
    atomic_bool ready;                   /* every lane that should be ours is applied */
    atomic_int_fast64_t alive_ms;        /* monotonic: the supervisor's last turn */
    atomic_uint_fast64_t unacknowledged; /* outputs that the broker has not yet */
    atomic_uint_fast64_t refused;        /* outputs that it will never have, passed */
    atomic_uint_fast64_t failed;         /* outputs that broke their lane's tenure */
    atomic_uint_fast64_t batches;
    atomic_uint_fast64_t batch_us; /* spent in transactions */
    atomic_uint_fast64_t fenced;
    atomic_uint_fast64_t lost; /* lanes that had to be taken again after a failure */
    atomic_uint_fast64_t redelivered;
    atomic_uint_fast64_t sources_dropped;
    atomic_uint_fast64_t records;
    /* Answers by type (0: not known) and outcome. */
    atomic_uint_fast64_t answers[BOARD_TYPES][BOARD_OUTCOMES];
    atomic_uint_fast64_t quarantined[BOARD_OUTCOMES]; /* rows of the quarantine, by reason */
};

struct batch;

/* False: out of memory. */
bool board_init(struct board *board, uint16_t lanes_count);
void board_close(struct board *board);

/* Adds to a counter that nobody needs in step with another. */
void board_count(atomic_uint_fast64_t *counter, uint64_t by);

/* Counts one answer. */
void board_answer(struct board *board, int type, int outcome);

/* Counts the records that a batch quarantines, when it is durable. */
void board_quarantine(struct board *board, const struct batch *batch);

#endif
