/* The two ends of a conversation with the workers: a publisher to the commands topic and, where
 * results are waited for, a waiter on the results topic that has begun to read. One thread. */
#ifndef TELLER_PRODUCER_LINK_H
#define TELLER_PRODUCER_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/ident.h"
#include "common/kafka/kafka_settings.h"
#include "common/kafka/topic_names.h"
#include "producer/publisher.h"
#include "producer/waiter.h"

struct link {
    struct publisher *publisher;
    struct waiter *waiter; /* NULL: without wait */
};

struct link_options {
    const struct kafka_settings *kafka;
    const struct topic_names *topics;
    int timeout_ms;
    uint16_t partitions;      /* the number that is expected; 0: any */
    bool wait;                /* read results */
    bool one_by_one;          /* each command waits for the one before: none has company */
    const struct ident *only; /* all commands are on this entity; NULL: on any */
    publisher_report *report;
    void *context;
};

/* Refuses (ERR_OPERATOR) topics whose partition counts do not fit together: keys would be hashed to
 * other lanes than those that hold their accounts. False: *err, and nothing is open. */
bool link_open(struct link *link, const struct link_options *options, struct err *err);
void link_close(struct link *link);

#endif
