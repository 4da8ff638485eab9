/* How long one command takes on a quiet worker: open loop, Poisson arrivals, from the moment at
 * which a command was meant to be sent to its final result in a client's hand. The commit lies
 * before the result, so produce-to-applied is below these figures. First deposits, then transfers
 * between lanes, whose way from debit to credit is told too: from the `pending` result of the
 * sender's lane to the `applied` one of the receiver's, both in the client's hand, each behind its
 * commit.   usage: latency [per second, 100] [seconds, 20] */
#include <inttypes.h>
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/partition.h"
#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/commands.h"
#include "tests/harness/meter.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/topics.h"

#define ACCOUNTS 1000
#define ACCOUNT_ROOM 16
#define SEED 100
#define TAIL_MS 10000
#define WARM_UP_MS 2000
#define FLOOR INT64_C(-1000000000) /* of the accounts: no transfer is refused */
#define CREDIT_P50_MAX_MS 15

struct run {
    struct stage stage;
    struct sender sender;
    rd_kafka_t *consumer;
    struct prng prng;
    const char *type;    /* of the commands: deposit or transfer */
    double rate;         /* commands per second */
    int64_t *due_us;     /* when command i was meant to be sent */
    int64_t *pending_us; /* when its first result came; -1: it has none */
    int64_t *taken_us;   /* when its final result came; -1: it has none */
    int64_t count;
    int64_t answered;
};

/* The number of a command travels in its id, behind the time. */
static void number_id(char id[UUID_TEXT_LEN + 1], int64_t number) {
    snprintf(id + UUID_TEXT_LEN - 12, 13, "%012" PRId64, number);
}

static void name_account(char name[ACCOUNT_ROOM], int account) {
    snprintf(name, ACCOUNT_ROOM, "acc%d", account);
}

static uint16_t lane_of(const char *account) {
    return partition_of(account, strlen(account), STAGE_PARTITIONS);
}

static void draw_account(struct run *run, char name[ACCOUNT_ROOM]) {
    name_account(name, (int)prng_below(&run->prng, ACCOUNTS));
}

static void write_transfer(struct run *run, char text[COMMAND_TEXT_MAX], const char *id,
                           const char *from) {
    char to[ACCOUNT_ROOM];
    do {
        draw_account(run, to);
    } while (lane_of(to) == lane_of(from));
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"transfer\",\"account\":\"%s\",\"to\":\"%s\","
             "\"amount\":1}",
             id, from, to);
}

static bool is_transfer(const struct run *run) {
    return strcmp(run->type, "transfer") == 0;
}

static void send_command(struct run *run, int64_t number) {
    char id[UUID_TEXT_LEN + 1];
    char account[ACCOUNT_ROOM];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&run->prng, id);
    number_id(id, number);
    draw_account(run, account);
    if (is_transfer(run)) {
        write_transfer(run, text, id, account);
    } else {
        commands_amount(text, id, run->type, account, 1);
    }
    sender_put_command(&run->sender, account, text);
}

static bool is_answered(const struct run *run, int64_t number) {
    return run->taken_us[number] >= 0 && (!is_transfer(run) || run->pending_us[number] >= 0);
}

/* The two results of a transfer come from two lanes: in either order, and maybe twice. */
static void take_state(struct run *run, int64_t number, const char *state, int64_t now_us) {
    bool is_pending = strcmp(state, "pending") == 0;
    bool was_answered = is_answered(run, number);
    int64_t *first = is_pending ? &run->pending_us[number] : &run->taken_us[number];
    must(is_pending || strcmp(state, "applied") == 0, "a command is %s", state);
    *first = *first < 0 ? now_us : *first;
    run->answered += is_answered(run, number) && !was_answered;
}

static void take_result(struct run *run, const rd_kafka_message_t *message) {
    int64_t now_us = clock_monotonic_us();
    json_t *result = json_loadb(message->payload, message->len, 0, NULL);
    const char *id = json_string_value(json_object_get(result, "id"));
    const char *type = json_string_value(json_object_get(result, "type"));
    const char *state = json_string_value(json_object_get(result, "state"));
    must(id != NULL && strlen(id) == UUID_TEXT_LEN && type != NULL && state != NULL,
         "a result without id, type or state");
    if (strcmp(type, run->type) == 0) {
        int64_t number = strtoll(id + UUID_TEXT_LEN - 12, NULL, 10);
        must(number < run->count, "a result of a command that was not sent");
        take_state(run, number, state, now_us);
    }
    json_decref(result);
}

static void take_results(struct run *run, int timeout_ms) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(run->consumer, timeout_ms);
    if (message != NULL && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        take_result(run, message);
    }
    if (message != NULL) {
        rd_kafka_message_destroy(message);
    }
    rd_kafka_poll(run->sender.client, 0);
}

