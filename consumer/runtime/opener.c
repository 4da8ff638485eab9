#include "consumer/runtime/opener.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/rt/log.h"

#define WATERMARKS_MS 3000

bool opener_init(struct opener *opener, const struct opener_plan *plan, struct err *err) {
    *opener = (struct opener){.plan = *plan};
    opener->taker = pg_taker_new(plan->store.conninfo);
    opener->store = pg_store_new(&plan->store);
    if (opener->taker == NULL || opener->store == NULL) {
        return err_set(err, ERR_UNREACHABLE, "out of memory");
    }
    opener->source = lane_source_new(&plan->source, err);
    return opener->source != NULL;
}

void opener_close(struct opener *opener) {
    if (opener->source != NULL) {
        lane_source_free(opener->source);
    }
    if (opener->store != NULL) {
        pg_store_free(opener->store);
    }
    if (opener->taker != NULL) {
        pg_taker_free(opener->taker);
    }
    *opener = (struct opener){.taker = NULL};
}

/* A database that refuses to give a lane away is as far away as one that does not answer: nothing
 * is known of the lane that could be written down. */
static enum opening failed(struct tenure *tenure, const struct pg_failure *failure,
                           struct err *err) {
    *err = failure->err;
    if (failure->answer == PG_FENCED) {
        tenure->is_ours = false;
        return OPENING_FENCED;
    }
    if (failure->unknown) { /* then our epoch may have moved: only a first take can find out */
        tenure->is_ours = false;
    }
    return OPENING_LATER;
}

static enum opening take(struct opener *opener, struct tenure *tenure, struct pg_lane *taken,
                         struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct uuid *owner = &opener->plan.owner;
    enum pg_answer answer =
        tenure->is_ours
            ? pg_lane_retake(opener->taker, tenure->number, owner, tenure->epoch, taken, &failure)
            : pg_lane_take(opener->taker, tenure->number, owner, taken, &failure);
    if (answer != PG_DONE) {
        return failed(tenure, &failure, err);
    }
    tenure->is_ours = true;
    tenure->epoch = taken->row.epoch;
    return OPENING_DONE;
}

/* The lane can go on, but a person should know what can no longer be done. */
static void warn_of_lost(const struct lane_row *row, int64_t log_start) {
    if (log_start > row->published_offset) {
        log_event(LOG_WARN, "outputs may be lost: the log begins behind what was published",
                  "lane=%d published=%" PRId64 " log_start=%" PRId64, row->lane,
                  row->published_offset, log_start);
    }
    if (row->last_offset >= 0 && row->last_offset < log_start) {
        log_event(LOG_WARN, "the last applied record is gone: the log cannot be compared",
                  "lane=%d last=%" PRId64 " log_start=%" PRId64, row->lane, row->last_offset,
                  log_start);
    }
}

/* What the machine has to know of the log and the journal before it can start. */
static enum opening begin(struct opener *opener, struct tenure *tenure, const struct lane_row *row,
                          struct err *err) {
    int64_t low = 0;
    int64_t high = 0;
    if (!lane_source_watermarks(opener->source, tenure->number, WATERMARKS_MS, &low, &high, err)) {
        return OPENING_LATER;
    }
    if (!lane_begin(tenure->lane, row, low, high)) {
        (void)err_set(err, ERR_OPERATOR, "%s: %s", lane_stop_word(lane_stopped(tenure->lane)),
                      lane_stop_detail(tenure->lane));
        return OPENING_STOPPED;
    }
    warn_of_lost(row, low);
    struct pg_failure failure = PG_FAILURE_INIT;
    if (!pg_store_usable(opener->store) && pg_store_connect(opener->store, &failure) != PG_DONE) {
        return failed(tenure, &failure, err);
    }
    if (pg_store_start(opener->store, tenure->lane, &failure) != PG_DONE) {
        return failed(tenure, &failure, err);
    }
    return OPENING_DONE;
}

/* An earlier stop is judged anew by every tenure; one that passed this far is over. */
static void clear_mark(struct opener *opener, const struct pg_lane *taken) {
    struct pg_failure failure = PG_FAILURE_INIT;
    if (taken->stop != LANE_RUNNING &&
        pg_lane_mark(opener->taker, &taken->row, LANE_RUNNING, "", &failure) != PG_DONE) {
        log_event(LOG_WARN, "stop of the lane not cleared", "lane=%d error=\"%s\"", taken->row.lane,
                  failure.err.text);
    }
}

enum opening opener_open(struct opener *opener, struct tenure *tenure, struct err *err) {
    const struct opener_plan *plan = &opener->plan;
    struct pg_lane taken;
    if (tenure->lane == NULL) {
        tenure->lane = lane_new(&plan->limits, tenure->number, plan->partitions, plan->secrets);
    }
    if (tenure->lane == NULL) {
        (void)err_set(err, ERR_UNREACHABLE, "out of memory");
        return OPENING_LATER;
    }
    enum opening opening = take(opener, tenure, &taken, err);
    if (opening == OPENING_DONE) {
        opening = begin(opener, tenure, &taken.row, err);
    }
    if (opening == OPENING_DONE) {
        outbox_begin(courier_outbox(plan->courier), tenure->number, taken.row.published_offset);
        clear_mark(opener, &taken);
    }
    return opening;
}

bool opener_mark(struct opener *opener, const struct lane *lane) {
    struct pg_failure failure = PG_FAILURE_INIT;
    enum pg_answer answer = pg_lane_mark(opener->taker, lane_row(lane), (int)lane_stopped(lane),
                                         lane_stop_detail(lane), &failure);
    return answer == PG_DONE || answer == PG_FENCED; /* a new owner judges for itself */
}

void opener_publish(struct opener *opener, const struct lane *lane, int64_t published_offset) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_publish last = {.row = lane_row(lane), .published_offset = published_offset};
    if (published_offset <= last.row->published_offset) {
        return;
    }
    if (!pg_store_usable(opener->store)) {
        (void)pg_store_connect(opener->store, &failure);
    }
    if (failure.answer != PG_DONE ||
        pg_store_publish(opener->store, &last, 1, &failure) != PG_DONE) {
        log_event(LOG_INFO, "outputs will be sent again by the next owner", "lane=%d error=\"%s\"",
                  last.row->lane, failure.err.text);
    }
}

struct uuid opener_owner(struct opener *opener, uint16_t number) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct uuid owner = LANE_OWNER_NONE;
    size_t count = 0;
    struct pg_lane *rows = calloc(opener->plan.partitions, sizeof *rows);
    if (rows != NULL &&
        pg_lane_list(opener->taker, rows, opener->plan.partitions, &count, &failure) == PG_DONE) {
        for (size_t i = 0; i < count; i++) {
            if (rows[i].row.lane == number) {
                owner = rows[i].row.owner;
            }
        }
    }
    free(rows);
    return owner;
}
