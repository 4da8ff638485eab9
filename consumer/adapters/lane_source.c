#include "consumer/adapters/lane_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf.h"
#include "consumer/adapters/lane_source_events.h"

enum { POLL_CHUNK = 512, NUDGE_FROM = 4096, NUDGE_WAIT_MS = 1 };

enum place_state {
    PLACE_NONE,    /* not read */
    PLACE_READING, /* records are given out */
    PLACE_HALTED,  /* assigned, but an error made a hole: nothing is given out until added again */
};

struct place {
    enum place_state state;
    bool heard;          /* a fetch was answered */
    int64_t next_offset; /* records below are never given out */
    struct lane_source_slot slot;
};

struct lane_source {
    struct kconf_watch watch; /* first: the client's opaque */
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    const char *topic;
    uint16_t partitions;
    size_t deepest;               /* most records queued since the last nudge */
    uint64_t errors_seen;         /* of watch.errors */
    struct lane_source_slot slot; /* what is not about one lane */
    int slots_full;
    struct place places[]; /* by lane */
};

/* librdkafka wants a response to have room for its message.max.bytes. */
#define RESPONSE_LEAST 1000000

/* Measured with librdkafka 2.0.2 and commands of 200 bytes with five headers: a record that waits
 * costs about six times its payload. A response is decoded whole, however full the queue is, so
 * responses are kept small against the budget. */
static bool set_memory(rd_kafka_conf_t *conf, size_t memory_bytes, struct err *err) {
    int64_t payload_kib = (int64_t)(memory_bytes / 6 / 1024);
    int64_t response = (int64_t)memory_bytes / 32;
    if (response < RESPONSE_LEAST) {
        response = RESPONSE_LEAST;
    }
    int64_t per_lane = response / 8 < 65536 ? 65536 : response / 8;
    return kconf_set_int(conf, "queued.min.messages", 1000000, err) &&
           kconf_set_int(conf, "queued.max.messages.kbytes", payload_kib, err) &&
           kconf_set_int(conf, "max.partition.fetch.bytes", per_lane, err) &&
           kconf_set_int(conf, "fetch.max.bytes", response, err);
}

static const struct kconf_property own_defaults[] = {
    {"fetch.wait.max.ms", "500"},
    {"fetch.error.backoff.ms", "100"}, /* 500 by default: a leader that moved is soon back */
    {NULL, NULL},
};

static rd_kafka_t *make_client(struct lane_source *source,
                               const struct lane_source_options *options, struct err *err) {
    rd_kafka_conf_t *conf =
        kconf_new(options->kafka, KCONF_CONSUMER, own_defaults, &source->watch, err);
    if (conf == NULL) {
        return NULL;
    }
    /* Without the word that a lane is at its end, an idle one looks like a dead broker. */
    if (!kconf_set(conf, "group.id", options->group_id, err) ||
        !kconf_set(conf, "enable.partition.eof", "true", err) ||
        !set_memory(conf, options->memory_bytes, err)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    return kconf_client(conf, RD_KAFKA_CONSUMER, err);
}

struct lane_source *lane_source_new(const struct lane_source_options *options, struct err *err) {
    CHECK(options->memory_bytes >= 8 << 20);
    size_t size = sizeof(struct lane_source) + options->partitions * sizeof(struct place);
    struct lane_source *source = calloc(1, size);
    CHECK(source != NULL);
    source->topic = options->topic;
    source->partitions = options->partitions;
    source->client = make_client(source, options, err);
    if (source->client == NULL) {
        free(source);
        return NULL;
    }
    rd_kafka_poll_set_consumer(source->client); /* errors come out of the same queue */
    source->queue = rd_kafka_queue_get_consumer(source->client);
    return source;
}

void lane_source_free(struct lane_source *source) {
    if (source == NULL) {
        return;
    }
    rd_kafka_queue_destroy(source->queue);
    rd_kafka_destroy_flags(source->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    free(source);
}

static struct place *place_of(struct lane_source *source, uint16_t lane) {
    CHECK(lane < source->partitions);
    return &source->places[lane];
}

static rd_kafka_topic_partition_list_t *one(const struct lane_source *source, uint16_t lane,
                                            int64_t offset) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, source->topic, lane)->offset = offset;
    return list;
}

