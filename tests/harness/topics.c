#include "tests/harness/topics.h"

#include <stdbool.h>
#include <stdio.h>

#include "common/rt/clock.h"
#include "tests/harness/kafka_conf.h"
#include "tests/harness/must.h"

#define TIMEOUT_MS 30000
#define READ_TIMEOUT_MS 120000

static rd_kafka_t *new_client(rd_kafka_type_t type, const char *brokers) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    kafka_conf_set(conf, "bootstrap.servers", brokers);
    kafka_conf_set(conf, "log_level", "2");
    if (type == RD_KAFKA_CONSUMER) {
        kafka_conf_set(conf, "group.id", "teller-tests-read");
        kafka_conf_set(conf, "enable.auto.commit", "false");
        kafka_conf_set(conf, "enable.partition.eof", "true");
        kafka_conf_set(conf, "auto.offset.reset", "error");
        kafka_conf_set(conf, "fetch.wait.max.ms", "20");
        kafka_conf_set(conf, "queued.min.messages", "1000000");
    }
    char text[256];
    rd_kafka_t *client = rd_kafka_new(type, conf, text, sizeof text);
    must(client != NULL, "%s", text);
    return client;
}

static int partition_count(rd_kafka_t *client, const char *name) {
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t err = rd_kafka_metadata(client, 0, topic, &metadata, TIMEOUT_MS);
    must(err == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1, "%s: %s", name,
         rd_kafka_err2str(err));
    int count = metadata->topics[0].partition_cnt;
    must(count > 0, "topic %s is not there", name);
    rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(topic);
    return count;
}

/* Destroys the list. */
static void assign(rd_kafka_t *client, rd_kafka_topic_partition_list_t *list) {
    must(rd_kafka_assign(client, list) == RD_KAFKA_RESP_ERR_NO_ERROR, "cannot assign partitions");
    rd_kafka_topic_partition_list_destroy(list);
}

static void assign_all(rd_kafka_t *client, const char *name, int partitions) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; i++) {
        rd_kafka_topic_partition_list_add(list, name, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
    }
    assign(client, list);
}

void topic_read(const char *brokers, const char *topic, topic_reader *reader, void *context) {
    rd_kafka_t *client = new_client(RD_KAFKA_CONSUMER, brokers);
    rd_kafka_poll_set_consumer(client);
    int open = partition_count(client, topic);
    assign_all(client, topic, open);
    int64_t deadline = clock_monotonic_ms() + READ_TIMEOUT_MS;
    while (open > 0) {
        must(clock_monotonic_ms() < deadline, "%s is not read to its end", topic);
        rd_kafka_message_t *message = rd_kafka_consumer_poll(client, 100);
        if (message == NULL) {
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            open--;
        } else {
            must(message->err == RD_KAFKA_RESP_ERR_NO_ERROR, "%s: %s", topic,
                 rd_kafka_message_errstr(message));
            reader(context, message);
        }
        rd_kafka_message_destroy(message);
    }
    rd_kafka_destroy(client);
}

static int64_t end_of(rd_kafka_t *client, const char *topic, int32_t partition) {
    int64_t low = 0;
    int64_t high = 0;
    rd_kafka_resp_err_t err =
        rd_kafka_query_watermark_offsets(client, topic, partition, &low, &high, TIMEOUT_MS);
    must(err == RD_KAFKA_RESP_ERR_NO_ERROR, "%s: %s", topic, rd_kafka_err2str(err));
    return high;
}

/* The ends are asked for now: a logical END is looked up by the first fetch, whenever that is. */
rd_kafka_t *topic_follow(const char *brokers, const char *topic) {
    rd_kafka_t *client = new_client(RD_KAFKA_CONSUMER, brokers);
    rd_kafka_poll_set_consumer(client);
    int partitions = partition_count(client, topic);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    for (int i = 0; i < partitions; i++) {
        rd_kafka_topic_partition_list_add(list, topic, i)->offset = end_of(client, topic, i);
    }
    assign(client, list);
    return client;
}

int64_t topic_end(const char *brokers, const char *topic, int32_t partition) {
    rd_kafka_t *client = new_client(RD_KAFKA_CONSUMER, brokers);
    int64_t end = end_of(client, topic, partition);
    rd_kafka_destroy(client);
    return end;
}

void topics_drop(const char *brokers, const char *prefix) {
    static const char *const kinds[] = {"commands", "results", "dead-letters"};
    rd_kafka_t *client = new_client(RD_KAFKA_PRODUCER, brokers);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_DeleteTopic_t *topics[3];
    for (size_t i = 0; i < 3; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s.%s", prefix, kinds[i]);
        topics[i] = rd_kafka_DeleteTopic_new(name);
    }
    rd_kafka_DeleteTopics(client, topics, 3, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TIMEOUT_MS);
    if (event != NULL) {
        rd_kafka_event_destroy(event);
    }
    rd_kafka_DeleteTopic_destroy_array(topics, 3);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
}

const char *topic_header(const rd_kafka_message_t *message, const char *name) {
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t size = 0;
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, name, &value, &size) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return NULL;
    }
    return value;
}

static void end_request(rd_kafka_t *client, rd_kafka_queue_t *queue, const char *topic) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, TIMEOUT_MS);
    must(event != NULL && rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR,
         "topic %s cannot be changed", topic);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(client);
}

void topic_limit(const char *brokers, const char *topic, const char *max_message_bytes) {
    rd_kafka_t *client = new_client(RD_KAFKA_PRODUCER, brokers);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_ConfigResource_t *config = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_ConfigResource_set_config(config, "message.timestamp.type", "LogAppendTime");
    rd_kafka_ConfigResource_set_config(config, "max.message.bytes", max_message_bytes);
    rd_kafka_AlterConfigs(client, &config, 1, NULL, queue);
    rd_kafka_ConfigResource_destroy(config);
    end_request(client, queue, topic);
}

void topic_trim(const char *brokers, const char *topic, int32_t partition, int64_t before) {
    rd_kafka_t *client = new_client(RD_KAFKA_PRODUCER, brokers);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = before;
    rd_kafka_DeleteRecords_t *request = rd_kafka_DeleteRecords_new(list);
    rd_kafka_DeleteRecords(client, &request, 1, NULL, queue);
    rd_kafka_DeleteRecords_destroy(request);
    rd_kafka_topic_partition_list_destroy(list);
    end_request(client, queue, topic);
}
