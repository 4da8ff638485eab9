/* Settings of librdkafka that a test relies on. */
#ifndef TELLER_TESTS_HARNESS_KAFKA_CONF_H
#define TELLER_TESTS_HARNESS_KAFKA_CONF_H

#include <librdkafka/rdkafka.h>

/* Aborts where librdkafka does not know the setting or the value. */
void kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value);

#endif