bool lane_source_add(struct lane_source *source, uint16_t lane, int64_t offset, struct err *err) {
    struct place *place = place_of(source, lane);
    CHECK(place->state == PLACE_NONE && offset >= 0);
    rd_kafka_topic_partition_list_t *list = one(source, lane, offset);
    rd_kafka_error_t *error = rd_kafka_incremental_assign(source->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (error != NULL) {
        return kafka_error_take(err, error, "start reading a lane");
    }
    *place = (struct place){.state = PLACE_READING, .next_offset = offset};
    return true;
}

/* librdkafka bumps the partition's version before unassign returns, and drops whatever carries an
 * older one when it is taken from the queue. */
void lane_source_remove(struct lane_source *source, uint16_t lane) {
    struct place *place = place_of(source, lane);
    if (place->state == PLACE_NONE) {
        return;
    }
    source->slots_full -= place->slot.full ? 1 : 0;
    *place = (struct place){.state = PLACE_NONE};
    rd_kafka_topic_partition_list_t *list = one(source, lane, RD_KAFKA_OFFSET_INVALID);
    rd_kafka_error_t *error = rd_kafka_incremental_unassign(source->client, list);
    rd_kafka_topic_partition_list_destroy(list);
    /* Fails only for a lane that is not assigned, or in a client that is dead and reads nothing. */
    rd_kafka_error_destroy(error);
}

static struct slice header(const rd_kafka_headers_t *headers, const char *name) {
    const void *value;
    size_t len;
    if (rd_kafka_header_get_last(headers, name, &value, &len) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return (struct slice){.at = NULL};
    }
    return (struct slice){.at = value, .len = len};
}

static void to_record(rd_kafka_message_t *message, struct record *record) {
    rd_kafka_timestamp_type_t type;
    *record = (struct record){.offset = message->offset,
                              .timestamp_ms = rd_kafka_message_timestamp(message, &type),
                              .key = {.at = message->key, .len = message->key_len},
                              .value = {.at = message->payload, .len = message->len}};
    record->log_append_time = type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME;
    rd_kafka_headers_t *headers;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        record->leg = header(headers, RECORD_HEADER_LEG);
        record->source = header(headers, RECORD_HEADER_SOURCE);
        record->traceparent = header(headers, RECORD_HEADER_TRACEPARENT);
    }
}

static void note(struct lane_source *source, struct lane_source_slot *slot, int code, uint16_t lane,
                 const char *text) {
    bool was_empty = lane_source_event_note(slot, code, lane, text);
    source->slots_full += was_empty ? 1 : 0;
}

/* An error inside a lane's stream. Behind a batch with a wrong checksum librdkafka reads on at some
 * place of the response: giving out what it finds there could pass over records in silence. */
static void take_error(struct lane_source *source, const rd_kafka_message_t *message) {
    const char *text = rd_kafka_message_errstr(message);
    bool has_lane =
        message->rkt != NULL && message->partition >= 0 && message->partition < source->partitions;
    if (!has_lane) {
        note(source, &source->slot, message->err, LANE_SOURCE_NO_LANE, text);
        return;
    }
    struct place *place = &source->places[message->partition];
    if (place->state == PLACE_NONE) {
        return;
    }
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        place->heard = true;
        return;
    }
    note(source, &place->slot, message->err, (uint16_t)message->partition, text);
    if (lane_source_event_leaves_a_hole(lane_source_event_kind_of(message->err))) {
        place->state = PLACE_HALTED;
    }
}

/* True when the message became a record; otherwise it is destroyed. */
static bool take(struct lane_source *source, rd_kafka_message_t *message,
                 struct lane_source_record *out) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        take_error(source, message);
        rd_kafka_message_destroy(message);
        return false;
    }
    CHECK(message->partition >= 0);
    struct place *place = place_of(source, (uint16_t)message->partition);
    if (place->state != PLACE_READING || message->offset < place->next_offset) {
        rd_kafka_message_destroy(message);
        return false;
    }
    place->next_offset = message->offset + 1;
    place->heard = true;
    out->lane = (uint16_t)message->partition;
    out->handle = message;
    to_record(message, &out->record);
    return true;
}

