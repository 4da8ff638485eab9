/* How to reach Kafka, as the user said it: what every client of ours is made from.
 *
 * Free of librdkafka types, so that headers above it can be. */
#ifndef TELLER_COMMON_KAFKA_SETTINGS_H
#define TELLER_COMMON_KAFKA_SETTINGS_H

#include <stdbool.h>

/* Borrowed texts; they must outlive every client made from them. Precedence, lowest first: our
 * defaults, file, properties, brokers, and last what Teller's promises need (idempotence,
 * offsets never committed or reset by the library), which nobody can turn off. */
struct kafka_settings {
    const char *brokers;           /* "host:port,..."; NULL: bootstrap.servers of the others */
    const char *file;              /* lines "property=value", "#" comments; NULL: none */
    const char *const *properties; /* "property=value" each, as librdkafka names them */
    int properties_count;
    const char *client_id; /* NULL: "teller" */
    bool insecure;         /* plaintext to brokers beyond the loopback interface allowed */
};

#endif
