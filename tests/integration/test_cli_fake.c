#include "tests/integration/test_cli_fake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/command_json.h"
#include "common/partition.h"
#include "common/result.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"
#include "tests/harness/topics.h"

#define POLL_MS 50
#define PROGRAM_TIMEOUT_MS 60000
#define WORDS_MAX 32

struct fake {
    struct kafka_fixture topics;
    struct sender results;
    rd_kafka_t *client;
    pthread_t thread;
    atomic_bool is_over;
    struct result held[FAKE_BACKWARDS]; /* of backwards-* */
    int held_count;
};

static void answer(struct fake *fake, const struct result *result) {
    struct strbuf json = STRBUF_INIT;
    result_encode(result, &json);
    struct parcel parcel = {
        .key = {(const uint8_t *)result->entity.text, result->entity.len},
        .value = {(const uint8_t *)json.text, json.len},
        .partition = partition_of(result->entity.text, result->entity.len, FAKE_PARTITIONS),
    };
    sender_put(&fake->results, &parcel);
    strbuf_close(&json);
}

static void answer_as(struct fake *fake, struct result *result, enum outcome outcome) {
    result->outcome = outcome;
    answer(fake, result);
}

static void answer_stranger(struct fake *fake, struct result *result) {
    struct result other = *result;
    other.offset += 1000;
    answer_as(fake, &other, OUTCOME_ID_CONFLICT);
    answer_as(fake, result, OUTCOME_APPLIED);
}

/* As the worker of another lane ends it: under the lane and offset of a leg, without a balance. */
static void answer_elsewhere(struct fake *fake, const struct result *result) {
    struct result other = *result;
    other.lane = (uint16_t)((result->lane + 1) % FAKE_PARTITIONS);
    other.offset += 1000;
    other.has_balance = false;
    answer_as(fake, &other, OUTCOME_APPLIED);
}

static void answer_repeated(struct fake *fake, struct result *result) {
    result->duplicate = true;
    answer_as(fake, result, OUTCOME_PENDING);
}

static void answer_backwards(struct fake *fake, const struct result *result) {
    fake->held[fake->held_count++] = *result;
    if (fake->held_count < FAKE_BACKWARDS) {
        return;
    }
    for (int i = FAKE_BACKWARDS; i > 0; i--) {
        answer_as(fake, &fake->held[i - 1], OUTCOME_APPLIED);
    }
    fake->held_count = 0;
}

static bool is_named(const struct result *result, const char *prefix) {
    return strncmp(result->entity.text, prefix, strlen(prefix)) == 0;
}

static void take(struct fake *fake, const rd_kafka_message_t *message) {
    struct arena arena;
    struct command command;
    struct refusal why;
    struct slice json = {message->payload, message->len};
    must(arena_init(&arena, COMMAND_JSON_ARENA), "memory");
    must(command_decode(json, COMMAND_JSON_RULES, &arena, &command, &why), "%s", why.detail);
    arena_close(&arena);
    struct result result = {.has_id = true,
                            .id = command.id,
                            .type = (int)command.type,
                            .entity = command.entity,
                            .has_balance = true,
                            .balance = command.amount,
                            .available = command.amount,
                            .version = 2,
                            .lane = (uint16_t)message->partition,
                            .offset = message->offset,
                            .at_ms = 1700000000000};
    if (is_named(&result, "applied-")) {
        answer_as(fake, &result, OUTCOME_APPLIED);
    } else if (is_named(&result, "rejected-")) {
        answer_as(fake, &result, OUTCOME_INSUFFICIENT_FUNDS);
    } else if (is_named(&result, "pending-")) {
        answer_as(fake, &result, OUTCOME_PENDING);
        answer_as(fake, &result, OUTCOME_APPLIED);
        answer_as(fake, &result, OUTCOME_PENDING);
    } else if (is_named(&result, "crossing-")) {
        answer_as(fake, &result, OUTCOME_PENDING);
        answer_elsewhere(fake, &result);
    } else if (is_named(&result, "overtaken-")) {
        answer_elsewhere(fake, &result);
        answer_as(fake, &result, OUTCOME_PENDING);
    } else if (is_named(&result, "usurped-")) {
        answer_elsewhere(fake, &result);
        answer_as(fake, &result, OUTCOME_ID_CONFLICT);
    } else if (is_named(&result, "repeated-")) {
        answer_repeated(fake, &result);
    } else if (is_named(&result, "stranger-")) {
        answer_stranger(fake, &result);
    } else if (is_named(&result, "backwards-")) {
        answer_backwards(fake, &result);
    }
}

static void *work(void *context) {
    struct fake *fake = context;
    while (!atomic_load(&fake->is_over)) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(fake->client, POLL_MS);
        if (message != NULL && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            take(fake, message);
        }
        if (message != NULL) {
            rd_kafka_message_destroy(message);
        }
        rd_kafka_poll(fake->results.client, 0);
    }
    return NULL;
}

static void open_reader(struct fake *fake) {
    char text[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", fake->topics.settings.brokers, text, sizeof text);
    rd_kafka_conf_set(conf, "group.id", "teller-tests-fake", text, sizeof text);
    rd_kafka_conf_set(conf, "fetch.wait.max.ms", "20", text, sizeof text);
    fake->client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
    must(fake->client != NULL, "%s", text);
    rd_kafka_poll_set_consumer(fake->client);
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(FAKE_PARTITIONS);
    for (int i = 0; i < FAKE_PARTITIONS; i++) {
        rd_kafka_topic_partition_list_add(list, fake->topics.names.commands, i)->offset = 0;
    }
    must(rd_kafka_assign(fake->client, list) == RD_KAFKA_RESP_ERR_NO_ERROR, "assign");
    rd_kafka_topic_partition_list_destroy(list);
}

struct fake *fake_open(void) {
    struct fake *fake = calloc(1, sizeof *fake);
    must(fake != NULL, "memory");
    kafka_fixture_open(&fake->topics, NULL, FAKE_PARTITIONS);
    sender_open(&fake->results, fake->topics.settings.brokers, fake->topics.names.results);
    open_reader(fake);
    must(pthread_create(&fake->thread, NULL, work, fake) == 0, "thread");
    return fake;
}

void fake_close(struct fake *fake) {
    atomic_store(&fake->is_over, true);
    pthread_join(fake->thread, NULL);
    sender_close(&fake->results);
    rd_kafka_consumer_close(fake->client);
    rd_kafka_destroy(fake->client);
    kafka_fixture_close(&fake->topics);
    free(fake);
}

const struct kafka_fixture *fake_topics(const struct fake *fake) {
    return &fake->topics;
}

void fake_teller(const struct fake *fake, struct captured *captured, const char *input,
                 const char *const *words) {
    char path[PROGRAM_PATH_MAX];
    char prefix[96];
    const char *argv[WORDS_MAX] = {path};
    const char *env[] = {prefix, "NO_COLOR=1", "TELLER_DB=", NULL};
    program_path("teller", path);
    snprintf(prefix, sizeof prefix, "TELLER_PREFIX=%s", fake->topics.prefix);
    for (int i = 0; words[i] != NULL; i++) {
        must(i + 2 < WORDS_MAX, "too many words");
        argv[i + 1] = words[i];
    }
    captured_run(captured, &(struct process_plan){.argv = argv, .env = env}, input,
                 PROGRAM_TIMEOUT_MS);
}

static void count_record(void *context, const rd_kafka_message_t *message) {
    (void)message;
    ++*(int *)context;
}

int fake_records(const struct fake *fake) {
    int count = 0;
    topic_read(fake->topics.settings.brokers, fake->topics.names.commands, count_record, &count);
    return count;
}
