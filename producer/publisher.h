/* Sends records to the commands topic and says of each what became of it: an idempotent producer
 * (acks=all), so that librdkafka's own retries neither double nor reorder.
 *
 * One thread. Reports come from publisher_poll (and from a full queue in publisher_send). */
#ifndef TELLER_PRODUCER_PUBLISHER_H
#define TELLER_PRODUCER_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/slice.h"
#include "common/uuid.h"

enum delivery_state {
    DELIVERY_ACCEPTED, /* the broker has it */
    DELIVERY_FAILED,   /* it was certainly not written: err says why */
    DELIVERY_UNKNOWN,  /* it may have been written: send again with the same id */
};

struct delivery {
    enum delivery_state state;
    int64_t offset; /* of an accepted record; -1: the broker did not say */
    struct err err; /* of the other states */
};

/* Called once per record sent, with its token. */
typedef void publisher_report(void *context, void *token, const struct delivery *delivery);

struct publisher_options {
    const struct kafka_settings *kafka;
    const char *topic;
    int timeout_ms; /* for metadata, and for one record from send to report */
    int linger_ms;  /* how long a record waits for company: 0 for one, more for many */
    publisher_report *report;
    void *context;
};

struct publisher;

/* Connects and asks how many partitions the topic has. NULL: *err. Close with publisher_close,
 * which takes NULL too and drops what was not delivered. */
struct publisher *publisher_open(const struct publisher_options *options, struct err *err);
void publisher_close(struct publisher *publisher);

uint16_t publisher_partitions(const struct publisher *publisher);

/* How many partitions another topic of the cluster has. False: *err. */
bool publisher_count_partitions(struct publisher *publisher, const char *topic,
                                uint16_t *partitions, struct err *err);

/* What becomes headers (CloudEvents 1.0, Kafka binding, binary mode). NULL id: no headers. */
struct publisher_headers {
    const struct uuid *id;
    const char *type;
    const char *source;
};

/* Hands over one record, whose bytes are copied. Waits while the queue is full, reporting. `token`
 * comes back in the report. False: *err, and no report will come. */
bool publisher_send(struct publisher *publisher, void *token, uint16_t lane, struct slice key,
                    struct slice value, const struct publisher_headers *headers, struct err *err);

/* Reports what is known, waiting at most timeout_ms for something. Returns how many reports. */
int publisher_poll(struct publisher *publisher, int timeout_ms);

#endif
