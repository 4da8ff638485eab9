/* A raw producer: any bytes, any key, any partition, so that tests can do what a decent client
 * never would. It remembers what the broker has acknowledged. */
#ifndef TELLER_TESTS_HARNESS_SENDER_H
#define TELLER_TESTS_HARNESS_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "common/slice.h"

/* Header by which a test tells the reference model what a record that is no command must become:
 * the word of an outcome. Workers do not read it. */
#define SENDER_EXPECT "test-expect"

struct parcel {
    struct slice key;    /* at == NULL: none */
    struct slice value;  /* at == NULL: tombstone */
    int32_t partition;   /* -1: by the key, as every client must */
    const char *expect;  /* for SENDER_EXPECT; NULL: an ordinary command */
    struct slice leg;    /* for the header teller-leg; at == NULL: none */
};

struct sender {
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
    uint64_t sent;
    uint64_t acked;  /* by the broker, for good */
    uint64_t failed; /* given up */
};

void sender_open(struct sender *sender, const char *brokers, const char *topic);
void sender_close(struct sender *sender);

/* Copies the bytes; waits while the queue is full. */
void sender_put(struct sender *sender, const struct parcel *parcel);

/* The usual case: JSON keyed by its account. */
void sender_put_command(struct sender *sender, const char *account, const char *json);

/* Waits until all is acknowledged; aborts after timeout_ms. */
void sender_flush(struct sender *sender, int64_t timeout_ms);

/* A borrowed view of a C string. */
struct slice slice_of(const char *text);

#endif
