/* The lane machine: one lane's share of the ledger, as a pure step function.
 *
 * It does no I/O, reads no clock and allocates nothing once it is made, but for the list of a
 * finalize (allotment.h): its caller feeds it records and rows, and does what it asks. One thread
 * at a time; different lanes share nothing.
 *
 *   lane_begin            a new tenure: the lane row as taken; then lane_put_start_*, lane_started
 *   lane_offer            records of the log, in order
 *   lane_apply            -> LANE_MISSING: lane_wants -> lane_put_* -> lane_loaded, then again
 *   lane_batch            what to write; then lane_committed, or lane_begin with a new take's row;
 *                         or lane_launch (lane_flight.h), and the next batch meanwhile
 *   ... and from lane_offer again
 *
 * Memory is the committed state plus the open batch. A batch that failed takes all memory with
 * it: the next lane_begin starts empty, since only PostgreSQL knows what is true then. */
#ifndef TELLER_CORE_LANE_H
#define TELLER_CORE_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/record.h"
#include "consumer/core/batch.h"
#include "consumer/core/lane_stop.h"
#include "consumer/core/leg.h"
#include "consumer/core/rows.h"
#include "consumer/core/wants.h"

#define LANE_RULES 1 /* the only rules number that this version knows */

/* Sizes of everything, fixed when a lane is made. */
struct lane_limits {
    uint32_t records;  /* of one batch */
    uint32_t accounts; /* kept; at least 3 * records + 64, and WANTS_DUE_MAX where holds expire */
    uint32_t holds;    /* kept in memory; at least 18 * 64 + WANTS_DUE_MAX + records */
    uint32_t sales;    /* of products and the like, each; at least WANTS_CHUNK_MAX + records + 16 */
    uint32_t keys;     /* of the id fence; >= 2 * records */
    uint64_t seed;     /* of the tables; random, or clients can make ids collide */
};

struct lane;

/* NULL when out of memory. `secrets` must outlive the lane. partitions: of the commands topic. */
struct lane *lane_new(const struct lane_limits *limits, uint16_t lane, uint16_t partitions,
                      const struct leg_secrets *secrets);
void lane_free(struct lane *lane);

/* ---- a tenure ---- */

/* Forgets everything and starts from the row as the take returned it. `log_start` is the first
 * offset that the log still holds, `log_end` the one behind the last. False: the lane is stopped
 * (gap, identity, or rules that are not known). */
bool lane_begin(struct lane *lane, const struct lane_row *row, int64_t log_start, int64_t log_end);

/* Where to start reading the log. */
int64_t lane_read_from(const struct lane *lane);

/* What a tenure starts with, read in one snapshot taken after the take has committed: the earliest
 * expiry of an open hold (HOLD_NEVER: none), and the newest keys of the journal with
 * id <= lane_fence_upper, highest id first, at most lane_fence_room of them. */
void lane_put_start_due(struct lane *lane, int64_t earliest_expiry_ms);
struct uuid lane_fence_upper(const struct lane *lane);
size_t lane_fence_room(const struct lane *lane);
void lane_put_start_key(struct lane *lane, const struct journal_key *key);
void lane_started(struct lane *lane, bool complete); /* complete: no more keys below */

/* True when lane time comes near the end of the id fence, so that soon every new id would have
 * to ask the database. Then, with no batch open, the caller calls lane_fence_reload and starts
 * the lane again as above (same functions, same snapshot rule); records that wait are kept. */
bool lane_fence_old(const struct lane *lane);
void lane_fence_reload(struct lane *lane);

/* ---- a batch ---- */

enum lane_offer {
    LANE_TAKEN,   /* keep the record's memory until it is committed or released: see below */
    LANE_DROPPED, /* older than the position: a redelivery */
    LANE_FULL,    /* offer it again after the batch */
    LANE_STOPPED, /* lane_stopped says why */
};

enum lane_offer lane_offer(struct lane *lane, const struct record *record);

/* Records that are offered and not yet covered by a committed or launched batch. At 0 the memory of
 * all records is the caller's again, but for those of a launched batch: they stay borrowed until
 * lane_released (lane_flight.h). */
size_t lane_backlog(const struct lane *lane);

const struct wants *lane_wants(const struct lane *lane);

/* Answers. A row that is in memory already is not replaced: memory is newer. wants.due is answered
 * with the holds, and with the earliest expiry later than due_ms. */
void lane_put_account(struct lane *lane, const struct account *row);
void lane_put_entry(struct lane *lane, const struct entry *entry);
void lane_put_hold(struct lane *lane, const struct hold *row);
void lane_put_next_due(struct lane *lane, int64_t expiry_ms);
void lane_put_product(struct lane *lane, const struct product *row);
void lane_put_subscription(struct lane *lane, const struct subscription *row); /* chunk_of too */
void lane_put_buyer(struct lane *lane, const struct buyer *row);
void lane_put_share(struct lane *lane, int64_t number, int64_t quantity); /* shares_of */
/* All answers are in: what was wanted and not put does not exist. With a batch on its way nothing
 * may be loaded, since the database does not know its rows yet. */
void lane_loaded(struct lane *lane);

enum lane_apply {
    LANE_APPLIED, /* the batch is ready: all of the backlog, or as much as fits */
    LANE_MISSING, /* lane_wants has something to load; nothing of that record has changed */
    LANE_HALTED,  /* the batch is ready, and behind it the lane is stopped */
};

enum lane_apply lane_apply(struct lane *lane);

/* The open batch. records_count == 0: nothing to do. A batch with old_offset == after.next_offset
 * needs no transaction: it only answers records again whose outputs may have been lost. */
const struct batch *lane_batch(const struct lane *lane);

/* The transaction is durable: the batch is history, its records are released. */
void lane_committed(struct lane *lane);

/* ---- state ---- */

enum lane_stop lane_stopped(const struct lane *lane);
const char *lane_stop_detail(const struct lane *lane);
/* Stops the lane from outside, as when the database refuses its batch. */
void lane_halt(struct lane *lane, enum lane_stop stop, const char *detail);

const struct lane_row *lane_row(const struct lane *lane); /* as committed */

/* True when a tick should be sent: by `now_ms` (wall clock) an open hold is due, and none was sent
 * in the last second. The caller publishes the leg; a lost one is only late. */
bool lane_tick_wanted(struct lane *lane, int64_t now_ms);

#endif
