/* Makes a lane ready for a writer, outside the writers: takes it, looks at what the log holds, and
 * loads what a tenure starts with. May take seconds, where an old owner or a server is slow; the
 * lanes in the hands of writers do not notice. The supervisor's thread only. */
#ifndef TELLER_RUNTIME_OPENER_H
#define TELLER_RUNTIME_OPENER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "consumer/adapters/lane_source.h"
#include "consumer/adapters/pg_lane.h"
#include "consumer/adapters/pg_store.h"
#include "consumer/core/lane.h"
#include "consumer/runtime/courier.h"

struct opener_plan {
    struct lane_source_options source; /* never read from: asks for watermarks */
    struct pg_store_options store;
    struct lane_limits limits;
    struct courier *courier;
    const struct leg_secrets *secrets;
    uint16_t partitions;
    struct uuid owner; /* random per process start */
};

struct opener {
    struct opener_plan plan;
    struct pg_taker *taker;
    struct pg_store *store;
    struct lane_source *source;
};

/* False: *err says why; opener_close may be called then too. */
bool opener_init(struct opener *opener, const struct opener_plan *plan, struct err *err);
void opener_close(struct opener *opener);

enum opening {
    OPENING_DONE,    /* the lane's tenure has begun: hand it to a writer */
    OPENING_LATER,   /* broker or database do not answer: try again */
    OPENING_FENCED,  /* a retake found another owner */
    OPENING_STOPPED, /* the lane is halted: lane_stopped says why */
};

/* What a tenure is asked for, and what came of it. */
struct tenure {
    uint16_t number;
    bool is_ours; /* in: ask for our own `epoch`; out: the row is ours in `epoch` */
    int64_t epoch;
    struct lane *lane; /* NULL: made here; the caller frees it */
};

/* Any answer but OPENING_DONE: *err says why. */
enum opening opener_open(struct opener *opener, struct tenure *tenure, struct err *err);

/* Writes down that a lane of ours has stopped, and why. False: the database does not answer. */
bool opener_mark(struct opener *opener, const struct lane *lane);

/* The last advance without records: what the broker has of the lane's outputs. Best effort. */
void opener_publish(struct opener *opener, const struct lane *lane, int64_t published_offset);

/* Who owns the lane by the database; LANE_OWNER_NONE if that cannot be told. */
struct uuid opener_owner(struct opener *opener, uint16_t number);

#endif
