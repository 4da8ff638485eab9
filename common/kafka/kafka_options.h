/* The options by which every program of ours is told how to reach Kafka: named like kcat's. */
#ifndef TELLER_COMMON_KAFKA_OPTIONS_H
#define TELLER_COMMON_KAFKA_OPTIONS_H

#include <stdbool.h>

#include "common/kafka/kafka_settings.h"
#include "common/rt/options.h"

/* Values, as options_parse fills them: -b, -F, -X, --insecure. */
struct kafka_options {
    const char *brokers;
    const char *file;
    struct option_list properties;
    bool insecure;
};

/* Borrows from *options, which must outlive every client. */
struct kafka_settings kafka_options_settings(const struct kafka_options *options,
                                             const char *client_id);

#endif
