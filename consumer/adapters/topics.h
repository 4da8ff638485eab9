/* The topics of a ledger: made once by `tellerd init`, compared by everything else. */
#ifndef TELLER_ADAPTERS_TOPICS_H
#define TELLER_ADAPTERS_TOPICS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/kafka/kafka_topic.h"
#include "common/kafka/topic_names.h"

/* Creates what is missing of the three topics, all with `partitions` partitions: LogAppendTime,
 * cleanup by age only, commands kept for ever, results and dead letters for 30 days. A topic that
 * is there already is compared instead, so that a second init does nothing. Blocking, at most
 * about timeout_ms. False: nothing is half made that a second call would not complete. */
bool topics_create(const struct kafka_settings *settings, const struct topic_names *names,
                   uint16_t partitions, int16_t replication, int timeout_ms, struct err *err);

/* What was registered, against what the cluster says. */
struct topics_expected {
    const char *cluster_id; /* NULL: any */
    uint16_t partitions;
};

/* For `run`. On success *commands (may be NULL) describes the commands topic. False: ERR_OPERATOR
 * for another cluster, another number of partitions, a missing or compacted topic, or CreateTime;
 * ERR_UNREACHABLE and ERR_DENIED as they come. */
bool topics_check(const struct kafka_settings *settings, const struct topic_names *names,
                  const struct topics_expected *expected, int timeout_ms,
                  struct kafka_topic *commands, struct err *err);

#endif
