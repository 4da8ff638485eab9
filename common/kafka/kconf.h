/* Makes librdkafka clients: the user's properties, our defaults, the properties that are
 * Teller's to set, and callbacks that only record. */
#ifndef TELLER_COMMON_KAFKA_KCONF_H
#define TELLER_COMMON_KAFKA_KCONF_H

#include <librdkafka/rdkafka.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"

enum kconf_role {
    KCONF_CONSUMER, /* reads; never commits or resets offsets by itself */
    KCONF_PRODUCER, /* idempotent, acks=all */
    KCONF_ADMIN,    /* topics and metadata only */
};

/* What the callbacks of one client record; any thread may read it. It is the client's opaque: put
 * it first in the struct that owns the client, and it must outlive the client. */
struct kconf_watch {
    atomic_uint_fast64_t errors;    /* reported by the client's error callback */
    atomic_int last_error;          /* rd_kafka_resp_err_t; 0: none yet */
    atomic_int_fast64_t log_window; /* number of the 10 s (monotonic) of the lines counted below */
    atomic_uint_fast32_t log_lines; /* in that window */
    atomic_uint_fast64_t log_muted; /* lines left out to keep the log readable */
};

struct kconf_property {
    const char *name;
    const char *value;
};

/* defaults (may be NULL; ended by a NULL name) are the caller's own, which the user may override.
 * NULL: *err names the property and where it came from. Otherwise the caller owns the result until
 * kconf_client takes it. Refuses (ERR_USAGE) plaintext to a broker beyond the loopback interface
 * unless settings->insecure. */
rd_kafka_conf_t *kconf_new(const struct kafka_settings *settings, enum kconf_role role,
                           const struct kconf_property *defaults, struct kconf_watch *watch,
                           struct err *err);

/* Sets one property of an adapter's own. False: *err names it; a secret's value is not shown. */
bool kconf_set(rd_kafka_conf_t *conf, const char *name, const char *value, struct err *err);
bool kconf_set_int(rd_kafka_conf_t *conf, const char *name, int64_t value, struct err *err);

/* Makes the client and consumes conf, also on failure (NULL). */
rd_kafka_t *kconf_client(rd_kafka_conf_t *conf, rd_kafka_type_t type, struct err *err);

/* True for properties whose value must never be shown: passwords, keys, tokens. */
bool kconf_is_secret(const char *property);

#endif
