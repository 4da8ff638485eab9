#include "tests/integration/test_kafka_support.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "common/rt/clock.h"
#include "consumer/adapters/topics.h"
#include "tests/harness/must.h"
#include "tests/harness/topics.h"

void kafka_fixture_open(struct kafka_fixture *fixture, const char *brokers, uint16_t partitions) {
    struct err err = ERR_INIT;
    *fixture = (struct kafka_fixture){.prefix = ""};
    fixture->settings.brokers = brokers != NULL ? brokers : must_getenv("TELLER_BROKERS");
    snprintf(fixture->prefix, sizeof fixture->prefix, "kafka-%ld-%" PRId64, (long)getpid(),
             clock_monotonic_us());
    must(topic_names_init(&fixture->names, fixture->prefix, &err), "%s", err.text);
    must(topics_create(&fixture->settings, &fixture->names, partitions, 1, KAFKA_TIMEOUT_MS, &err),
         "%s", err.text);
}

void kafka_fixture_close(struct kafka_fixture *fixture) {
    topics_drop(fixture->settings.brokers, fixture->prefix);
}
