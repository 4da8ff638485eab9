/* Topics of a test: reading one from its beginning to its end, and removing them all. */
#ifndef TELLER_TESTS_HARNESS_TOPICS_H
#define TELLER_TESTS_HARNESS_TOPICS_H

#include <stdint.h>

#include <librdkafka/rdkafka.h>

typedef void topic_reader(void *context, const rd_kafka_message_t *message);

/* Hands over every record that the topic holds now, each partition in order. */
void topic_read(const char *brokers, const char *topic, topic_reader *reader, void *context);

/* A consumer of all that comes to the topic from now on; the caller polls and destroys it. */
rd_kafka_t *topic_follow(const char *brokers, const char *topic);

/* Offset behind the last record of a partition. */
int64_t topic_end(const char *brokers, const char *topic, int32_t partition);

/* Removes the three topics of a prefix; those that are not there do not matter. */
void topics_drop(const char *brokers, const char *prefix);

/* The broker refuses larger record batches from now on. For a topic as init makes it, whose other
 * settings are the broker's defaults. */
void topic_limit(const char *brokers, const char *topic, const char *max_message_bytes);

/* Removes the records of a partition below that offset, as retention does. */
void topic_trim(const char *brokers, const char *topic, int32_t partition, int64_t before);

/* The value of a header, NUL-terminated by librdkafka; NULL: none. Valid as long as the message. */
const char *topic_header(const rd_kafka_message_t *message, const char *name);

#endif
