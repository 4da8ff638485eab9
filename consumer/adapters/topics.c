#include "consumer/adapters/topics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/kafka_admin.h"
#include "common/kafka/kafka_error.h"
#include "common/rt/clock.h"

#define FOR_EVER "-1"
#define THIRTY_DAYS_MS "2592000000"
#define KNOWN_RETRY_MS 20
#define BATCH_BYTES_LEAST 1048576 /* the outbox's batch.size, and room for what lz4 cannot shrink */

/* One topic as init makes it. */
struct blueprint {
    const char *name;
    const char *retention_ms;
};

static void set_config(rd_kafka_NewTopic_t *topic, const char *name, const char *value) {
    CHECK(rd_kafka_NewTopic_set_config(topic, name, value) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

static rd_kafka_NewTopic_t *draw(const struct blueprint *plan, uint16_t partitions,
                                 int16_t replication, struct err *err) {
    char text[256];
    rd_kafka_NewTopic_t *topic =
        rd_kafka_NewTopic_new(plan->name, partitions, replication, text, sizeof text);
    if (topic == NULL) {
        err_set(err, ERR_USAGE, "topic %s: %s", plan->name, text);
        return NULL;
    }
    set_config(topic, "message.timestamp.type", "LogAppendTime");
    set_config(topic, "cleanup.policy", "delete");
    set_config(topic, "retention.ms", plan->retention_ms);
    set_config(topic, "retention.bytes", "-1");
    return topic;
}

static bool check_created(rd_kafka_event_t *event, const char *name, struct err *err) {
    size_t count;
    const rd_kafka_CreateTopics_result_t *result = rd_kafka_event_CreateTopics_result(event);
    const rd_kafka_topic_result_t **topics = rd_kafka_CreateTopics_result_topics(result, &count);
    CHECK(count == 1);
    rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[0]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
        return true;
    }
    const char *text = rd_kafka_topic_result_error_string(topics[0]);
    return err_set(err, kafka_error_kind(code), "topic %s: %s", name,
                   text != NULL ? text : rd_kafka_err2str(code));
}

static bool create(struct kafka_admin *admin, const struct blueprint *plan, uint16_t partitions,
                   int16_t replication, struct err *err) {
    rd_kafka_NewTopic_t *topic = draw(plan, partitions, replication, err);
    if (topic == NULL) {
        return false;
    }
    rd_kafka_AdminOptions_t *options = kafka_admin_options(admin, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    char text[256];
    /* The broker answers only when the controller has made all partitions. */
    rd_kafka_AdminOptions_set_operation_timeout(options, admin->timeout_ms, text, sizeof text);
    rd_kafka_CreateTopics(admin->client, &topic, 1, options, admin->queue);
    rd_kafka_event_t *event = kafka_admin_answer(admin, "create topic", err);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewTopic_destroy(topic);
    if (event == NULL) {
        return false;
    }
    bool ok = check_created(event, plan->name, err);
    rd_kafka_event_destroy(event);
    return ok;
}

static bool fits(const char *name, const struct kafka_topic *topic,
                 const struct topics_expected *expected, struct err *err) {
    if (expected->cluster_id != NULL && strcmp(expected->cluster_id, topic->cluster_id) != 0) {
        return err_set(err, ERR_OPERATOR, "Kafka cluster is %s, but the ledger belongs to %s",
                       topic->cluster_id, expected->cluster_id);
    }
    if (topic->partitions == 0) {
        return err_set(err, ERR_OPERATOR, "topic %s does not exist: run tellerd init", name);
    }
    if (topic->partitions != expected->partitions) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s has %" PRId32 " partitions, but the ledger was made with %d; "
                       "accounts would move to other lanes: restore the topic",
                       name, topic->partitions, expected->partitions);
    }
    if (topic->has_config && topic->compact) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s is compacted, records would vanish: set cleanup.policy=delete",
                       name);
    }
    if (topic->has_config && !topic->log_append_time) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s keeps the time of its clients: set "
                       "message.timestamp.type=LogAppendTime",
                       name);
    }
    if (topic->has_config && topic->max_message_bytes < BATCH_BYTES_LEAST) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s takes %" PRId64 " bytes at once, and a worker sends more: set "
                       "max.message.bytes to %d or more (Kafka's own default is)",
                       name, topic->max_message_bytes, BATCH_BYTES_LEAST);
    }
    return true;
}

/* Brokers hear of a new topic a moment after the controller has made it: whoever asks next must not
 * be told that there is none. */
static bool read_known(struct kafka_admin *admin, const char *name, struct kafka_topic *topic,
                       struct err *err) {
    int64_t deadline_ms = clock_monotonic_ms() + admin->timeout_ms;
    bool ok = kafka_topic_read(admin, name, topic, err);
    while (ok && topic->partitions == 0 && clock_monotonic_ms() < deadline_ms) {
        clock_sleep_ms(KNOWN_RETRY_MS);
        ok = kafka_topic_read(admin, name, topic, err);
    }
    return ok;
}

static bool create_and_compare(struct kafka_admin *admin, const struct blueprint *plan,
                               uint16_t partitions, int16_t replication, struct err *err) {
    struct topics_expected expected = {.cluster_id = NULL, .partitions = partitions};
    struct kafka_topic topic;
    if (!kafka_topic_read(admin, plan->name, &topic, err)) {
        return false;
    }
    if (topic.partitions == 0 && (!create(admin, plan, partitions, replication, err) ||
                                  !read_known(admin, plan->name, &topic, err))) {
        return false;
    }
    return fits(plan->name, &topic, &expected, err);
}

bool topics_create(const struct kafka_settings *settings, const struct topic_names *names,
                   uint16_t partitions, int16_t replication, int timeout_ms, struct err *err) {
    const struct blueprint plans[] = {{names->commands, FOR_EVER},
                                      {names->results, THIRTY_DAYS_MS},
                                      {names->dead_letters, THIRTY_DAYS_MS}};
    struct kafka_admin admin;
    if (!kafka_admin_init(&admin, settings, timeout_ms, err)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof plans / sizeof *plans; i++) {
        ok = create_and_compare(&admin, &plans[i], partitions, replication, err);
    }
    kafka_admin_close(&admin);
    return ok;
}

bool topics_check(const struct kafka_settings *settings, const struct topic_names *names,
                  const struct topics_expected *expected, int timeout_ms,
                  struct kafka_topic *commands, struct err *err) {
    const char *const all[] = {names->results, names->dead_letters, names->commands};
    struct kafka_admin admin;
    if (!kafka_admin_init(&admin, settings, timeout_ms, err)) {
        return false;
    }
    struct kafka_topic topic;
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof all / sizeof *all; i++) {
        ok = kafka_topic_read(&admin, all[i], &topic, err) && fits(all[i], &topic, expected, err);
    }
    if (ok && commands != NULL) {
        *commands = topic;
    }
    kafka_admin_close(&admin);
    return ok;
}
