#include "consumer/runtime/settle.h"

#include "common/rt/log.h"
#include "consumer/core/lane_flight.h"
#include "consumer/runtime/publish.h"
#include "consumer/runtime/streak.h"

static void log_failure(const char *message, int lane, const struct pg_failure *failure) {
    log_event(LOG_WARN, message, "lane=%d sqlstate=%s unknown=%d error=\"%s\"", lane,
              failure->sqlstate, failure->unknown, failure->err.text);
}

static void show(const struct desk *desk, const struct held *held) {
    const struct lane_row *row = lane_row(held->lane);
    struct board_lane *shown = &desk->plan->board->lanes[held->number];
    atomic_store(&shown->next_offset, row->next_offset);
    atomic_store(&shown->lane_time_ms, row->lane_time_ms);
}

/* How far everything has been sent: all that was taken, or, with records of the lane still waiting,
 * all that was applied. A batch that only answers again, with more behind it, says nothing yet. */
static void mark_sent(struct outbox *outbox, const struct held *held, bool moved) {
    if (lane_backlog(held->lane) == 0) {
        outbox_mark(outbox, held->number, held->read_to);
    } else if (moved) {
        outbox_mark(outbox, held->number, lane_row(held->lane)->next_offset);
    }
}

void settle_unsent(struct desk *desk, struct held *held) {
    log_event(LOG_WARN, "outputs not sent, taking the lane again", "lane=%d error=\"%s\"",
              held->number, outbox_failure(courier_outbox(desk->plan->courier), held->number));
    board_count(&desk->plan->board->lost, 1);
    desk_leave(desk, held, NOTICE_LOST);
}

static bool send_outputs(struct desk *desk, const struct batch *batch) {
    const struct publish publish = {
        .outbox = courier_outbox(desk->plan->courier),
        .board = desk->plan->board,
        .secrets = desk->plan->secrets,
        .partitions = desk->plan->partitions,
        .text = &desk->text,
    };
    return publish_outputs(&publish, batch);
}

/* What a batch has kept in the quarantine, and what it has left out, is counted when it is durable,
 * whatever becomes of its outputs. */
static void note_oddities(struct desk *desk, const struct batch *batch) {
    streak_note(desk->plan->board, batch);
    board_count(&desk->plan->board->sources_dropped, batch->sources_dropped);
    board_quarantine(desk->plan->board, batch);
}

/* The batch in hand is durable: its outputs go out, and the next one may begin. */
static void answer_at_once(struct desk *desk, struct held *held) {
    const struct batch *batch = lane_batch(held->lane);
    bool moved = batch->after.next_offset > batch->old_offset;
    note_oddities(desk, batch);
    bool published = send_outputs(desk, batch);
    lane_committed(held->lane);
    held->applied = false;
    show(desk, held);
    if (published && lane_stopped(held->lane) == LANE_RUNNING) {
        mark_sent(courier_outbox(desk->plan->courier), held, moved);
    }
    if (lane_stopped(held->lane) != LANE_RUNNING) {
        desk_leave(desk, held, NOTICE_STOPPED);
    } else if (!published) {
        settle_unsent(desk, held);
    }
}

/* What was launched is answered later, so that the next transaction need not wait for that. */
static void settle_durable(struct desk *desk, struct held *held) {
    if (held->away) {
        lane_landed(held->lane);
        note_oddities(desk, lane_landed_batch(held->lane));
        held->away = false;
        held->landed = true;
        held->landed_to = held->away_to;
        show(desk, held);
    } else {
        answer_at_once(desk, held);
    }
}

static void settle_all_durable(struct desk *desk, const struct parts *parts) {
    for (size_t i = desk->held_count; i-- > 0;) {
        struct held *held = &desk->held[i];
        if (parts == &desk->away_parts ? held->away : held->applied) {
            settle_durable(desk, held);
        }
    }
}

/* All outputs of a round have been handed over. Only with a lane in hand: without one, the outbox
 * may be replaced at any moment. */
static void hurry(struct desk *desk) {
    if (desk->held_count > 0) {
        outbox_hurry(courier_outbox(desk->plan->courier));
    }
}

bool settle_landed(struct desk *desk) {
    bool all_sent = true;
    bool has_sent = false;
    for (size_t i = desk->held_count; i-- > 0;) {
        struct held *held = &desk->held[i];
        if (!held->landed) {
            continue;
        }
        bool published = send_outputs(desk, lane_landed_batch(held->lane));
        lane_released(held->lane);
        has_sent = true;
        held->landed = false;
        held->unsent = held->unsent || !published;
        all_sent = all_sent && !held->unsent;
        if (!held->unsent && lane_stopped(held->lane) == LANE_RUNNING) {
            outbox_mark(courier_outbox(desk->plan->courier), held->number, held->landed_to);
        }
    }
    if (has_sent) {
        hurry(desk);
    }
    return all_sent;
}

