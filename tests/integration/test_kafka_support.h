/* What the tests of the Kafka adapters share: topics of their own on the shared broker. */
#ifndef TELLER_TESTS_INTEGRATION_TEST_KAFKA_SUPPORT_H
#define TELLER_TESTS_INTEGRATION_TEST_KAFKA_SUPPORT_H

#include <stdint.h>

#include "common/kafka/kafka_settings.h"
#include "common/kafka/topic_names.h"

enum { KAFKA_TIMEOUT_MS = 15000 };

struct kafka_fixture {
    struct kafka_settings settings;
    struct topic_names names;
    char prefix[64];
};

/* Makes the three topics of a new prefix on the broker of TELLER_BROKERS, or on `brokers`. */
void kafka_fixture_open(struct kafka_fixture *fixture, const char *brokers, uint16_t partitions);

/* Removes them. */
void kafka_fixture_close(struct kafka_fixture *fixture);

#endif
