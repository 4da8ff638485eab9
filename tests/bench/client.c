#include "tests/bench/client.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kafka/kafka_bytes.h"
#include "common/uuid.h"
#include "tests/harness/must.h"
#include "tests/harness/topics.h"

#define AT_ONCE 1000
#define NUMBER_LEN 12 /* digits at the end of an id */
#define ID_AT (sizeof "{\"v\":1,\"id\":\"" - 1)
#define METADATA_MS 10000

static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
    (void)producer;
    struct flight *flight = opaque;
    size_t number = (size_t)(uintptr_t)message->_private;
    must(message->err == RD_KAFKA_RESP_ERR_NO_ERROR, "not delivered: %s",
         rd_kafka_err2str(message->err));
    flight->lane[number] = (uint8_t)message->partition;
    flight->offset[number] = (uint32_t)message->offset;
    flight->accepted++;
    flight->accepted_at = flight_now(flight);
}

static rd_kafka_conf_t *configure(const struct ledger *ledger, int linger_ms) {
    char linger[16];
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    snprintf(linger, sizeof linger, "%d", linger_ms);
    const char *const properties[][2] = {{"bootstrap.servers", ledger->sandbox.brokers},
                                         {"enable.idempotence", "true"},
                                         {"compression.type", "lz4"},
                                         {"partitioner", "murmur2_random"},
                                         {"linger.ms", linger},
                                         {"queue.buffering.max.messages", "2000000"},
                                         {"log_level", "2"}};
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
        must(rd_kafka_conf_set(conf, properties[i][0], properties[i][1], text, sizeof text) ==
                 RD_KAFKA_CONF_OK,
             "%s", text);
    }
    return conf;
}

static void open_producer(struct client *client, const struct ledger *ledger, int linger_ms) {
    char text[256];
    rd_kafka_conf_t *conf = configure(ledger, linger_ms);
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, client->flight);
    client->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    must(client->producer != NULL, "%s", text);
    client->topic = rd_kafka_topic_new(client->producer, ledger->commands, NULL);
    must(client->topic != NULL, "cannot open topic %s", ledger->commands);
    rd_kafka_resp_err_t err =
        rd_kafka_metadata(client->producer, 0, client->topic, &metadata, METADATA_MS);
    must(err == RD_KAFKA_RESP_ERR_NO_ERROR, "%s", rd_kafka_err2str(err));
    rd_kafka_metadata_destroy(metadata);
}

void client_open(struct client *client, const struct ledger *ledger, struct flight *flight,
                 int linger_ms) {
    *client = (struct client){.flight = flight};
    client->consumer = topic_follow(ledger->sandbox.brokers, ledger->results);
    client->results = rd_kafka_queue_get_consumer(client->consumer);
    open_producer(client, ledger, linger_ms);
}

void client_close(struct client *client) {
    rd_kafka_topic_destroy(client->topic);
    rd_kafka_destroy(client->producer);
    rd_kafka_queue_destroy(client->results);
    rd_kafka_destroy(client->consumer);
}

void client_send(struct client *client, size_t number, struct workload *workload) {
    char digits[NUMBER_LEN + 1];
    struct slice json = workload_next(workload);
    const struct ident *key = &workload->command.entity;
    snprintf(digits, sizeof digits, "%012zu", number);
    memcpy(workload->json + ID_AT + UUID_TEXT_LEN - NUMBER_LEN, digits, NUMBER_LEN);
    int answer = rd_kafka_produce(client->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                                  kafka_bytes(json), json.len, key->text, key->len,
                                  (void *)(uintptr_t)number);
    must(answer == 0, "cannot send: %s", rd_kafka_err2str(rd_kafka_last_error()));
}

void client_serve(struct client *client, int timeout_ms) {
    rd_kafka_poll(client->producer, timeout_ms);
}

/* What stands behind a name in a result, which has no blanks; NULL: nothing. */
static const char *value_of(const rd_kafka_message_t *message, const char *name) {
    size_t len = strlen(name);
    const char *text = message->payload;
    for (size_t at = 0; at + len < message->len; at++) {
        if (text[at] == '"' && memcmp(text + at, name, len) == 0) {
            return text + at + len;
        }
    }
    return NULL;
}

/* By three letters: to decode JSON costs as much as to apply it. */
static void take_result(struct client *client, const rd_kafka_message_t *message) {
    const char *id = value_of(message, "\"id\":\"");
    const char *type = value_of(message, "\"type\":\"");
    const char *state = value_of(message, "\"state\":\"");
    must(id != NULL && type != NULL && state != NULL, "a result without id, type or state");
    if (*type == 'a') { /* account.open, of before */
        return;
    }
    must(*state != 'q', "a command was quarantined");
    size_t number = (size_t)strtoull(id + UUID_TEXT_LEN - NUMBER_LEN, NULL, 10);
    flight_answer(client->flight, number, *state == 'p');
}

static void take_message(struct client *client, rd_kafka_message_t *message) {
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        take_result(client, message);
    }
    rd_kafka_message_destroy(message);
}

/* A batch is waited for until it is full or the time is over: so one first, then what is there. */
void client_take(struct client *client, int timeout_ms) {
    rd_kafka_message_t *messages[AT_ONCE];
    rd_kafka_message_t *first = rd_kafka_consumer_poll(client->consumer, timeout_ms);
    if (first == NULL) {
        return;
    }
    take_message(client, first);
    ssize_t count = rd_kafka_consume_batch_queue(client->results, 0, messages, AT_ONCE);
    for (ssize_t i = 0; i < count; i++) {
        take_message(client, messages[i]);
    }
}
