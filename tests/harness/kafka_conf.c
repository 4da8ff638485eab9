#include "tests/harness/kafka_conf.h"

#include "tests/harness/must.h"

void kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char text[256];
    must(rd_kafka_conf_set(conf, name, value, text, sizeof text) == RD_KAFKA_CONF_OK, "%s", text);
}
