#include "common/kafka/kafka_topic.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/kafka_admin.h"
#include "common/kafka/kafka_error.h"

static bool read_cluster_id(struct kafka_admin *admin, struct kafka_topic *topic, struct err *err) {
    char *id = rd_kafka_clusterid(admin->client, admin->timeout_ms);
    if (id == NULL) {
        return err_set(err, ERR_UNREACHABLE, "Kafka: no broker answers");
    }
    size_t len = strlen(id);
    bool fits = len <= KAFKA_CLUSTER_ID_MAX;
    if (fits) {
        memcpy(topic->cluster_id, id, len + 1);
    }
    rd_kafka_mem_free(admin->client, id);
    return fits || err_set(err, ERR_OPERATOR, "Kafka: the cluster id is %zu bytes long", len);
}

/* A partition without a leader is counted all the same: it exists. */
static bool read_shape(struct kafka_admin *admin, const char *name, struct kafka_topic *topic,
                       struct err *err) {
    rd_kafka_topic_t *handle = rd_kafka_topic_new(admin->client, name, NULL);
    CHECK(handle != NULL);
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(admin->client, 0, handle, &metadata, admin->timeout_ms);
    rd_kafka_topic_destroy(handle);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka_error_set(err, code, "Kafka metadata");
    }
    const struct rd_kafka_metadata_topic *found = metadata->topics;
    code = metadata->topic_cnt == 1 ? found->err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
        topic->partitions = found->partition_cnt;
        topic->replication = found->partition_cnt > 0 ? found->partitions[0].replica_cnt : 0;
        code = RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    rd_kafka_metadata_destroy(metadata);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           kafka_error_set(err, code, "Kafka metadata");
}

static void keep_config(struct kafka_topic *topic, const char *name, const char *value) {
    if (value == NULL) {
        return;
    }
    if (strcmp(name, "message.timestamp.type") == 0) {
        topic->log_append_time = strcmp(value, "LogAppendTime") == 0;
    } else if (strcmp(name, "cleanup.policy") == 0) {
        topic->compact = strstr(value, "compact") != NULL;
    } else if (strcmp(name, "retention.ms") == 0) {
        topic->retention_ms = strtoll(value, NULL, 10);
    } else if (strcmp(name, "max.message.bytes") == 0) {
        topic->max_message_bytes = strtoll(value, NULL, 10);
    }
}

static rd_kafka_resp_err_t keep_configs(rd_kafka_event_t *event, struct kafka_topic *topic) {
    size_t count;
    const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(event);
    const rd_kafka_ConfigResource_t **resources =
        rd_kafka_DescribeConfigs_result_resources(result, &count);
    CHECK(count == 1);
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resources[0], &count);
    for (size_t i = 0; i < count; i++) {
        keep_config(topic, rd_kafka_ConfigEntry_name(entries[i]),
                    rd_kafka_ConfigEntry_value(entries[i]));
    }
    return rd_kafka_ConfigResource_error(resources[0]);
}

/* Reading configurations is a right of its own: without it the caller learns less, not nothing. */
static bool read_config(struct kafka_admin *admin, const char *name, struct kafka_topic *topic,
                        struct err *err) {
    rd_kafka_AdminOptions_t *options =
        kafka_admin_options(admin, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_ConfigResource_t *resource =
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    rd_kafka_DescribeConfigs(admin->client, &resource, 1, options, admin->queue);
    rd_kafka_event_t *event = kafka_admin_answer(admin, "Kafka topic configuration", err);
    rd_kafka_ConfigResource_destroy(resource);
    rd_kafka_AdminOptions_destroy(options);
    if (event == NULL) {
        return false;
    }
    rd_kafka_resp_err_t code = keep_configs(event, topic);
    rd_kafka_event_destroy(event);
    topic->has_config = code == RD_KAFKA_RESP_ERR_NO_ERROR;
    return topic->has_config || code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           kafka_error_set(err, code, "Kafka topic configuration");
}

bool kafka_topic_read(struct kafka_admin *admin, const char *name, struct kafka_topic *topic,
                      struct err *err) {
    *topic = (struct kafka_topic){.retention_ms = -1};
    bool ok = read_cluster_id(admin, topic, err) && read_shape(admin, name, topic, err) &&
              (topic->partitions == 0 || read_config(admin, name, topic, err));
    return ok || err_context(err, "topic %s", name);
}

bool kafka_topic_describe(const struct kafka_settings *settings, const char *name, int timeout_ms,
                          struct kafka_topic *topic, struct err *err) {
    struct kafka_admin admin;
    if (!kafka_admin_init(&admin, settings, timeout_ms, err)) {
        return false;
    }
    bool ok = kafka_topic_read(&admin, name, topic, err);
    kafka_admin_close(&admin);
    return ok;
}
