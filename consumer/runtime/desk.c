#include "consumer/runtime/desk.h"

#include <stdlib.h>

#include "common/check.h"
#include "common/rt/log.h"

static bool allocate(struct desk *desk) {
    size_t lanes = desk->plan->partitions;
    size_t batch = desk->plan->batch;
    desk->held = calloc(lanes, sizeof *desk->held);
    desk->lanes = calloc(lanes, sizeof(struct lane *));
    desk->parts = calloc(lanes, sizeof *desk->parts);
    desk->parts_lanes = calloc(lanes, sizeof *desk->parts_lanes);
    desk->places = calloc(lanes, sizeof *desk->places);
    desk->records = calloc(batch, sizeof *desk->records);
    desk->waiting = calloc(batch, sizeof *desk->waiting);
    desk->store = pg_store_new(&desk->plan->store);
    return desk->held != NULL && desk->lanes != NULL && desk->parts != NULL &&
           desk->parts_lanes != NULL && desk->places != NULL && desk->records != NULL &&
           desk->waiting != NULL && desk->store != NULL;
}

bool desk_init(struct desk *desk, const struct desk_plan *plan, int writer, struct err *err) {
    *desk = (struct desk){.plan = plan, .writer = writer, .text = STRBUF_INIT};
    if (!allocate(desk)) {
        return err_set(err, ERR_UNREACHABLE, "out of memory");
    }
    desk->source = lane_source_new(&plan->source, err);
    return desk->source != NULL;
}

void desk_close(struct desk *desk) {
    CHECK(desk->held_count == 0);
    if (desk->source != NULL) {
        lane_source_free(desk->source);
    }
    if (desk->store != NULL) {
        pg_store_free(desk->store);
    }
    strbuf_close(&desk->text);
    free(desk->waiting);
    free(desk->records);
    free(desk->places);
    free(desk->parts_lanes);
    free(desk->parts);
    free(desk->lanes);
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

/* Reads the lane from where it stands. False: it has gone back as lost. */
static bool start_reading(struct desk *desk, struct held *held) {
    struct err err = ERR_INIT;
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
    (void)start_reading(desk, held);
}

void desk_leave(struct desk *desk, struct held *held, enum notice_kind why) {
    struct notice notice = {
        .kind = why, .writer = desk->writer, .number = held->number, .lane = held->lane};
    lane_source_remove(desk->source, held->number);
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
        } else if (held->resting && pending <= desk->plan->rest_to) {
            (void)start_reading(desk, held);
        }
    }
}
