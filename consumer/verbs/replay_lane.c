#include "consumer/verbs/replay_lane.h"

#include <inttypes.h>

#include "common/check.h"
#include "consumer/adapters/pg_audit.h"
#include "consumer/core/seal.h"
#include "consumer/verbs/replay_log.h"
#include "consumer/verbs/replay_rows.h"

#define PORTION 2000 /* records of a batch */

static const struct lane_limits limits = {
    .records = PORTION,
    .accounts = 3 * PORTION + 64,
    .holds = 18 * 64 + WANTS_DUE_MAX + PORTION,
    .sales = WANTS_CHUNK_MAX + PORTION + WANTS_PER_RECORD,
    .keys = 2 * PORTION,
};

struct replay {
    const struct replay_plan *plan;
    uint16_t number;
    struct lane *lane;
    struct replay_log *log;
    struct replay_store store;
    struct replay_counts *counts;
    struct finding *finding;
    struct err *err;
};

static bool failed(struct replay *replay, const struct pg_failure *failure) {
    *replay->err = failure->err;
    return false;
}

/* ---- a batch against the journal ---- */

static void compare_journal(struct replay *replay, const struct batch *batch,
                            const struct pg_rows *page) {
    struct audit_journal_row found;
    const char *unreadable;
    const size_t count = (size_t)pg_rows_count(page);
    for (size_t i = 0; i < batch->rows_count && i < count; i++) {
        const struct journal_row *made = &batch->rows[i];
        const bool readable = pg_audit_journal_row(page, (int)i, &found, &unreadable);
        const struct entry *entry = &found.row.entry;
        if (!journal_key_equal(&entry->key, &made->entry.key)) {
            const bool extra = seal_row_order(entry, &made->entry) < 0;
            (void)finding_at(replay->finding, extra ? entry : &made->entry,
                             extra ? "nothing in the log made this journal row"
                                   : "by the log there is a journal row here");
            return;
        }
        if (!readable) {
            (void)finding_at(replay->finding, entry, "its %s is none of ours", unreadable);
            return;
        }
        if (!replay_rows_journal(made, &found.row, replay->finding)) {
            return;
        }
    }
    if (count < batch->rows_count) {
        (void)finding_at(replay->finding, &batch->rows[count].entry,
                         "by the log there is a journal row here");
    } else if (count > batch->rows_count) {
        (void)pg_audit_journal_row(page, (int)batch->rows_count, &found, &unreadable);
        (void)finding_at(replay->finding, &found.row.entry,
                         "nothing in the log made this journal row");
    }
}

static void compare_quarantine(struct replay *replay, const struct batch *batch,
                               const struct pg_rows *page) {
    struct audit_quarantine_row found;
    const char *unreadable;
    const size_t count = (size_t)pg_rows_count(page);
    for (size_t i = 0; i < batch->quarantine_count && i < count; i++) {
        if (!pg_audit_quarantine_row(page, (int)i, &found, &unreadable)) {
            (void)finding_set(replay->finding, 0, "quarantine at offset %" PRId64 ": not ours: %s",
                              found.row.log_offset, unreadable);
            return;
        }
        if (!replay_rows_quarantine(&batch->quarantine[i], &found.row, replay->finding)) {
            return;
        }
    }
    if (count != batch->quarantine_count) {
        (void)finding_set(replay->finding, 0,
                          "offsets %" PRId64 " to %" PRId64 ": %zu quarantine rows, by the log %zu",
                          batch->old_offset, batch->after.next_offset - 1, count,
                          batch->quarantine_count);
    }
}

static bool compare_batch(struct replay *replay, const struct batch *batch) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = replay->plan->conn;
    const int64_t last = batch->after.next_offset - 1;
    struct pg_rows *rows =
        pg_audit_journal(conn, replay->number, batch->old_offset, last, &failure);
    struct pg_rows *quarantine = NULL;
    if (rows != NULL) {
        compare_journal(replay, batch, rows);
        quarantine = pg_audit_quarantine(conn, replay->number, batch->old_offset, last, &failure);
    }
    if (quarantine != NULL) {
        compare_quarantine(replay, batch, quarantine);
    }
    pg_rows_free(rows);
    pg_rows_free(quarantine);
    return quarantine != NULL || failed(replay, &failure);
}

/* ---- the machine ---- */

static void apply(struct replay *replay) {
    struct lane *lane = replay->lane;
    while (lane_apply(lane) == LANE_MISSING) {
        replay_store_load(&replay->store, lane);
    }
}

/* All that waits, in as many batches as it takes. */
static bool run_backlog(struct replay *replay) {
    while (lane_backlog(replay->lane) > 0 && !replay->finding->found) {
        apply(replay);
        const struct batch *batch = lane_batch(replay->lane);
        replay->counts->rows += batch->rows_count;
        replay->counts->quarantined += batch->quarantine_count;
        if (!compare_batch(replay, batch)) {
            return false;
        }
        replay_store_commit(&replay->store, batch);
        lane_committed(replay->lane);
    }
    return true;
}

