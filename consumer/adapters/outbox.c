#include "consumer/adapters/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/kafka_bytes.h"
#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf.h"
#include "common/rt/clock.h"
#include "consumer/adapters/outbox_ledger.h"

enum { TOPICS = 3, QUEUE_SLACK = 100000, GIVE_UP_MS = 5000, WARM_RETRY_MS = 20, HURRY_MS = 1 };

struct outbox {
    struct kconf_watch watch; /* first: the client's opaque */
    rd_kafka_t *client;
    rd_kafka_queue_t *reports;        /* of deliveries: what outbox_poll waits at */
    rd_kafka_topic_t *topics[TOPICS]; /* by enum outbox_topic */
    struct topic_names names;
    uint16_t lanes;
    uint32_t lane_cap;
    atomic_bool hurried; /* outbox_poll is to flush */
    atomic_uint_fast64_t refused;
    atomic_int last_refusal;
    atomic_uint_fast64_t failed;
    struct outbox_ledger ledgers[]; /* by lane */
};

/* Only what is wrong with the record itself. Everything else (rights, a missing topic, a lost
 * connection) may pass, and the output is still owed. */
static bool is_refusal(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
           code == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE ||
           code == RD_KAFKA_RESP_ERR_INVALID_RECORD || code == RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP;
}

/* A leg is money on its way: it is owed for ever. */
static void settle(struct outbox *outbox, struct outbox_group *group, rd_kafka_resp_err_t code,
                   bool is_leg) {
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        outbox_group_settle(group);
    } else if (is_refusal(code) && !is_leg) {
        atomic_store(&outbox->last_refusal, (int)code);
        atomic_fetch_add(&outbox->refused, 1);
        outbox_group_settle(group);
    } else {
        atomic_fetch_add(&outbox->failed, 1);
        outbox_group_fail(group, (int)code);
    }
}

/* On the polling thread. */
static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    struct outbox *outbox = opaque;
    bool is_leg = message->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
                  strcmp(rd_kafka_topic_name(message->rkt), outbox->names.commands) == 0;
    settle(outbox, message->_private, message->err, is_leg);
}

static const struct kconf_property own_defaults[] = {
    /* What a commit hands over is to go out whole: librdkafka 2.0.2 sends nothing more of a
     * partition while five of its messages are unacknowledged, and its thread turns in circles
     * while more wait (measured: a seventh of the worker's CPU). outbox_hurry ends the waiting.
     * topics.c sees to it that the broker takes such batches. */
    {"linger.ms", "5"},
    {"batch.size", "1000000"},
    {"compression.codec", "lz4"},
    {"retry.backoff.ms", "50"},
    {NULL, NULL},
};

/* An output waits for as long as it takes: only its tenure may end it. */
static bool set_own(rd_kafka_conf_t *conf, const struct outbox_options *options, struct err *err) {
    int64_t most = (int64_t)options->lanes * options->lane_cap + QUEUE_SLACK;
    return kconf_set(conf, "message.timeout.ms", "0", err) &&
           kconf_set_int(conf, "queue.buffering.max.messages", most, err) &&
           kconf_set(conf, "queue.buffering.max.kbytes", "1048576", err);
}

