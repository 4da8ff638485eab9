/* What a broker says about one topic. */
#ifndef TELLER_COMMON_KAFKA_TOPIC_H
#define TELLER_COMMON_KAFKA_TOPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"

#define KAFKA_CLUSTER_ID_MAX 63

struct kafka_admin;

struct kafka_topic {
    char cluster_id[KAFKA_CLUSTER_ID_MAX + 1];
    int32_t partitions; /* 0: there is no such topic */
    int32_t replication;
    bool has_config; /* false: only the fields above are known (DescribeConfigs was denied) */
    bool log_append_time;
    bool compact;              /* cleanup.policy contains compact: records would vanish */
    int64_t retention_ms;      /* -1: for ever */
    int64_t max_message_bytes; /* of a batch of records, as it is sent */
};

/* Asks the cluster. A topic that does not exist is a success with partitions == 0. False:
 * ERR_UNREACHABLE, ERR_DENIED or ERR_USAGE (bad settings), the broker named. */
bool kafka_topic_describe(const struct kafka_settings *settings, const char *name, int timeout_ms,
                          struct kafka_topic *topic, struct err *err);

/* The same by a client that is there already, with its timeout. */
bool kafka_topic_read(struct kafka_admin *admin, const char *name, struct kafka_topic *topic,
                      struct err *err);

#endif
