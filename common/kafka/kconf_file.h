/* Where properties come from: lists of "name=value" and files of such lines. */
#ifndef TELLER_COMMON_KAFKA_KCONF_FILE_H
#define TELLER_COMMON_KAFKA_KCONF_FILE_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

#include "common/err.h"

/* Sets one "name=value". `where` names the source in *err. */
bool kconf_file_pair(rd_kafka_conf_t *conf, const char *pair, const char *where, struct err *err);

/* Sets every line of a file; blank lines and lines that start with # are passed over. */
bool kconf_file_read(rd_kafka_conf_t *conf, const char *path, struct err *err);

#endif