static rd_kafka_t *make_client(struct outbox *outbox, const struct outbox_options *options,
                               struct err *err) {
    rd_kafka_conf_t *conf =
        kconf_new(options->kafka, KCONF_PRODUCER, own_defaults, &outbox->watch, err);
    if (conf == NULL) {
        return NULL;
    }
    if (!set_own(conf, options, err)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    return kconf_client(conf, RD_KAFKA_PRODUCER, err);
}

struct outbox *outbox_new(const struct outbox_options *options, struct err *err) {
    CHECK(options->lanes > 0 && options->lane_cap > 0);
    struct outbox *outbox =
        calloc(1, sizeof *outbox + options->lanes * sizeof(struct outbox_ledger));
    CHECK(outbox != NULL);
    outbox->names = *options->topics;
    outbox->lanes = options->lanes;
    outbox->lane_cap = options->lane_cap;
    outbox->client = make_client(outbox, options, err);
    if (outbox->client == NULL) {
        free(outbox);
        return NULL;
    }
    outbox->reports = rd_kafka_queue_get_main(outbox->client);
    const char *const names[TOPICS] = {
        [OUTBOX_RESULTS] = outbox->names.results,
        [OUTBOX_DEAD_LETTERS] = outbox->names.dead_letters,
        [OUTBOX_COMMANDS] = outbox->names.commands,
    };
    for (int i = 0; i < TOPICS; i++) {
        outbox->topics[i] = rd_kafka_topic_new(outbox->client, names[i], NULL);
        CHECK(outbox->topics[i] != NULL);
    }
    return outbox;
}

/* Every report must have been served before the groups go: they point to them. */
static void give_up(struct outbox *outbox) {
    rd_kafka_purge(outbox->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    int64_t deadline_ms = clock_monotonic_ms() + GIVE_UP_MS;
    while (rd_kafka_outq_len(outbox->client) > 0 && clock_monotonic_ms() < deadline_ms) {
        rd_kafka_poll(outbox->client, 10);
    }
}

void outbox_free(struct outbox *outbox) {
    if (outbox == NULL) {
        return;
    }
    give_up(outbox);
    for (int i = 0; i < TOPICS; i++) {
        rd_kafka_topic_destroy(outbox->topics[i]);
    }
    rd_kafka_queue_destroy(outbox->reports);
    rd_kafka_destroy(outbox->client);
    for (uint16_t lane = 0; lane < outbox->lanes; lane++) {
        outbox_ledger_close(&outbox->ledgers[lane]);
    }
    free(outbox);
}

/* Connects to the leaders of one topic by asking each for something small. */
static bool warm_topic(struct outbox *outbox, rd_kafka_topic_t *topic, int timeout_ms) {
    const struct rd_kafka_metadata *metadata;
    if (rd_kafka_metadata(outbox->client, 0, topic, &metadata, timeout_ms) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
        return false;
    }
    bool ok = metadata->topic_cnt == 1 && metadata->topics[0].partition_cnt > 0;
    for (int i = 0; ok && i < metadata->topics[0].partition_cnt; i++) {
        int64_t low;
        int64_t high;
        ok = rd_kafka_query_watermark_offsets(outbox->client, metadata->topics[0].topic, i, &low,
                                              &high, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    rd_kafka_metadata_destroy(metadata);
    return ok;
}

/* A new topic may have no leader yet, or not be known yet: that passes. */
bool outbox_warm(struct outbox *outbox, int timeout_ms) {
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    for (int i = 0; i < TOPICS;) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0) {
            return false;
        }
        if (warm_topic(outbox, outbox->topics[i], (int)left_ms)) {
            i++;
        } else {
            clock_sleep_ms(WARM_RETRY_MS);
        }
    }
    return true;
}

static struct outbox_ledger *ledger_of(struct outbox *outbox, uint16_t lane) {
    CHECK(lane < outbox->lanes);
    return &outbox->ledgers[lane];
}

void outbox_begin(struct outbox *outbox, uint16_t lane, int64_t published_offset) {
    outbox_ledger_begin(ledger_of(outbox, lane), published_offset);
}

static rd_kafka_headers_t *make_headers(const struct outbox_message *message) {
    CHECK(message->headers_count <= OUTBOX_HEADERS_MAX);
    rd_kafka_headers_t *headers = rd_kafka_headers_new(message->headers_count);
    for (size_t i = 0; i < message->headers_count; i++) {
        const struct outbox_header *header = &message->headers[i];
        rd_kafka_resp_err_t code =
            rd_kafka_header_add(headers, (const char *)header->name.at, (ssize_t)header->name.len,
                                header->value.at, (ssize_t)header->value.len);
        CHECK(code == RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    return headers;
}

static rd_kafka_resp_err_t produce(struct outbox *outbox, const struct outbox_message *message,
                                   struct outbox_group *group) {
    rd_kafka_headers_t *headers = make_headers(message);
    rd_kafka_vu_t parts[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = outbox->topics[message->topic]},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = message->partition},
        {.vtype = RD_KAFKA_VTYPE_KEY,
         .u.mem = {.ptr = kafka_bytes(message->key), .size = message->key.len}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {.ptr = kafka_bytes(message->value), .size = message->value.len}},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = group},
    };
    rd_kafka_error_t *error =
        rd_kafka_produceva(outbox->client, parts, sizeof parts / sizeof *parts);
    if (error == NULL) {
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    rd_kafka_headers_destroy(headers);
    return code;
}

enum outbox_send outbox_send(struct outbox *outbox, uint16_t lane,
                             const struct outbox_message *message) {
    struct outbox_ledger *ledger = ledger_of(outbox, lane);
    if (outbox_broken(outbox, lane)) {
        return OUTBOX_BROKEN;
    }
    if (outbox_ledger_pending(ledger) >= outbox->lane_cap) {
        return OUTBOX_FULL;
    }
    struct outbox_group *group = outbox_ledger_send(ledger);
    rd_kafka_resp_err_t code = produce(outbox, message, group);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return OUTBOX_SENT;
    }
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        outbox_group_settle(group);
        return OUTBOX_FULL;
    }
    settle(outbox, group, code, message->topic == OUTBOX_COMMANDS);
    return outbox_ledger_broken(ledger) != 0 ? OUTBOX_BROKEN : OUTBOX_SENT;
}

