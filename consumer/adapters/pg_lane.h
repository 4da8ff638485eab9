/* Lane rows: who owns a lane, where it stands, why it stopped. Taking a lane is what moves it, and
 * what fences everything its old owner may still have on the way.
 *
 * Runs on the supervisor's connection, never on a writer's: a take may wait for seconds. */
#ifndef TELLER_ADAPTERS_PG_LANE_H
#define TELLER_ADAPTERS_PG_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/core/rows.h"

#define PG_LANES_MAX 1024        /* lanes of one ledger */
#define PG_LANE_PATIENCE_MS 3000 /* how long a take waits before it looks for a frozen blocker */
#define PG_LANE_DETAIL_MAX 256

struct pg_lane {
    struct lane_row row;
    int stop; /* enum lane_stop as stored */
    char detail[PG_LANE_DETAIL_MAX];
};

/* A connection for takes; its second one, for the blocker, is opened when it is needed. */
struct pg_taker;

struct pg_taker *pg_taker_new(const char *conninfo); /* the text must outlive it; NULL: no memory */
void pg_taker_free(struct pg_taker *taker);

/* Makes `owner` the owner, epoch + 1, in a transaction of its own, and gives back the row. Connects
 * when it must. Waits for an open transaction of the old owner; after PG_LANE_PATIENCE_MS the
 * session that blocks is terminated if it is a worker's and its transaction is older than that.
 * PG_REFUSED with sqlstate "": there is no such lane. On PG_LOST the take may have happened: call
 * again. */
enum pg_answer pg_lane_take(struct pg_taker *taker, uint16_t lane, const struct uuid *owner,
                            struct pg_lane *out, struct pg_failure *failure);

/* The same after a lost COMMIT or connection, and only while the lane is still ours at that epoch:
 * waits for what the dead session may still be doing. PG_FENCED: it is not ours any more. Compare
 * out->row.next_offset with the batch: new = it was committed, old = do it again, lower = the
 * database lost commits. */
enum pg_answer pg_lane_retake(struct pg_taker *taker, uint16_t lane, const struct uuid *owner,
                              int64_t epoch, struct pg_lane *out, struct pg_failure *failure);

/* Writes why a lane stopped (or LANE_RUNNING and "") unless it has a new owner: PG_FENCED. */
enum pg_answer pg_lane_mark(struct pg_taker *taker, const struct lane_row *owned, int stop,
                            const char *detail, struct pg_failure *failure);

/* Reads all lane rows, by lane number. *count <= room. Takes nothing. */
enum pg_answer pg_lane_list(struct pg_taker *taker, struct pg_lane *out, size_t room, size_t *count,
                            struct pg_failure *failure);

#endif
