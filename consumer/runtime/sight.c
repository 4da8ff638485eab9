#include "consumer/runtime/sight.h"

#include "common/rt/clock.h"
#include "common/rt/log.h"
#include "consumer/runtime/flight.h"

static struct board_lane *shown(const struct desk *desk, const struct held *held) {
    return &desk->plan->board->lanes[held->number];
}

/* One that was asked for and has not answered stays so: to ask again would only begin anew. */
static void doubt(struct desk *desk, struct held *held, int code) {
    struct board_lane *lane = shown(desk, held);
    atomic_store(&lane->unread_error, code);
    if (held->sight == SIGHT_CLEAR) {
        held->sight = SIGHT_DOUBTED;
        atomic_store(&lane->unread_ms, clock_monotonic_ms());
    }
}

void sight_doubt(struct desk *desk, const struct lane_source_event *event) {
    for (size_t i = 0; i < desk->held_count; i++) {
        if (event->lane == LANE_SOURCE_NO_LANE || event->lane == desk->held[i].number) {
            doubt(desk, &desk->held[i], event->code);
        }
    }
}

static void clear(const struct desk *desk, struct held *held) {
    struct board_lane *lane = shown(desk, held);
    if (sight_lost(lane)) {
        log_event(LOG_INFO, "reading the commands topic again", "lane=%d", held->number);
    }
    held->sight = SIGHT_CLEAR;
    atomic_store(&lane->unread_ms, 0);
}

static bool is_any(const struct desk *desk, enum sight sight) {
    for (size_t i = 0; i < desk->held_count; i++) {
        if (desk->held[i].sight == sight) {
            return true;
        }
    }
    return false;
}

/* A lane that rests is asked for when its rest is over. */
static void ask(struct desk *desk) {
    flight_finish(desk); /* lanes may have to leave */
    for (size_t i = desk->held_count; i-- > 0;) {
        struct held *held = &desk->held[i];
        if (held->sight == SIGHT_DOUBTED && !held->resting) {
            (void)desk_read(desk, held);
        }
    }
}

void sight_look(struct desk *desk) {
    if (is_any(desk, SIGHT_DOUBTED)) {
        ask(desk);
    }
    for (size_t i = 0; i < desk->held_count; i++) {
        struct held *held = &desk->held[i];
        if (held->sight == SIGHT_ASKED && lane_source_heard(desk->source, held->number)) {
            clear(desk, held);
        }
    }
}

bool sight_lost(const struct board_lane *lane) {
    int64_t since_ms = atomic_load(&lane->unread_ms);
    return since_ms != 0 && clock_monotonic_ms() - since_ms >= SIGHT_LOST_MS;
}
