#include "consumer/runtime/desk.h"

#include <stdlib.h>

#include "common/check.h"
#include "common/rt/log.h"

static bool allocate_parts(struct parts *parts, size_t lanes) {
    parts->items = calloc(lanes, sizeof *parts->items);
    parts->lanes = calloc(lanes, sizeof *parts->lanes);
    return parts->items != NULL && parts->lanes != NULL;
}

static bool allocate_catch(struct catch *caught, size_t batch) {
    caught->records = calloc(batch, sizeof *caught->records);
    return caught->records != NULL;
}

static bool allocate(struct desk *desk) {
    size_t lanes = desk->plan->partitions;
    size_t batch = desk->plan->batch;
    desk->held = calloc(lanes, sizeof *desk->held);
    desk->lanes = calloc(lanes, sizeof(struct lane *));
    desk->numbers = calloc(lanes, sizeof *desk->numbers);
    desk->places = calloc(lanes, sizeof *desk->places);
    desk->waiting = calloc(batch, sizeof *desk->waiting);
    desk->store = pg_store_new(&desk->plan->store);
    return desk->held != NULL && desk->lanes != NULL && desk->numbers != NULL &&
           desk->places != NULL && desk->waiting != NULL && desk->store != NULL &&
           allocate_parts(&desk->parts, lanes) && allocate_parts(&desk->away_parts, lanes) &&
           allocate_catch(&desk->caught, batch) && allocate_catch(&desk->away_caught, batch) &&
           allocate_catch(&desk->landed_caught, batch);
}

bool desk_init(struct desk *desk, const struct desk_plan *plan, int writer, struct err *err) {
    *desk = (struct desk){.plan = plan, .writer = writer, .text = STRBUF_INIT};
    if (!allocate(desk)) {
        return err_set(err, ERR_UNREACHABLE, "out of memory");
    }
    desk->committer = committer_new(desk->store, plan->board);
    if (desk->committer == NULL) {
        return err_set(err, ERR_UNREACHABLE, "out of memory");
    }
    desk->source = lane_source_new(&plan->source, err);
    return desk->source != NULL;
}

static void free_parts(struct parts *parts) {
    free(parts->items);
    free(parts->lanes);
}

void desk_close(struct desk *desk) {
    CHECK(desk->held_count == 0 && !desk->away);
    committer_free(desk->committer);
    if (desk->source != NULL) {
        lane_source_free(desk->source);
    }
    if (desk->store != NULL) {
        pg_store_free(desk->store);
    }
    strbuf_close(&desk->text);
    free(desk->waiting);
    free(desk->caught.records);
    free(desk->away_caught.records);
    free(desk->landed_caught.records);
    free_parts(&desk->parts);
    free_parts(&desk->away_parts);
    free(desk->places);
    free(desk->lanes);
    free(desk->numbers);
    free(desk->held);
    *desk = (struct desk){.plan = NULL};
}

bool desk_renew_source(struct desk *desk, struct err *err) {
    CHECK(desk->held_count == 0);
    struct lane_source *fresh = lane_source_new(&desk->plan->source, err);
    if (fresh == NULL) {
        return false;
    }
    lane_source_free(desk->source);
    desk->source = fresh;
    return true;
}

struct held *desk_find(struct desk *desk, uint16_t number) {
    return desk->places[number] == 0 ? NULL : &desk->held[desk->places[number] - 1];
}

bool desk_read(struct desk *desk, struct held *held) {
    struct err err = ERR_INIT;
    lane_source_remove(desk->source, held->number);
    held->sight = held->sight == SIGHT_CLEAR ? SIGHT_CLEAR : SIGHT_ASKED;
    if (lane_source_add(desk->source, held->number, held->read_to, &err)) {
        held->resting = false;
        return true;
    }
    log_event(LOG_WARN, "lane cannot be read", "lane=%d error=\"%s\"", held->number, err.text);
    desk_leave(desk, held, NOTICE_LOST);
    return false;
}

void desk_hold(struct desk *desk, struct lane *lane, uint16_t number) {
    CHECK(desk_find(desk, number) == NULL && desk->held_count < desk->plan->partitions);
    struct held *held = &desk->held[desk->held_count++];
    *held = (struct held){.lane = lane, .number = number, .read_to = lane_read_from(lane)};
    desk->places[number] = (uint16_t)desk->held_count;
    (void)desk_read(desk, held);
}

void desk_add_part(struct desk *desk, struct parts *parts, const struct batch *batch) {
    uint16_t number = batch->after.lane;
    CHECK(parts->count < desk->plan->partitions);
    parts->lanes[parts->count] = number;
    parts->items[parts->count++] = (struct pg_part){
        .batch = batch,
        .published_offset = outbox_published(courier_outbox(desk->plan->courier), number),
    };
}

void desk_leave(struct desk *desk, struct held *held, enum notice_kind why) {
    CHECK(!(desk->away && held->away));
    struct notice notice = {
        .kind = why, .writer = desk->writer, .number = held->number, .lane = held->lane};
    lane_source_remove(desk->source, held->number);
    atomic_store(&desk->plan->board->lanes[held->number].unread_ms, 0);
    *held = desk->held[--desk->held_count];
    desk->places[held->number] = desk->places[notice.number];
    desk->places[notice.number] = 0;
    mailbox_post(desk->plan->supervisor, notice);
}

void desk_leave_all(struct desk *desk, enum notice_kind why) {
    while (desk->held_count > 0) {
        desk_leave(desk, &desk->held[desk->held_count - 1], why);
    }
}

void desk_rest(struct desk *desk) {
    struct outbox *outbox = courier_outbox(desk->plan->courier);
    for (size_t i = desk->held_count; i-- > 0;) {
        struct held *held = &desk->held[i];
        uint32_t pending = outbox_pending(outbox, held->number);
        if (!held->resting && pending >= desk->plan->rest_from) {
            CHECK(lane_backlog(held->lane) == 0);
            lane_source_remove(desk->source, held->number);
            held->resting = true;
        } else if (held->resting && pending <= desk->plan->rest_to && !held->away) {
            (void)desk_read(desk, held);
        }
    }
}
