#include "producer/publisher.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/kafka_bytes.h"
#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf.h"
#include "common/rt/clock.h"
#include "common/rt/stop.h"

#define QUEUE_FULL_WAIT_MS 50
#define NEW_TOPIC_MS 1000
#define ASK_AGAIN_MS 50
#define REACH_SLICE_MS 250 /* how late a stop signal is heard */

struct publisher {
    struct kconf_watch watch; /* first: it is the client's opaque */
    rd_kafka_t *client;
    rd_kafka_topic_t *topic;
    uint16_t partitions;
    int timeout_ms;
    publisher_report *report;
    void *context;
};

static void read_delivery(const rd_kafka_message_t *message, struct delivery *delivery) {
    delivery->offset = message->offset >= 0 ? message->offset : -1;
    delivery->err = (struct err)ERR_INIT;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        delivery->state = DELIVERY_ACCEPTED;
        return;
    }
    bool certain = rd_kafka_message_status(message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
    delivery->state = certain ? DELIVERY_FAILED : DELIVERY_UNKNOWN;
    kafka_error_set(&delivery->err, message->err, rd_kafka_topic_name(message->rkt));
    if (!certain) {
        delivery->err.kind = ERR_UNKNOWN;
    }
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    struct publisher *publisher = opaque;
    struct delivery delivery;
    read_delivery(message, &delivery);
    publisher->report(publisher->context, message->_private, &delivery);
}

static bool make_client(struct publisher *publisher, const struct publisher_options *options,
                        struct err *err) {
    char linger[12];
    snprintf(linger, sizeof linger, "%d", options->linger_ms);
    const struct kconf_property defaults[] = {{"linger.ms", linger},
                                              {"compression.type", "lz4"},
                                              {"queue.buffering.max.kbytes", "65536"},
                                              {NULL, NULL}};
    rd_kafka_conf_t *conf =
        kconf_new(options->kafka, KCONF_PRODUCER, defaults, &publisher->watch, err);
    if (conf == NULL) {
        return false;
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    if (!kconf_set_int(conf, "message.timeout.ms", options->timeout_ms, err)) {
        rd_kafka_conf_destroy(conf);
        return false;
    }
    publisher->client = kconf_client(conf, RD_KAFKA_PRODUCER, err);
    return publisher->client != NULL;
}

/* Waits for a first broker. librdkafka's questions cannot be interrupted, so it is asked in slices,
 * and for what it fetches by itself. */
static bool reach_broker(struct publisher *publisher, const char *brokers, struct err *err) {
    int64_t end_ms = clock_monotonic_ms() + publisher->timeout_ms;
    char *cluster = rd_kafka_clusterid(publisher->client, REACH_SLICE_MS);
    while (cluster == NULL && clock_monotonic_ms() < end_ms && !stop_requested()) {
        publisher_poll(publisher, ASK_AGAIN_MS); /* errors are reported here only */
        cluster = rd_kafka_clusterid(publisher->client, REACH_SLICE_MS);
    }
    bool is_there = cluster != NULL;
    if (is_there) {
        rd_kafka_mem_free(publisher->client, cluster);
    } else if (stop_requested()) {
        err_set(err, ERR_INTERRUPTED, "interrupted while no broker answered; nothing was sent");
    } else {
        int last = atomic_load(&publisher->watch.last_error);
        char what[256];
        snprintf(what, sizeof what, "no broker of %s answered within %d s; nothing was sent",
                 brokers != NULL ? brokers : "the configuration", publisher->timeout_ms / 1000);
        kafka_error_set(err, last != 0 ? (rd_kafka_resp_err_t)last : RD_KAFKA_RESP_ERR__TIMED_OUT,
                        what);
    }
    return is_there;
}

static bool read_partitions(const struct rd_kafka_metadata *metadata, const char *topic,
                            uint16_t *partitions, struct err *err) {
    const struct rd_kafka_metadata_topic *found = metadata->topics;
    *partitions = 0;
    if (metadata->topic_cnt != 1 || found->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        return true;
    }
    if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka_error_set(err, found->err, topic);
    }
    if (found->partition_cnt > UINT16_MAX) {
        return err_set(err, ERR_OPERATOR, "topic %s has %d partitions, more than %d", topic,
                       found->partition_cnt, UINT16_MAX);
    }
    *partitions = (uint16_t)found->partition_cnt;
    return true;
}

/* One question; *partitions is 0 where there is no such topic. */
static bool ask_once(struct publisher *publisher, rd_kafka_topic_t *topic, uint16_t *partitions,
                     struct err *err) {
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(publisher->client, 0, topic, &metadata, publisher->timeout_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        int last = atomic_load(&publisher->watch.last_error);
        return kafka_error_set(err, last != 0 ? (rd_kafka_resp_err_t)last : code,
                               "no broker told about the topics");
    }
    bool good = read_partitions(metadata, rd_kafka_topic_name(topic), partitions, err);
    rd_kafka_metadata_destroy(metadata);
    return good;
}

