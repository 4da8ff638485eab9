/* Reads the results topic from its present end, so that a result that comes after waiter_open
 * returned is never missed. One thread; no consumer group is joined. */
#ifndef TELLER_PRODUCER_WAITER_H
#define TELLER_PRODUCER_WAITER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/result.h"

#define WAITER_ALL_LANES (-1)

struct waiter_options {
    const struct kafka_settings *kafka;
    const char *topic;   /* results */
    uint16_t partitions; /* of the topic */
    int32_t lane;        /* the one to read, or WAITER_ALL_LANES */
    int timeout_ms;
};

struct waiter;

/* Finds the ends and begins to read there. NULL: *err. Close with waiter_close (NULL too). */
struct waiter *waiter_open(const struct waiter_options *options, struct err *err);
void waiter_close(struct waiter *waiter);

enum waiter_answer {
    WAITER_RESULT,  /* *result is filled */
    WAITER_NOTHING, /* nothing came in time; errors that may pass are waited out */
    WAITER_FAILED,  /* *err: no result will come */
};

enum waiter_answer waiter_poll(struct waiter *waiter, int timeout_ms, struct result *result,
                               struct err *err);

#endif
