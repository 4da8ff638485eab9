/* A Kafka record as the rest of Teller sees it: borrowed bytes, no librdkafka type. */
#ifndef TELLER_COMMON_RECORD_H
#define TELLER_COMMON_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"

/* Names of the only headers that are read. */
#define RECORD_HEADER_LEG "teller-leg"
#define RECORD_HEADER_SOURCE "ce_source"
#define RECORD_HEADER_TRACEPARENT "traceparent"

struct record {
    int64_t offset;
    int64_t timestamp_ms;   /* Unix time; of the broker where log_append_time */
    bool log_append_time;   /* false: the topic is not as `init` made it */
    struct slice key;       /* at == NULL: no key */
    struct slice value;     /* at == NULL: tombstone */
    struct slice leg;       /* header teller-leg; at == NULL: a client's record */
    struct slice source;    /* header ce_source */
    struct slice traceparent;
};

#define RECORD_FINGERPRINT_LEN 32

/* SHA-256 over timestamp, key and value, length-prefixed: tells whether the log still holds the
 * record that the lane row remembers. */
void record_fingerprint(const struct record *record, uint8_t fingerprint[RECORD_FINGERPRINT_LEN]);

#endif
