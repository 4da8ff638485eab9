/* librdkafka's error codes, sorted by what to do next. */
#ifndef TELLER_COMMON_KAFKA_ERROR_H
#define TELLER_COMMON_KAFKA_ERROR_H

#include <librdkafka/rdkafka.h>

#include "common/err.h"

/* ERR_UNREACHABLE for all that may pass by itself, unknown codes included. */
enum err_kind kafka_error_kind(rd_kafka_resp_err_t code);

/* Sets *err from a code: "<what>: <librdkafka's text>". Returns false. */
bool kafka_error_set(struct err *err, rd_kafka_resp_err_t code, const char *what);

/* The same from an error object, which is destroyed. */
bool kafka_error_take(struct err *err, rd_kafka_error_t *error, const char *what);

#endif