/* A topic that was made a moment ago is not known to every broker yet. */
static bool ask_partitions(struct publisher *publisher, rd_kafka_topic_t *topic,
                           uint16_t *partitions, struct err *err) {
    int64_t end_ms = clock_monotonic_ms() + NEW_TOPIC_MS;
    bool good = ask_once(publisher, topic, partitions, err);
    while (good && *partitions == 0 && clock_monotonic_ms() < end_ms && !stop_requested()) {
        clock_sleep_ms(ASK_AGAIN_MS);
        good = ask_once(publisher, topic, partitions, err);
    }
    if (good && *partitions == 0) {
        return err_set(err, ERR_OPERATOR,
                       "topic %s does not exist on this cluster: run tellerd init, or see --prefix",
                       rd_kafka_topic_name(topic));
    }
    return good;
}

bool publisher_count_partitions(struct publisher *publisher, const char *name, uint16_t *partitions,
                                struct err *err) {
    rd_kafka_topic_t *topic = rd_kafka_topic_new(publisher->client, name, NULL);
    if (topic == NULL) {
        return kafka_error_set(err, rd_kafka_last_error(), name);
    }
    bool good = ask_partitions(publisher, topic, partitions, err);
    rd_kafka_topic_destroy(topic);
    return good;
}

struct publisher *publisher_open(const struct publisher_options *options, struct err *err) {
    struct publisher *publisher = calloc(1, sizeof *publisher);
    CHECK(publisher != NULL);
    publisher->report = options->report;
    publisher->context = options->context;
    publisher->timeout_ms = options->timeout_ms;
    if (!make_client(publisher, options, err)) {
        goto cleanup;
    }
    publisher->topic = rd_kafka_topic_new(publisher->client, options->topic, NULL);
    if (publisher->topic == NULL) {
        kafka_error_set(err, rd_kafka_last_error(), options->topic);
        goto cleanup;
    }
    if (reach_broker(publisher, options->kafka->brokers, err) &&
        ask_partitions(publisher, publisher->topic, &publisher->partitions, err)) {
        return publisher;
    }
cleanup:
    publisher_close(publisher);
    return NULL;
}

/* The reports of what is dropped go nowhere: nobody waits for them any more. */
static void ignore_report(void *context, void *token, const struct delivery *delivery) {
    (void)context;
    (void)token;
    (void)delivery;
}

void publisher_close(struct publisher *publisher) {
    if (publisher == NULL) {
        return;
    }
    publisher->report = ignore_report;
    if (publisher->client != NULL) {
        rd_kafka_purge(publisher->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_poll(publisher->client, 0);
    }
    if (publisher->topic != NULL) {
        rd_kafka_topic_destroy(publisher->topic);
    }
    if (publisher->client != NULL) {
        rd_kafka_destroy(publisher->client);
    }
    free(publisher);
}

uint16_t publisher_partitions(const struct publisher *publisher) {
    return publisher->partitions;
}

static rd_kafka_headers_t *make_headers(const struct publisher_headers *from) {
    char id[UUID_TEXT_LEN + 1];
    uuid_format(from->id, id);
    rd_kafka_headers_t *headers = rd_kafka_headers_new(5);
    CHECK(headers != NULL);
    rd_kafka_header_add(headers, "ce_specversion", 14, "1.0", 3);
    rd_kafka_header_add(headers, "ce_id", 5, id, UUID_TEXT_LEN);
    rd_kafka_header_add(headers, "ce_type", 7, from->type, -1);
    rd_kafka_header_add(headers, "ce_source", 9, from->source, -1);
    rd_kafka_header_add(headers, "content-type", 12, "application/json", 16);
    return headers;
}

static rd_kafka_resp_err_t produce(struct publisher *publisher, void *token, uint16_t lane,
                                   struct slice key, struct slice value,
                                   rd_kafka_headers_t *headers) {
    rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = publisher->topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = lane},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = token},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
        {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {.ptr = kafka_bytes(key), .size = key.len}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {.ptr = kafka_bytes(value), .size = value.len}},
    };
    rd_kafka_error_t *error =
        rd_kafka_produceva(publisher->client, parts, sizeof parts / sizeof *parts);
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    return code;
}

bool publisher_send(struct publisher *publisher, void *token, uint16_t lane, struct slice key,
                    struct slice value, const struct publisher_headers *headers, struct err *err) {
    CHECK(lane < publisher->partitions);
    rd_kafka_headers_t *made = headers->id != NULL ? make_headers(headers) : NULL;
    rd_kafka_resp_err_t code = produce(publisher, token, lane, key, value, made);
    while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        publisher_poll(publisher, QUEUE_FULL_WAIT_MS);
        code = produce(publisher, token, lane, key, value, made);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return true;
    }
    if (made != NULL) {
        rd_kafka_headers_destroy(made);
    }
    return kafka_error_set(err, code, rd_kafka_topic_name(publisher->topic));
}

int publisher_poll(struct publisher *publisher, int timeout_ms) {
    return rd_kafka_poll(publisher->client, timeout_ms);
}
