#include "tests/harness/sender.h"

#include <string.h>

#include "common/kafka/kafka_bytes.h"
#include "common/record.h"
#include "tests/harness/kafka_conf.h"
#include "tests/harness/must.h"

#define QUEUE_WAIT_MS 100

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    struct sender *sender = opaque;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        sender->acked++;
    } else {
        sender->failed++;
    }
}

void sender_open(struct sender *sender, const char *brokers, const char *topic) {
    *sender = (struct sender){.client = NULL};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    kafka_conf_set(conf, "bootstrap.servers", brokers);
    kafka_conf_set(conf, "enable.idempotence", "true");
    /* A broker that comes back may refuse one request as no leader yet and take the next one: out
     * of sequence, which librdkafka 2.0.2 takes for fatal. With one at a time there is no next. */
    kafka_conf_set(conf, "max.in.flight.requests.per.connection", "1");
    kafka_conf_set(conf, "linger.ms", "2");
    kafka_conf_set(conf, "log_level", "2");
    kafka_conf_set(conf, "topic.metadata.refresh.interval.ms", "1000");
    kafka_conf_set(conf, "reconnect.backoff.max.ms", "500");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, sender);
    char text[256];
    sender->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    must(sender->client != NULL, "%s", text);
    rd_kafka_topic_conf_t *topic_conf = rd_kafka_topic_conf_new();
    must(rd_kafka_topic_conf_set(topic_conf, "partitioner", "murmur2_random", text, sizeof text) ==
             RD_KAFKA_CONF_OK,
         "%s", text);
    sender->topic = rd_kafka_topic_new(sender->client, topic, topic_conf);
    must(sender->topic != NULL, "cannot open topic %s", topic);
}

void sender_close(struct sender *sender) {
    rd_kafka_topic_destroy(sender->topic);
    rd_kafka_destroy(sender->client);
    sender->client = NULL;
}

static rd_kafka_headers_t *make_headers(const struct parcel *parcel) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    if (parcel->expect != NULL) {
        rd_kafka_header_add(headers, SENDER_EXPECT, -1, parcel->expect, -1);
    }
    if (parcel->leg.at != NULL) {
        rd_kafka_header_add(headers, RECORD_HEADER_LEG, -1, parcel->leg.at,
                            (ssize_t)parcel->leg.len);
    }
    return headers;
}

static rd_kafka_resp_err_t produce(struct sender *sender, const struct parcel *parcel,
                                   rd_kafka_headers_t *headers) {
    return rd_kafka_producev(
        sender->client, RD_KAFKA_V_RKT(sender->topic),
        RD_KAFKA_V_PARTITION(parcel->partition < 0 ? RD_KAFKA_PARTITION_UA : parcel->partition),
        RD_KAFKA_V_KEY(kafka_bytes(parcel->key), parcel->key.len),
        RD_KAFKA_V_VALUE(kafka_bytes(parcel->value), parcel->value.len),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
}

void sender_put(struct sender *sender, const struct parcel *parcel) {
    rd_kafka_headers_t *headers = make_headers(parcel);
    rd_kafka_resp_err_t err = produce(sender, parcel, headers);
    while (err == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        rd_kafka_poll(sender->client, QUEUE_WAIT_MS);
        err = produce(sender, parcel, headers);
    }
    char fatal[512] = "";
    rd_kafka_fatal_error(sender->client, fatal, sizeof fatal);
    must(err == RD_KAFKA_RESP_ERR_NO_ERROR, "cannot send: %s %s", rd_kafka_err2str(err), fatal);
    sender->sent++;
    rd_kafka_poll(sender->client, 0);
}

void sender_put_command(struct sender *sender, const char *account, const char *json) {
    sender_put(sender, &(struct parcel){
                           .key = slice_of(account), .value = slice_of(json), .partition = -1});
}

void sender_flush(struct sender *sender, int64_t timeout_ms) {
    rd_kafka_flush(sender->client, (int)timeout_ms);
    must(sender->acked == sender->sent, "of %llu records the broker has %llu, %llu failed",
         (unsigned long long)sender->sent, (unsigned long long)sender->acked,
         (unsigned long long)sender->failed);
}

struct slice slice_of(const char *text) {
    return (struct slice){(const uint8_t *)text, strlen(text)};
}
