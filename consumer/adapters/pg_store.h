/* The writer's side of PostgreSQL: loads what lanes want, and commits their batches in one
 * transaction behind the fence.
 *
 * One store belongs to one writer thread. After PG_LOST, PG_RETRY or PG_FENCED its lanes must be
 * taken again (pg_lane.h) before anything else is asked for them. */
#ifndef TELLER_ADAPTERS_PG_STORE_H
#define TELLER_ADAPTERS_PG_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_failure.h"
#include "consumer/core/batch.h"
#include "consumer/core/lane.h"

#define PG_STORE_COPY_ROWS 1000 /* from so many rows in a transaction on, COPY is faster */

struct pg_store_options {
    const char *conninfo; /* must outlive the store */
    size_t copy_rows;     /* 0: PG_STORE_COPY_ROWS; 1: always COPY; SIZE_MAX: never */
    int64_t call_ms;      /* deadline of a load or commit; 0: 30 s */
    /* For fault tests: told the name of each point that a commit passes, in order: before_begin,
     * after_advance, mid_pipeline, mid_copy, before_commit, after_commit. NULL: nobody listens. */
    void (*passed)(void *listener, const char *point);
    void *listener;
};

struct pg_store;

struct pg_store *pg_store_new(const struct pg_store_options *options); /* NULL: no memory */
void pg_store_free(struct pg_store *store);

/* Drops the connection, if there is one, and makes a new one; statements are prepared per lane when
 * a lane is first used. Refuses a standby (25006, PG_RETRY). */
enum pg_answer pg_store_connect(struct pg_store *store, struct pg_failure *failure);

/* True while the connection can be used; false: pg_store_connect first. */
bool pg_store_usable(const struct pg_store *store);

/* Answers what a new tenure starts with: lane_put_start_due, lane_put_start_key..., lane_started.
 * Call it after the take has committed. Streams: memory does not grow with the journal. On
 * failure the lane must be begun again. */
enum pg_answer pg_store_start(struct pg_store *store, struct lane *lane,
                              struct pg_failure *failure);

/* Answers lane_wants of all lanes in one round trip: lane_put_*, then lane_loaded for each. On
 * failure none of them is told lane_loaded, and all must begin again. PG_FENCED as for a commit: a
 * lane that is not ours any more, or not where lane_row says, is not to be read either. */
enum pg_answer pg_store_load(struct pg_store *store, struct lane *const *lanes, size_t count,
                             struct pg_failure *failure);

/* One lane's part of a transaction. Owner and epoch are those of batch->after. */
struct pg_part {
    const struct batch *batch;
    int64_t published_offset; /* outputs of records below are acknowledged; only ever rises */
};

/* Commits all parts, or none: every lane at most once, in any order.
 * PG_DONE     durable
 * PG_FENCED   nothing changed; pg_failure_names_lane says which lanes are lost
 * PG_LOST     failure->unknown: retake the lanes to learn what happened; else nothing changed
 * PG_RETRY    nothing changed (unless failure->unknown)
 * PG_REFUSED  nothing changed; with more than one part: commit one by one to find the bad one */
enum pg_answer pg_store_commit(struct pg_store *store, const struct pg_part *parts, size_t count,
                               struct pg_failure *failure);

/* Moves published_offset alone, behind the same fence: when a lane is given back. */
struct pg_publish {
    const struct lane_row *row; /* as committed */
    int64_t published_offset;
};

enum pg_answer pg_store_publish(struct pg_store *store, const struct pg_publish *lanes,
                                size_t count, struct pg_failure *failure);

#endif
