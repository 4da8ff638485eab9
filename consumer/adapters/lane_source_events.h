/* What went wrong while reading, kept until the writer asks: one slot per lane and one for the
 * client, so that an event that stops a lane can never be crowded out by others. */
#ifndef TELLER_ADAPTERS_LANE_SOURCE_EVENTS_H
#define TELLER_ADAPTERS_LANE_SOURCE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/adapters/lane_source.h"

struct lane_source_slot {
    bool full;
    struct lane_source_event event;
};

/* code: rd_kafka_resp_err_t. */
enum lane_source_event_kind lane_source_event_kind_of(int code);

/* True for kinds behind which the lane's records would not be all there are. */
bool lane_source_event_leaves_a_hole(enum lane_source_event_kind kind);

/* code: rd_kafka_resp_err_t. The newest event wins, but never over one that stops something.
 * Returns true when the slot was empty. */
bool lane_source_event_note(struct lane_source_slot *slot, int code, uint16_t lane,
                            const char *text);

#endif
