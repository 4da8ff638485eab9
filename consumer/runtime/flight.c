#include "consumer/runtime/flight.h"

#include "common/check.h"
#include "consumer/core/lane_flight.h"
#include "consumer/runtime/settle.h"

/* Every batch that is ready must be launched with the others: an answer must not overtake one. */
static bool all_may_launch(const struct desk *desk) {
    size_t ready = 0;
    for (size_t i = 0; i < desk->held_count; i++) {
        const struct held *held = &desk->held[i];
        if (held->applied && !lane_may_launch(held->lane)) {
            return false;
        }
        ready += held->applied ? 1 : 0;
    }
    return ready > 0;
}

/* Waits for the answer to what is under way. */
static void land(struct desk *desk) {
    struct pg_failure failure = PG_FAILURE_INIT;
    if (!desk->away) {
        return;
    }
    enum pg_answer answer = committer_wait(desk->committer, &failure);
    desk->away = false;
    settle_answer(desk, &desk->away_parts, answer, &failure);
    CHECK(desk->landed_caught.count == 0);
    struct catch empty = desk->landed_caught;
    desk->landed_caught = desk->away_caught;
    desk->away_caught = empty;
}

/* False: lanes are unsent. */
static bool answer_landed(struct desk *desk) {
    bool all_sent = settle_landed(desk);
    lane_source_release(desk->landed_caught.records, desk->landed_caught.count);
    desk->landed_caught.count = 0;
    return all_sent;
}

static void launch(struct desk *desk) {
    desk->away_parts.count = 0;
    for (size_t i = 0; i < desk->held_count; i++) {
        struct held *held = &desk->held[i];
        if (held->applied) {
            desk_add_part(desk, &desk->away_parts, lane_launch(held->lane));
            held->applied = false;
            held->away = true;
            held->away_to = held->read_to;
        }
    }
    struct catch empty = desk->away_caught;
    desk->away_caught = desk->caught;
    desk->caught = empty;
    desk->away = true;
    committer_begin(desk->committer, desk->away_parts.items, desk->away_parts.count);
}

bool flight_launch(struct desk *desk) {
    land(desk);
    bool launches = all_may_launch(desk);
    if (launches) {
        launch(desk);
    }
    if (!answer_landed(desk)) {
        flight_finish(desk);
    }
    return launches;
}

void flight_finish(struct desk *desk) {
    land(desk);
    (void)answer_landed(desk);
    settle_all_unsent(desk);
}