void settle_all_unsent(struct desk *desk) {
    for (size_t i = desk->held_count; i-- > 0;) {
        if (desk->held[i].unsent) {
            settle_unsent(desk, &desk->held[i]);
        }
    }
}

/* Whatever was open is in doubt, and a new connection may lead to another server: nothing that is
 * in memory is believed any more. */
static void lose_all(struct desk *desk, const struct pg_failure *failure) {
    log_failure("transaction failed, taking the lanes again", -1, failure);
    board_count(&desk->plan->board->lost, desk->held_count);
    for (size_t i = desk->held_count; i-- > 0;) {
        struct held *held = &desk->held[i];
        bool stopped = lane_stopped(held->lane) != LANE_RUNNING;
        desk_leave(desk, held, stopped ? NOTICE_STOPPED : NOTICE_LOST);
    }
}

static void lose_fenced(struct desk *desk, struct held *held, const struct pg_failure *failure) {
    log_failure("lane has another owner", held->number, failure);
    board_count(&desk->plan->board->fenced, 1);
    desk_leave(desk, held, NOTICE_FENCED);
}

static void stop_refused(struct desk *desk, struct held *held, const struct pg_failure *failure) {
    lane_halt(held->lane, LANE_STOP_DATABASE, failure->err.text);
    desk_leave(desk, held, NOTICE_STOPPED);
}

/* What to do with one lane that was committed alone. False: the connection is no good any more. */
static bool settle_one(struct desk *desk, struct held *held, enum pg_answer answer,
                       const struct pg_failure *failure) {
    switch (answer) {
    case PG_DONE: settle_durable(desk, held); return true;
    case PG_FENCED: lose_fenced(desk, held, failure); return true;
    case PG_REFUSED: stop_refused(desk, held, failure); return true;
    case PG_LOST:
    case PG_RETRY: return false;
    }
    return false;
}

static void commit_one_by_one(struct desk *desk, const struct parts *parts) {
    for (size_t i = 0; i < parts->count; i++) {
        struct held *held = desk_find(desk, parts->lanes[i]);
        if (held == NULL) {
            continue;
        }
        struct pg_failure failure = PG_FAILURE_INIT;
        enum pg_answer answer = committer_run(desk->committer, &parts->items[i], 1, &failure);
        if (!settle_one(desk, held, answer, &failure)) {
            lose_all(desk, &failure);
            return;
        }
    }
    settle_all_durable(desk, parts);
}

/* With more than one part it is not known which lane is to blame. */
static void settle_together(struct desk *desk, const struct parts *parts,
                            const struct pg_failure *failure) {
    for (size_t i = 0; i < parts->count; i++) {
        struct held *held = desk_find(desk, parts->lanes[i]);
        if (failure->answer == PG_FENCED && pg_failure_names_lane(failure, held->number)) {
            lose_fenced(desk, held, failure);
        }
    }
    commit_one_by_one(desk, parts);
}

static void settle_parts(struct desk *desk, const struct parts *parts, enum pg_answer answer,
                         const struct pg_failure *failure) {
    switch (answer) {
    case PG_DONE: settle_all_durable(desk, parts); return;
    case PG_FENCED:
    case PG_REFUSED:
        if (parts->count == 1) {
            (void)settle_one(desk, desk_find(desk, parts->lanes[0]), answer, failure);
            settle_all_durable(desk, parts);
        } else {
            settle_together(desk, parts, failure);
        }
        return;
    case PG_LOST:
    case PG_RETRY: lose_all(desk, failure); return;
    }
}

void settle_answer(struct desk *desk, const struct parts *parts, enum pg_answer answer,
                   const struct pg_failure *failure) {
    settle_parts(desk, parts, answer, failure);
    if (parts != &desk->away_parts) {
        hurry(desk);
    }
}

void settle_stopped(struct desk *desk) {
    for (size_t i = desk->held_count; i-- > 0;) {
        if (lane_stopped(desk->held[i].lane) != LANE_RUNNING) {
            desk_leave(desk, &desk->held[i], NOTICE_STOPPED);
        }
    }
}

void settle_failed(struct desk *desk, const struct pg_failure *failure) {
    lose_all(desk, failure);
}
