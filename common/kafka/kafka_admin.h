/* One request of librdkafka's admin interface at a time, with a deadline. */
#ifndef TELLER_COMMON_KAFKA_ADMIN_H
#define TELLER_COMMON_KAFKA_ADMIN_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/kafka/kconf.h"

struct kafka_admin {
    struct kconf_watch watch; /* first: the client's opaque */
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    int timeout_ms; /* of each request */
};

/* False: *err says why, and there is nothing to close. Does not wait for a broker. */
bool kafka_admin_init(struct kafka_admin *admin, const struct kafka_settings *settings,
                      int timeout_ms, struct err *err);
void kafka_admin_close(struct kafka_admin *admin);

/* Options of one request; the caller destroys them. */
rd_kafka_AdminOptions_t *kafka_admin_options(struct kafka_admin *admin, rd_kafka_admin_op_t what);

/* Waits for the answer to the request that was just made. NULL: *err says why not ("<what>: ...").
 * Otherwise the caller destroys the event. */
rd_kafka_event_t *kafka_admin_answer(struct kafka_admin *admin, const char *what, struct err *err);

#endif