static bool take(struct replay *replay, const struct record *record) {
    replay->counts->records++;
    enum lane_offer offer = lane_offer(replay->lane, record);
    if (offer == LANE_FULL) {
        if (!run_backlog(replay) || replay->finding->found) {
            return false;
        }
        offer = lane_offer(replay->lane, record);
    }
    return offer == LANE_TAKEN || offer == LANE_DROPPED ||
           err_set(replay->err, ERR_OPERATOR, "lane %d stops: %s", replay->number,
                   lane_stop_detail(replay->lane));
}

/* The log up to offset `to`, exclusive. */
static bool run_to(struct replay *replay, int64_t to) {
    struct record records[PORTION];
    size_t count = 1;
    while (count > 0 && !replay->finding->found) {
        if (!replay_log_read(replay->log, to, records, PORTION, &count, replay->err)) {
            return false;
        }
        for (size_t i = 0; i < count && !replay->finding->found; i++) {
            if (!take(replay, &records[i])) {
                return replay->finding->found;
            }
        }
        if (!run_backlog(replay)) {
            return false;
        }
    }
    const int64_t next = lane_row(replay->lane)->next_offset;
    return replay->finding->found || next >= to ||
           finding_set(replay->finding, 0,
                       "the log ends at offset %" PRId64 ", but the database stands at %" PRId64,
                       next, to) ||
           true;
}

/* ---- a lane ---- */

static bool read_position(struct replay *replay, struct pg_lane *row) {
    struct pg_failure failure = PG_FAILURE_INIT;
    return pg_audit_lane(replay->plan->conn, replay->number, row, &failure) == PG_DONE ||
           failed(replay, &failure);
}

/* Where the ledger began to read: not before the first seal, whose batch was the first with
 * rows. */
static bool read_beginning(struct replay *replay, int64_t otherwise, int64_t *from) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct seal seal;
    struct pg_rows *rows = pg_audit_seals(replay->plan->conn, replay->number, 1, 1, &failure);
    if (rows == NULL) {
        return failed(replay, &failure);
    }
    *from =
        pg_rows_count(rows) > 0 && pg_audit_seal(rows, 0, &seal) ? seal.first_offset : otherwise;
    pg_rows_free(rows);
    return true;
}

static bool begin(struct replay *replay, const struct pg_lane *now) {
    const struct replay_plan *plan = replay->plan;
    int64_t from;
    if (!read_beginning(replay, now->row.next_offset, &from)) {
        return false;
    }
    const struct replay_log_options options = {.dump = plan->dump,
                                               .write = plan->write,
                                               .kafka = plan->kafka,
                                               .topic = plan->topic,
                                               .lane = replay->number,
                                               .lanes = plan->lanes,
                                               .from = from};
    replay->log = replay_log_new(&options, replay->err);
    replay->lane = lane_new(&limits, replay->number, plan->lanes, plan->secrets);
    CHECK(replay->lane != NULL);
    const struct lane_row row = {.lane = replay->number,
                                 .next_offset = from,
                                 .published_offset = from,
                                 .last_offset = -1,
                                 .rules = LANE_RULES,
                                 .next_number = 1,
                                 .next_seal = 1};
    CHECK(lane_begin(replay->lane, &row, from, INT64_MAX));
    replay_store_start(replay->lane);
    return replay->log != NULL;
}

/* What is left, and all that changes, as one moment shows it. */
static bool compare_now(struct replay *replay) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = replay->plan->conn;
    struct pg_lane now;
    if (pg_audit_begin(conn, &failure) != PG_DONE) {
        return failed(replay, &failure);
    }
    if (!read_position(replay, &now) || !run_to(replay, now.row.next_offset)) {
        return false;
    }
    if (replay->finding->found) {
        return pg_audit_end(conn, &failure) == PG_DONE || failed(replay, &failure);
    }
    enum pg_answer answer = replay_state_compare(conn, replay->number, &replay->store,
                                                 replay->counts, replay->finding, &failure);
    if (answer == PG_DONE && lane_row(replay->lane)->last_offset >= 0) {
        (void)replay_rows_lane(lane_row(replay->lane), &now.row, replay->finding);
    }
    if (answer == PG_DONE) {
        answer = pg_audit_end(conn, &failure);
    }
    return answer == PG_DONE || failed(replay, &failure);
}

bool replay_lane(const struct replay_plan *plan, uint16_t lane, struct replay_counts *counts,
                 struct finding *finding, struct err *err) {
    struct replay replay = {
        .plan = plan, .number = lane, .counts = counts, .finding = finding, .err = err};
    struct pg_lane now;
    replay_store_init(&replay.store);
    const bool compared = read_position(&replay, &now) && begin(&replay, &now) &&
                          run_to(&replay, now.row.next_offset) &&
                          (finding->found || compare_now(&replay));
    const bool written = replay_log_close(replay.log, compared ? err : NULL);
    lane_free(replay.lane);
    replay_store_close(&replay.store);
    return compared && written;
}
