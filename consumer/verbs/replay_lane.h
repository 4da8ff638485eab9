/* Replays one lane: its log through the same pure machine as the workers use, in memory, and what
 * comes out against the database.
 *
 * Journal and quarantine never change below a position, so they are compared portion by portion
 * without a snapshot, up to where the lane stands at the beginning; the rest, and all that changes,
 * in one snapshot. Workers may go on meanwhile. Where batches begin and end does not matter, and
 * seals, owner and epoch are not compared: the log does not decide them. */
#ifndef TELLER_VERBS_REPLAY_LANE_H
#define TELLER_VERBS_REPLAY_LANE_H

#include "common/kafka/kafka_settings.h"
#include "consumer/core/leg.h"
#include "consumer/verbs/replay_state.h"

struct replay_plan {
    struct pg_conn *conn;
    const struct kafka_settings *kafka;
    const char *topic; /* of commands */
    const char *dump;  /* read this file instead; NULL: Kafka */
    const char *write; /* write the records there; NULL: nowhere */
    uint16_t lanes;
    const struct leg_secrets *secrets;
};

/* True: the lane was replayed, and finding->found says whether it differs. False: *err. */
bool replay_lane(const struct replay_plan *plan, uint16_t lane, struct replay_counts *counts,
                 struct finding *finding, struct err *err);

#endif
