/* The batch takes its records and its arrays along, and the lane goes on with the other set. Rows
 * in memory stay where they are, copied into the batch when it was closed. They may even leave
 * memory while it is on its way: whoever wants them back waits for the landing. */
#include "consumer/core/lane_flight.h"

#include "common/check.h"
#include "consumer/core/lane_state.h"

#define SWAP(type, a, b)                                                                           \
    do {                                                                                           \
        type swapped = (a);                                                                        \
        (a) = (b);                                                                                 \
        (b) = swapped;                                                                             \
    } while (0)

static void exchange(struct lane *lane) {
    struct flight *flight = &lane->flight;
    SWAP(struct decoded *, lane->decoded, flight->decoded);
    SWAP(struct arena, lane->arena, flight->arena);
    SWAP(struct builder, lane->builder, flight->builder);
    SWAP(struct batch, lane->batch, flight->batch);
}

bool lane_may_launch(const struct lane *lane) {
    return lane->phase == PHASE_READY && lane->applied == lane->count &&
           lane->batch.after.next_offset > lane->batch.old_offset &&
           lane->flight.state != FLIGHT_AWAY;
}

static void open_next(struct lane *lane) {
    lane->phase = PHASE_FILLING;
    lane_forget_records(lane);
    lane_open_batch(lane);
}

const struct batch *lane_launch(struct lane *lane) {
    CHECK(lane_may_launch(lane));
    bool has_landed = lane->flight.state == FLIGHT_LANDED;
    builder_let_go(&lane->builder);
    exchange(lane);
    lane->flight.state = FLIGHT_AWAY;
    lane->count = lane->done = lane->applied = lane->prepared = 0;
    if (has_landed) {
        lane->phase = PHASE_LANDED;
    } else {
        open_next(lane);
    }
    return &lane->flight.batch;
}

void lane_landed(struct lane *lane) {
    CHECK(lane->flight.state == FLIGHT_AWAY && lane->phase != PHASE_LANDED);
    lane->row = lane->flight.batch.after;
    lane->flight.state = FLIGHT_LANDED;
}

const struct batch *lane_landed_batch(const struct lane *lane) {
    if (lane->phase == PHASE_LANDED) {
        return &lane->batch;
    }
    return lane->flight.state == FLIGHT_LANDED ? &lane->flight.batch : NULL;
}

void lane_released(struct lane *lane) {
    CHECK(lane_landed_batch(lane) != NULL);
    if (lane->phase == PHASE_LANDED) {
        open_next(lane);
    } else {
        lane->flight.state = FLIGHT_NONE;
        lane_stop_if_done(lane);
    }
}
