#include "consumer/runtime/round.h"

#include "common/rt/log.h"
#include "consumer/runtime/flight.h"
#include "consumer/runtime/settle.h"
#include "consumer/runtime/sight.h"

/* A lane whose log or position is in doubt goes back: the next take looks at the log again and
 * decides whether it has stopped. */
static bool note_event(struct desk *desk, const struct lane_source_event *event) {
    flight_finish(desk); /* lanes may have to leave */
    struct held *held = event->lane < desk->plan->partitions ? desk_find(desk, event->lane) : NULL;
    log_event(LOG_WARN, "reading the commands topic", "lane=%d error=\"%s\"",
              event->lane == LANE_SOURCE_NO_LANE ? -1 : event->lane, event->text);
    switch (event->kind) {
    case LANE_SOURCE_OUT_OF_RANGE:
    case LANE_SOURCE_GONE:
    case LANE_SOURCE_CORRUPT: /* read again from the position, after a pause */
        if (held != NULL) {
            desk_leave(desk, held, NOTICE_LOST);
        } else if (event->lane == LANE_SOURCE_NO_LANE) {
            desk_leave_all(desk, NOTICE_LOST);
        }
        return true;
    case LANE_SOURCE_DENIED:
    case LANE_SOURCE_TRANSPORT: sight_doubt(desk, event); return true;
    case LANE_SOURCE_FATAL: desk_leave_all(desk, NOTICE_LOST); return false;
    }
    return false;
}

/* Returns how many records came. */
static size_t round_read(struct desk *desk, int timeout_ms, bool *alive) {
    size_t count =
        lane_source_poll(desk->source, desk->caught.records, desk->plan->batch, timeout_ms);
    desk->caught.count = count;
    struct lane_source_event event;
    *alive = true;
    while (lane_source_event(desk->source, &event)) {
        *alive = note_event(desk, &event) && *alive;
    }
    for (size_t i = 0; i < count; i++) {
        desk->waiting[i] = (uint32_t)i;
    }
    return count;
}

/* True: the record has to wait for the lane's next batch. Records behind one that waits wait too: a
 * later one must not overtake it. */
static bool offer(struct desk *desk, const struct lane_source_record *read) {
    struct held *held = desk_find(desk, read->lane);
    if (held == NULL) {
        return false;
    }
    if (held->full) {
        return true;
    }
    switch (lane_offer(held->lane, &read->record)) {
    case LANE_TAKEN: held->read_to = read->record.offset + 1; return false;
    case LANE_DROPPED: board_count(&desk->plan->board->redelivered, 1); return false;
    case LANE_FULL: held->full = true; return true;
    case LANE_STOPPED: held->full = true; return false;
    }
    return false;
}

/* Offers the records that wait; returns how many still do. */
static size_t round_offer(struct desk *desk, size_t waiting) {
    size_t kept = 0;
    for (size_t i = 0; i < desk->held_count; i++) {
        desk->held[i].full = false;
    }
    for (size_t i = 0; i < waiting; i++) {
        if (offer(desk, &desk->caught.records[desk->waiting[i]])) {
            desk->waiting[kept++] = desk->waiting[i];
        }
    }
    return kept;
}

/* Waits for the transaction under way, since only then the database knows what memory does, and the
 * connection is free. Returns how many of the lanes in desk->lanes have not left over it. */
static size_t keep_held(struct desk *desk, size_t count) {
    size_t kept = 0;
    flight_finish(desk);
    for (size_t i = 0; i < count; i++) {
        if (desk_find(desk, desk->numbers[i]) != NULL) {
            desk->lanes[kept++] = desk->lanes[i];
        }
    }
    return kept;
}

