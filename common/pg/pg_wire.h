/* What adapters need of libpq, with a deadline on every wait. The only header that shows libpq.
 *
 * A call is pg_wire_begin, then sends, then pg_wire_result until all is read. Its deadline counts
 * from pg_wire_begin: when it passes, the server is asked to cancel, and its answer (an error, or a
 * success that was faster) is still read for PG_WIRE_DRAIN_MS; then the connection is given up.
 * A worker's connection is given up at once: the server's own timers are shorter than its deadline,
 * so one that is late does not answer at all, and PQcancel waits for such a server without end. */
#ifndef TELLER_PG_WIRE_H
#define TELLER_PG_WIRE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"

#define PG_WIRE_DRAIN_MS 2000

struct pg_conn {
    PGconn *raw; /* non-blocking */
    int64_t call_ms;
    int64_t deadline_ms; /* monotonic */
    bool cancels;        /* asks the server to cancel what is late */
    bool cancelled;      /* the deadline has passed once */
    bool broken;         /* nothing more can be asked */
};

/* Starts a call: its deadline is call_ms from now. */
void pg_wire_begin(struct pg_conn *conn);

/* As pg_wire_begin, with a deadline of its own. */
void pg_wire_begin_within(struct pg_conn *conn, int64_t within_ms);

/* Sends what is queued until nothing is left, reading meanwhile. */
enum pg_answer pg_wire_flush(struct pg_conn *conn, struct pg_failure *failure);

/* True when a result can be had without waiting. Waits at most wait_ms; does not mind the deadline.
 * For a caller with a patience of its own (a take). */
bool pg_wire_ready(struct pg_conn *conn, int64_t wait_ms);

/* The next result, to be cleared by the caller; *out == NULL: the statement has no more. */
enum pg_answer pg_wire_result(struct pg_conn *conn, PGresult **out, struct pg_failure *failure);

/* What a result says. PG_DONE unless it is an error; then *failure is filled. */
enum pg_answer pg_wire_judge(struct pg_conn *conn, const PGresult *result,
                             struct pg_failure *failure);

/* Reads what is left of a statement, so that the connection is ready for the next one. `answer` is
 * what came so far. Returns the first that is not PG_DONE, be it that one; *failure is filled only
 * where it came while draining. */
enum pg_answer pg_wire_drain(struct pg_conn *conn, enum pg_answer answer,
                             struct pg_failure *failure);

/* Runs one simple statement outside pipeline mode and wants no rows. */
enum pg_answer pg_wire_simple(struct pg_conn *conn, const char *sql, struct pg_failure *failure);

/* The connection is no good: PG_LOST with libpq's reason. `unknown`: of the caller to set. */
enum pg_answer pg_wire_lost(struct pg_conn *conn, struct pg_failure *failure);

#endif
