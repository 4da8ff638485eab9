#include "consumer/adapters/lane_source_events.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>

enum lane_source_event_kind lane_source_event_kind_of(int code) {
    switch (code) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return LANE_SOURCE_OUT_OF_RANGE;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return LANE_SOURCE_GONE;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return LANE_SOURCE_DENIED;
    /* What the client could not read: a wrong checksum, an unknown codec or format. */
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR__UNDERFLOW:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE: return LANE_SOURCE_CORRUPT;
    case RD_KAFKA_RESP_ERR__FATAL: return LANE_SOURCE_FATAL;
    default: return LANE_SOURCE_TRANSPORT;
    }
}

bool lane_source_event_leaves_a_hole(enum lane_source_event_kind kind) {
    return kind == LANE_SOURCE_OUT_OF_RANGE || kind == LANE_SOURCE_CORRUPT;
}

const char *lane_source_error_name(int code) {
    return rd_kafka_err2name((rd_kafka_resp_err_t)code);
}

bool lane_source_event_note(struct lane_source_slot *slot, int code, uint16_t lane,
                            const char *text) {
    bool was_empty = !slot->full;
    bool is_final = slot->full && (lane_source_event_leaves_a_hole(slot->event.kind) ||
                                   slot->event.kind == LANE_SOURCE_FATAL);
    if (!is_final) {
        slot->full = true;
        slot->event.kind = lane_source_event_kind_of(code);
        slot->event.code = code;
        slot->event.lane = lane;
        snprintf(slot->event.text, sizeof slot->event.text, "%s", text);
    }
    return was_empty;
}
