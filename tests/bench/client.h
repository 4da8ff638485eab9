/* A client as a service would be one: an idempotent producer, and a consumer of all results. What
 * it learns goes into the flight; the number of a command travels in its id. */
#ifndef TELLER_TESTS_BENCH_CLIENT_H
#define TELLER_TESTS_BENCH_CLIENT_H

#include <librdkafka/rdkafka.h>

#include "producer/workload.h"
#include "tests/bench/flight.h"
#include "tests/harness/ledger.h"

struct client {
    struct flight *flight;
    rd_kafka_t *producer;
    rd_kafka_topic_t *topic;
    rd_kafka_t *consumer;
    rd_kafka_queue_t *results;
};

/* `linger_ms`: how long the producer waits for more records. Returns when it could send at once. */
void client_open(struct client *client, const struct ledger *ledger, struct flight *flight,
                 int linger_ms);
void client_close(struct client *client);

/* Sends what the generator makes next, as command `number`. */
void client_send(struct client *client, size_t number, struct workload *workload);

/* Serves delivery reports, waiting at most that long for one. */
void client_serve(struct client *client, int timeout_ms);

/* Takes the results that are there, waiting at most that long for a first one. */
void client_take(struct client *client, int timeout_ms);

#endif
