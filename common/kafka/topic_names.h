/* The names of a ledger's topics: a prefix (default "teller") and three fixed endings. */
#ifndef TELLER_COMMON_KAFKA_TOPIC_NAMES_H
#define TELLER_COMMON_KAFKA_TOPIC_NAMES_H

#include <stdbool.h>

#include "common/err.h"

#define TOPIC_NAMES_PREFIX "teller"
#define TOPIC_NAME_MAX 249 /* Kafka's own limit */

struct topic_names {
    char commands[TOPIC_NAME_MAX + 1];     /* <prefix>.commands */
    char results[TOPIC_NAME_MAX + 1];      /* <prefix>.results */
    char dead_letters[TOPIC_NAME_MAX + 1]; /* <prefix>.dead-letters */
};

/* prefix NULL: the default. False (ERR_USAGE): not [A-Za-z0-9._-]+, or too long. */
bool topic_names_init(struct topic_names *names, const char *prefix, struct err *err);

#endif