/* One call of librdkafka, which waits until `max` messages are there: so the first call asks for
 * one, and the others do not wait. */
static size_t fetch(struct lane_source *source, struct lane_source_record *records, size_t max,
                    int timeout_ms, bool *is_empty) {
    rd_kafka_message_t *messages[POLL_CHUNK];
    size_t want = max < POLL_CHUNK ? max : POLL_CHUNK;
    ssize_t got = rd_kafka_consume_batch_queue(source->queue, timeout_ms, messages, want);
    *is_empty = got < (ssize_t)want;
    size_t count = 0;
    for (ssize_t i = 0; i < got; i++) {
        count += take(source, messages[i], &records[count]) ? 1 : 0;
    }
    return count;
}

/* What the error callback counted meanwhile: connections, credentials, a dead client. */
static void note_client_errors(struct lane_source *source) {
    uint64_t errors = atomic_load(&source->watch.errors);
    if (errors == source->errors_seen) {
        return;
    }
    source->errors_seen = errors;
    int code = atomic_load(&source->watch.last_error);
    char text[256];
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(source->client, text, sizeof text);
    if (fatal != RD_KAFKA_RESP_ERR_NO_ERROR) {
        note(source, &source->slot, RD_KAFKA_RESP_ERR__FATAL, LANE_SOURCE_NO_LANE, text);
    } else {
        note(source, &source->slot, code, LANE_SOURCE_NO_LANE,
             rd_kafka_err2str((rd_kafka_resp_err_t)code));
    }
}

/* librdkafka looks again after a full queue only when its broker thread wakes up, which takes up to
 * a second (before 2.2 there is no setting for it): measured, that divides the rate of a drain by
 * six. So half-way down it is woken by the cheapest request that touches no position: one
 * ListOffsets per leader, whose answer nobody waits for. */
static void nudge(struct lane_source *source) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(source->partitions);
    for (uint16_t lane = 0; lane < source->partitions; lane++) {
        if (source->places[lane].state == PLACE_READING) {
            rd_kafka_topic_partition_list_add(list, source->topic, lane)->offset =
                RD_KAFKA_OFFSET_END;
        }
    }
    if (list->cnt > 0) {
        rd_kafka_offsets_for_times(source->client, list, NUDGE_WAIT_MS);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

static void keep_fetching(struct lane_source *source) {
    size_t queued = rd_kafka_queue_length(source->queue);
    if (queued > source->deepest) {
        source->deepest = queued;
    } else if (source->deepest >= NUDGE_FROM && queued < source->deepest / 2) {
        source->deepest = queued;
        nudge(source);
    }
}

size_t lane_source_poll(struct lane_source *source, struct lane_source_record *records, size_t max,
                        int timeout_ms) {
    CHECK(max > 0);
    bool is_empty = false;
    size_t count = fetch(source, records, 1, timeout_ms, &is_empty);
    while (!is_empty && count < max) {
        count += fetch(source, records + count, max - count, 0, &is_empty);
    }
    keep_fetching(source);
    note_client_errors(source);
    return count;
}

void lane_source_wake(struct lane_source *source) {
    rd_kafka_queue_yield(source->queue);
}

void lane_source_release(struct lane_source_record *records, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (records[i].handle != NULL) {
            rd_kafka_message_destroy(records[i].handle);
            records[i].handle = NULL;
        }
    }
}

bool lane_source_event(struct lane_source *source, struct lane_source_event *event) {
    if (source->slots_full == 0) {
        return false;
    }
    struct lane_source_slot *slot = &source->slot;
    for (uint16_t lane = 0; !slot->full; lane++) {
        slot = &place_of(source, lane)->slot;
    }
    *event = slot->event;
    slot->full = false;
    source->slots_full--;
    return true;
}

bool lane_source_heard(const struct lane_source *source, uint16_t lane) {
    CHECK(lane < source->partitions);
    return source->places[lane].heard;
}

bool lane_source_watermarks(struct lane_source *source, uint16_t lane, int timeout_ms, int64_t *low,
                            int64_t *high, struct err *err) {
    rd_kafka_resp_err_t code = rd_kafka_query_watermark_offsets(source->client, source->topic, lane,
                                                                low, high, timeout_ms);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || kafka_error_set(err, code, "ask for a lane's log");
}