static int compare(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* A Poisson process with a known count: moments drawn evenly over the time, in order. */
static void plan_arrivals(struct run *run) {
    int64_t begin_us = clock_monotonic_us() + WARM_UP_MS * 1000;
    uint64_t span_us = (uint64_t)((double)run->count * 1e6 / run->rate);
    for (int64_t i = 0; i < run->count; i++) {
        run->due_us[i] = begin_us + (int64_t)prng_below(&run->prng, span_us);
        run->pending_us[i] = run->taken_us[i] = -1;
    }
    qsort(run->due_us, (size_t)run->count, sizeof *run->due_us, compare);
}

static void play(struct run *run) {
    int64_t sent = 0;
    int64_t deadline = run->due_us[run->count - 1] + TAIL_MS * 1000;
    while (run->answered < run->count) {
        int64_t now = clock_monotonic_us();
        must(now < deadline, "%" PRId64 " of %" PRId64 " are answered", run->answered, run->count);
        int64_t wait_us = sent < run->count ? run->due_us[sent] - now : 100000;
        if (wait_us <= 0) {
            send_command(run, sent++);
            continue;
        }
        take_results(run, (int)(wait_us / 1000));
    }
}

static double percentile_ms(const int64_t *sorted, int64_t count, double share) {
    return (double)sorted[(int64_t)(share * (double)(count - 1))] / 1000;
}

/* One line of figures: how long it was from `begin_us` to `end_us`, both for every command. */
static double print(const struct run *run, FILE *json, const char *what, const int64_t *begin_us,
                    const int64_t *end_us) {
    int64_t *spent = calloc((size_t)run->count, sizeof *spent);
    must(spent != NULL, "out of memory");
    for (int64_t i = 0; i < run->count; i++) {
        spent[i] = end_us[i] - begin_us[i];
    }
    qsort(spent, (size_t)run->count, sizeof *spent, compare);
    double p50 = percentile_ms(spent, run->count, 0.5);
    double p90 = percentile_ms(spent, run->count, 0.9);
    double p99 = percentile_ms(spent, run->count, 0.99);
    double most = percentile_ms(spent, run->count, 1);
    printf("%-16s %8.2f %8.2f %8.2f %8.2f  ms\n", what, p50, p90, p99, most);
    fprintf(json,
            "{\"mode\":\"latency\",\"what\":\"%s\",\"offered_per_s\":%.0f,\"commands\":%" PRId64
            ",\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
            "\"verified\":true}\n",
            what, run->rate, run->count, p50, p90, p99, most);
    free(spent);
    return p50;
}

static void print_run(const struct run *run, FILE *json) {
    (void)print(run, json, run->type, run->due_us, run->taken_us);
    if (!is_transfer(run)) {
        return;
    }
    double p50 = print(run, json, "debit to credit", run->pending_us, run->taken_us);
    printf("debit to credit: p50 below %d ms%s\n", CREDIT_P50_MAX_MS,
           p50 < CREDIT_P50_MAX_MS ? "" : ": MISSED");
}

static void open_account(struct run *run, int number) {
    char id[UUID_TEXT_LEN + 1];
    char account[ACCOUNT_ROOM];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&run->prng, id);
    name_account(account, number);
    snprintf(text, sizeof text,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"account.open\",\"account\":\"%s\","
             "\"currency\":\"KRW\",\"floor\":%" PRId64 "}",
             id, account, FLOOR);
    sender_put_command(&run->sender, account, text);
}

static void open_run(struct run *run) {
    must(run->count > 0, "nothing to measure");
    run->due_us = calloc((size_t)run->count, sizeof *run->due_us);
    run->pending_us = calloc((size_t)run->count, sizeof *run->pending_us);
    run->taken_us = calloc((size_t)run->count, sizeof *run->taken_us);
    must(run->due_us != NULL && run->pending_us != NULL && run->taken_us != NULL, "out of memory");
    prng_seed(&run->prng, SEED);
    stage_open(&run->stage, "bench_latency", 1);
    sender_open(&run->sender, run->stage.ledger.sandbox.brokers, run->stage.ledger.commands);
    for (int i = 0; i < ACCOUNTS; i++) {
        open_account(run, i);
    }
    sender_flush(&run->sender, STAGE_TIMEOUT_MS);
    worker_wait_drained(&run->stage.ledger, STAGE_TIMEOUT_MS);
    run->consumer = topic_follow(run->stage.ledger.sandbox.brokers, run->stage.ledger.results);
}

/* Audits the ledger. */
static void end_run(struct run *run) {
    rd_kafka_destroy(run->consumer);
    sender_close(&run->sender);
    stage_close(&run->stage);
}

static void measure(const char *type, double rate, double seconds, FILE *json) {
    struct run *run = calloc(1, sizeof *run);
    must(run != NULL, "out of memory");
    run->type = type;
    run->rate = rate;
    run->count = (int64_t)(rate * seconds);
    open_run(run);
    plan_arrivals(run);
    play(run);
    end_run(run);
    print_run(run, json);
    free(run->due_us);
    free(run->pending_us);
    free(run->taken_us);
    free(run);
}

int main(int argc, char **argv) {
    double rate = argc > 1 ? strtod(argv[1], NULL) : 100;
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 20;
    FILE *json = meter_json("latency");
    printf("latency: %.0f/s for %.0f s, intended send to final result, verified\n", rate, seconds);
    printf("%-16s %8s %8s %8s %8s\n", "", "p50", "p90", "p99", "max");
    measure("deposit", rate, seconds, json);
    measure("transfer", rate, seconds, json);
    return fclose(json) == 0 ? 0 : 70;
}
