/* The position of a partition is a row, written in the command's own transaction, so that nothing
 * is lost or applied twice. Partitions are dealt out by hand: no rebalance is in the figures. */
#include "tests/bench/peers/consumer.h"

#include <inttypes.h>
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rt/clock.h"
#include "tests/bench/peers/books.h"
#include "tests/bench/peers/statement.h"
#include "tests/bench/peers/troop.h"
#include "tests/harness/db.h"
#include "tests/harness/kafka_conf.h"
#include "tests/harness/must.h"

#define POLL_MS 100
#define FIRST_TIMEOUT_MS 30000

/* All in one statement: one round trip, and the row is locked no longer than it must. */
static const char apply_sql[] =
    "WITH moved AS (UPDATE account SET balance = balance + $3, version = version + 1,"
    " last_id = $1 WHERE id = $2 AND balance + $3 >= floor RETURNING balance, version),"
    " advanced AS (UPDATE position SET next_offset = $5 + 1 WHERE partition = $4)"
    " INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)"
    " SELECT $1, $2, $3, CASE WHEN version IS NULL THEN 0 ELSE $3 END, balance, version,"
    " CASE WHEN version IS NULL THEN 2 ELSE 1 END FROM (SELECT) AS one LEFT JOIN moved ON true"
    " RETURNING outcome";

struct consumer {
    struct troop_client *client;
    rd_kafka_t *kafka;
    PGconn *conn;
    int open; /* partitions that are not drained */
};

static void open_kafka(struct consumer *consumer) {
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    kafka_conf_set(conf, "bootstrap.servers", consumer->client->site->ledger.sandbox.brokers);
    kafka_conf_set(conf, "group.id", consumer->client->site->ledger.prefix);
    kafka_conf_set(conf, "enable.auto.commit", "false");
    kafka_conf_set(conf, "enable.partition.eof", "true");
    kafka_conf_set(conf, "auto.offset.reset", "error");
    kafka_conf_set(conf, "log_level", "2");
    consumer->kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
    must(consumer->kafka != NULL, "%s", text);
    rd_kafka_poll_set_consumer(consumer->kafka);
}

/* Every n-th partition, from where the last transaction left it. */
static void assign(struct consumer *consumer) {
    const struct troop_client *client = consumer->client;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(BACKLOG_PARTITIONS);
    PGresult *positions =
        db_query(consumer->conn, "SELECT next_offset FROM position ORDER BY partition");
    must(PQntuples(positions) == BACKLOG_PARTITIONS, "%d positions", PQntuples(positions));
    for (int i = client->number; i < BACKLOG_PARTITIONS; i += client->point->clients) {
        rd_kafka_topic_partition_list_add(list, client->site->ledger.commands, i)->offset =
            strtoll(PQgetvalue(positions, i, 0), NULL, 10);
    }
    PQclear(positions);
    consumer->open = list->cnt;
    must(rd_kafka_assign(consumer->kafka, list) == RD_KAFKA_RESP_ERR_NO_ERROR, "cannot assign");
    rd_kafka_topic_partition_list_destroy(list);
}

/* The next command, or NULL for the time being; the caller destroys it. */
static rd_kafka_message_t *take(struct consumer *consumer) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer->kafka, POLL_MS);
    if (message == NULL || message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return message;
    }
    must(message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF, "%s", rd_kafka_message_errstr(message));
    consumer->open--;
    rd_kafka_message_destroy(message);
    return NULL;
}

static enum protocol_answer apply(PGconn *conn, const rd_kafka_message_t *message) {
    json_t *command = json_loadb(message->payload, message->len, JSON_REJECT_DUPLICATES, NULL);
    const char *id = json_string_value(json_object_get(command, "id"));
    const char *type = json_string_value(json_object_get(command, "type"));
    const char *account = json_string_value(json_object_get(command, "account"));
    json_int_t amount = json_integer_value(json_object_get(command, "amount"));
    must(id != NULL && type != NULL && account != NULL && amount > 0, "not a command");
    must(strcmp(type, "deposit") == 0 || strcmp(type, "withdraw") == 0, "a command %s", type);
    int64_t numbers[] = {strtoll(account, NULL, 10), type[0] == 'd' ? amount : -amount,
                         message->partition, message->offset};
    PGresult *row = statement_run(conn, "apply", id, numbers, 4);
    int64_t outcome = statement_number(row, 0);
    PQclear(row);
    json_decref(command);
    return outcome == BOOKS_APPLIED ? ANSWER_DONE : ANSWER_REFUSED;
}

static void drain(struct consumer *consumer, rd_kafka_message_t *message) {
    struct reporter_log *log = &consumer->client->log;
    while (consumer->open > 0 && troop_goes_on(consumer->client)) {
        if (message != NULL) {
            int64_t taken_us = clock_monotonic_us();
            enum protocol_answer answer = apply(consumer->conn, message);
            reporter_add(log, clock_monotonic_us() - taken_us, answer, 0);
            rd_kafka_message_destroy(message);
        }
        message = take(consumer);
    }
    if (message != NULL) {
        rd_kafka_message_destroy(message);
    }
}

/* Not let go before the first records are here. */
static void consume(struct troop_client *client) {
    struct consumer consumer = {.client = client, .conn = db_open(client->site->ledger.admin)};
    statement_prepare(consumer.conn, "apply", apply_sql, 4);
    open_kafka(&consumer);
    assign(&consumer);
    rd_kafka_message_t *first = NULL;
    int64_t deadline = clock_monotonic_ms() + FIRST_TIMEOUT_MS;
    while (first == NULL && consumer.open > 0) {
        must(clock_monotonic_ms() < deadline, "no records come");
        first = take(&consumer);
    }
    troop_begin(client);
    drain(&consumer, first);
    troop_end(client);
    PQfinish(consumer.conn);
    rd_kafka_destroy(consumer.kafka);
}

void consumer_drain(struct site *site, const struct point *point, struct yield *yield) {
    must(point->clients <= BACKLOG_PARTITIONS, "more consumers than partitions");
    troop_run(site, point, consume, yield);
}