void outbox_mark(struct outbox *outbox, uint16_t lane, int64_t next_offset) {
    outbox_ledger_mark(ledger_of(outbox, lane), next_offset);
}

int64_t outbox_published(struct outbox *outbox, uint16_t lane) {
    return outbox_ledger_published(ledger_of(outbox, lane));
}

uint32_t outbox_pending(const struct outbox *outbox, uint16_t lane) {
    CHECK(lane < outbox->lanes);
    return outbox_ledger_pending(&outbox->ledgers[lane]);
}

bool outbox_broken(const struct outbox *outbox, uint16_t lane) {
    CHECK(lane < outbox->lanes);
    return outbox_ledger_broken(&outbox->ledgers[lane]) != 0 || outbox_fatal(outbox, NULL);
}

const char *outbox_failure(const struct outbox *outbox, uint16_t lane) {
    CHECK(lane < outbox->lanes);
    int code = outbox_ledger_broken(&outbox->ledgers[lane]);
    if (code != 0) {
        return rd_kafka_err2str((rd_kafka_resp_err_t)code);
    }
    return outbox_fatal(outbox, NULL) ? "the producer is dead" : "too many wait for the broker";
}

void outbox_hurry(struct outbox *outbox) {
    atomic_store(&outbox->hurried, true);
    rd_kafka_queue_yield(outbox->reports);
}

/* For as long as a flush runs, linger.ms does not count. */
int outbox_poll(struct outbox *outbox, int timeout_ms) {
    if (atomic_exchange(&outbox->hurried, false)) {
        (void)rd_kafka_flush(outbox->client, HURRY_MS);
        timeout_ms = 0;
    }
    return rd_kafka_poll(outbox->client, timeout_ms);
}

bool outbox_fatal(const struct outbox *outbox, struct err *err) {
    char text[512];
    rd_kafka_resp_err_t code = rd_kafka_fatal_error(outbox->client, text, sizeof text);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return false;
    }
    err_set(err, ERR_UNREACHABLE, "Kafka producer is dead: %s: %s", rd_kafka_err2name(code), text);
    return true;
}

void outbox_counters(const struct outbox *outbox, struct outbox_counters *out) {
    out->refused = atomic_load(&outbox->refused);
    out->failed = atomic_load(&outbox->failed);
    out->last_refusal = rd_kafka_err2str((rd_kafka_resp_err_t)atomic_load(&outbox->last_refusal));
    out->unacknowledged = (uint64_t)rd_kafka_outq_len(outbox->client);
}
