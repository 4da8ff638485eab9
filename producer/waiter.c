#include "producer/waiter.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>

#include "common/check.h"
#include "common/kafka/kafka_error.h"
#include "common/kafka/kconf.h"
#include "common/rt/clock.h"
#include "common/rt/stop.h"

#define ASK_AGAIN_MS 50

struct waiter {
    struct kconf_watch watch; /* first: it is the client's opaque */
    rd_kafka_t *client;
};

static bool make_client(struct waiter *waiter, const struct waiter_options *options,
                        struct err *err) {
    static const struct kconf_property defaults[] = {
        {"fetch.wait.max.ms", "100"}, {"queued.max.messages.kbytes", "16384"}, {NULL, NULL}};
    rd_kafka_conf_t *conf =
        kconf_new(options->kafka, KCONF_CONSUMER, defaults, &waiter->watch, err);
    if (conf == NULL) {
        return false;
    }
    /* librdkafka wants a group name for any consumer; this one never joins it. */
    if (!kconf_set(conf, "group.id", "teller-cli", err)) {
        rd_kafka_conf_destroy(conf);
        return false;
    }
    waiter->client = kconf_client(conf, RD_KAFKA_CONSUMER, err);
    if (waiter->client == NULL) {
        return false;
    }
    rd_kafka_poll_set_consumer(waiter->client);
    return true;
}

static rd_kafka_topic_partition_list_t *list_lanes(const struct waiter_options *options) {
    bool all = options->lane == WAITER_ALL_LANES;
    int first = all ? 0 : options->lane;
    int end = all ? options->partitions : options->lane + 1;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(end - first);
    CHECK(list != NULL);
    for (int lane = first; lane < end; lane++) {
        rd_kafka_topic_partition_list_add(list, options->topic, lane);
    }
    return list;
}

/* Fills the list with the offsets behind each lane's last result. */
static rd_kafka_resp_err_t ask_ends(struct waiter *waiter, rd_kafka_topic_partition_list_t *list,
                                    int timeout_ms) {
    for (int i = 0; i < list->cnt; i++) {
        list->elems[i].offset = RD_KAFKA_OFFSET_END;
    }
    rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(waiter->client, list, timeout_ms);
    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < list->cnt; i++) {
        code = list->elems[i].err;
        CHECK(code != RD_KAFKA_RESP_ERR_NO_ERROR || list->elems[i].offset >= 0);
    }
    return code;
}

/* That the topic has these partitions was found out before: who does not know them will. */
static bool is_passing(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION ||
           code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
           code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           kafka_error_kind(code) == ERR_UNREACHABLE;
}

/* Asks for the ends now: a logical END would be looked up by the first fetch, after the send. A
 * lane whose leader moves, or is new, is asked again. */
static bool find_ends(struct waiter *waiter, rd_kafka_topic_partition_list_t *list, int timeout_ms,
                      struct err *err) {
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    rd_kafka_resp_err_t code = ask_ends(waiter, list, timeout_ms);
    while (code != RD_KAFKA_RESP_ERR_NO_ERROR && is_passing(code) &&
           clock_monotonic_ms() + ASK_AGAIN_MS < end_ms && !stop_requested()) {
        clock_sleep_ms(ASK_AGAIN_MS);
        int64_t left_ms = end_ms - clock_monotonic_ms();
        code = ask_ends(waiter, list, left_ms > 0 ? (int)left_ms : 1);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        code = rd_kafka_assign(waiter->client, list);
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR || kafka_error_set(err, code, list->elems[0].topic);
}

struct waiter *waiter_open(const struct waiter_options *options, struct err *err) {
    CHECK(options->lane < options->partitions);
    struct waiter *waiter = calloc(1, sizeof *waiter);
    CHECK(waiter != NULL);
    bool good = make_client(waiter, options, err);
    if (good) {
        rd_kafka_topic_partition_list_t *list = list_lanes(options);
        good = find_ends(waiter, list, options->timeout_ms, err);
        rd_kafka_topic_partition_list_destroy(list);
    }
    if (!good) {
        waiter_close(waiter);
        return NULL;
    }
    return waiter;
}

void waiter_close(struct waiter *waiter) {
    if (waiter == NULL) {
        return;
    }
    if (waiter->client != NULL) {
        rd_kafka_consumer_close(waiter->client);
        rd_kafka_destroy(waiter->client);
    }
    free(waiter);
}

static enum waiter_answer read_error(const rd_kafka_message_t *message, struct err *err) {
    enum err_kind kind = kafka_error_kind(message->err);
    if (kind == ERR_UNREACHABLE || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        return WAITER_NOTHING;
    }
    kafka_error_set(err, message->err, "reading results");
    return WAITER_FAILED;
}

/* A result that this version cannot read is somebody else's or a newer worker's: passed over. */
static enum waiter_answer read_message(const rd_kafka_message_t *message, struct result *result,
                                       struct err *err) {
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return read_error(message, err);
    }
    struct slice json = {message->payload, message->len};
    struct err unread = ERR_INIT;
    return result_decode(json, result, &unread) ? WAITER_RESULT : WAITER_NOTHING;
}

enum waiter_answer waiter_poll(struct waiter *waiter, int timeout_ms, struct result *result,
                               struct err *err) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(waiter->client, timeout_ms);
    if (message == NULL) {
        return WAITER_NOTHING;
    }
    enum waiter_answer answer = read_message(message, result, err);
    rd_kafka_message_destroy(message);
    return answer;
}