/* One round trip for all, unless the last one was refused and the bad lane is to be found. */
static enum pg_answer load(struct desk *desk, size_t count, struct pg_failure *failure) {
    count = keep_held(desk, count);
    if (count == 0) {
        return PG_DONE;
    }
    size_t step = desk->cautious ? 1 : count;
    for (size_t i = 0; i < count; i += step) {
        enum pg_answer answer = pg_store_load(desk->store, desk->lanes + i, step, failure);
        if (answer == PG_REFUSED && step == 1) {
            lane_halt(desk->lanes[i], LANE_STOP_DATABASE, failure->err.text);
        }
        if (answer != PG_DONE) {
            desk->cautious = answer == PG_REFUSED;
            return answer;
        }
    }
    desk->cautious = false;
    return PG_DONE;
}

/* Applies every lane's backlog; returns how many lanes miss something, which are in desk->lanes. */
static size_t apply_some(struct desk *desk) {
    size_t missing = 0;
    for (size_t i = 0; i < desk->held_count; i++) {
        struct held *held = &desk->held[i];
        if (held->applied || lane_backlog(held->lane) == 0) {
            continue;
        }
        switch (lane_apply(held->lane)) {
        case LANE_APPLIED:
        case LANE_HALTED: held->applied = true; break;
        case LANE_MISSING:
            desk->numbers[missing] = held->number;
            desk->lanes[missing++] = held->lane;
            break;
        }
    }
    return missing;
}

static enum pg_answer round_apply(struct desk *desk, struct pg_failure *failure) {
    enum pg_answer answer = PG_DONE;
    while (answer == PG_DONE) {
        size_t missing = apply_some(desk);
        if (missing == 0) {
            break;
        }
        answer = load(desk, missing, failure);
    }
    return answer;
}

/* The parts of the transaction: batches that change something. The others only answer again. */
static void collect_parts(struct desk *desk) {
    desk->parts.count = 0;
    for (size_t i = 0; i < desk->held_count; i++) {
        const struct held *held = &desk->held[i];
        const struct batch *batch = held->applied ? lane_batch(held->lane) : NULL;
        if (batch != NULL && batch->old_offset != batch->after.next_offset) {
            desk_add_part(desk, &desk->parts, batch);
        }
    }
}

static void round_commit(struct desk *desk) {
    struct pg_failure failure = PG_FAILURE_INIT;
    enum pg_answer answer = PG_DONE;
    collect_parts(desk);
    if (desk->parts.count > 0) {
        answer = committer_run(desk->committer, desk->parts.items, desk->parts.count, &failure);
    }
    settle_answer(desk, &desk->parts, answer, &failure);
}

static bool has_backlog(const struct desk *desk) {
    for (size_t i = 0; i < desk->held_count; i++) {
        if (lane_backlog(desk->held[i].lane) > 0) {
            return true;
        }
    }
    return false;
}

/* A connection is made where there is none; the committer's is one. */
static enum pg_answer connect(struct desk *desk, struct pg_failure *failure) {
    if (!desk->away && !pg_store_usable(desk->store)) {
        (void)pg_store_connect(desk->store, failure);
    }
    return failure->answer;
}

static void work(struct desk *desk, bool is_large) {
    struct pg_failure failure = PG_FAILURE_INIT;
    if (connect(desk, &failure) != PG_DONE || round_apply(desk, &failure) != PG_DONE) {
        settle_failed(desk, &failure);
    } else if (!is_large) {
        flight_finish(desk);
        round_commit(desk);
    } else if (!flight_launch(desk)) {
        round_commit(desk);
    }
}

bool round_run(struct desk *desk, int timeout_ms) {
    bool alive = true;
    size_t count = round_read(desk, desk->away ? 0 : timeout_ms, &alive);
    size_t waiting = count;
    if (count == 0) {
        flight_finish(desk);
    }
    do {
        waiting = round_offer(desk, waiting);
        if (has_backlog(desk)) {
            work(desk, waiting == 0 && count >= desk->plan->launch_from);
        }
        settle_stopped(desk);
    } while (waiting > 0 || has_backlog(desk));
    lane_source_release(desk->caught.records, desk->caught.count);
    desk->caught.count = 0;
    board_count(&desk->plan->board->records, count);
    return alive;
}
