/* Whether legs that are old can still arrive.
 *
 * A leg that the broker has acknowledged (its lane's published_offset is beyond the record that
 * told it) lies in the log of the commands topic. If after that every lane has applied its log
 * up to the end that the broker then names, and the step is still not taken, it never will be:
 * money is lost. A lane that does not get there in time proves nothing: its legs stay old, which
 * is a warning. */
#ifndef TELLER_VERBS_VERIFY_LOST_H
#define TELLER_VERBS_VERIFY_LOST_H

#include <stdint.h>

#include "common/kafka/kafka_settings.h"
#include "common/pg/pg_conn.h"
#include "consumer/verbs/verify_finding.h"
#include "consumer/verbs/verify_legs.h"

struct verify_lost {
    struct pg_conn *conn;
    const struct kafka_settings *kafka;
    const char *topic; /* of commands */
    uint16_t lanes;
    int64_t patience_ms; /* how long lanes may take to reach their ends */
};

/* PG_DONE: finding->found says whether one of legs->old is lost. A broker that cannot be asked is a
 * failure like any other: PG_RETRY, ERR_UNREACHABLE. */
enum pg_answer verify_lost_find(const struct verify_lost *lost, const struct verify_legs *legs,
                                struct finding *finding, struct pg_failure *failure);

#endif
