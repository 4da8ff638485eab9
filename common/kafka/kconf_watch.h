/* The callbacks of a client: they count, and log without flooding. */
#ifndef TELLER_COMMON_KAFKA_KCONF_WATCH_H
#define TELLER_COMMON_KAFKA_KCONF_WATCH_H

#include <librdkafka/rdkafka.h>

#include "common/kafka/kconf.h"

/* Makes watch (zeroed here) the opaque of the client and sets its log and error callbacks. */
void kconf_watch_attach(struct kconf_watch *watch, rd_kafka_conf_t *conf);

#endif
