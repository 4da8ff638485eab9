/* How long one command takes on a quiet worker: open loop, Poisson arrivals, from the moment at
 * which a command was meant to be sent to its result in a client's hand. The commit lies before the
 * result, so produce-to-applied is below these figures.   usage: latency [per second, 100]
 * [seconds, 20] */
#include <inttypes.h>
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/commands.h"
#include "tests/harness/meter.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/topics.h"

#define ACCOUNTS 1000
#define SEED 100
#define TAIL_MS 10000
#define WARM_UP_MS 2000

struct run {
    struct stage stage;
    struct sender sender;
    rd_kafka_t *consumer;
    struct prng prng;
    int64_t *due_us;   /* when command i was meant to be sent */
    int64_t *taken_us; /* -1: no result yet */
    int64_t count;
    int64_t answered;
};

/* The number of a command travels in its id, behind the time. */
static void number_id(char id[UUID_TEXT_LEN + 1], int64_t number) {
    snprintf(id + UUID_TEXT_LEN - 12, 13, "%012" PRId64, number);
}

static void send_command(struct run *run, int64_t number) {
    char id[UUID_TEXT_LEN + 1];
    char account[16];
    char text[COMMAND_TEXT_MAX];
    commands_new_id(&run->prng, id);
    number_id(id, number);
    snprintf(account, sizeof account, "acc%d", (int)prng_below(&run->prng, ACCOUNTS));
    commands_amount(text, id, "deposit", account, 1);
    sender_put_command(&run->sender, account, text);
}

static void take_result(struct run *run, const rd_kafka_message_t *message) {
    int64_t now = clock_monotonic_us();
    json_t *result = json_loadb(message->payload, message->len, 0, NULL);
    const char *id = json_string_value(json_object_get(result, "id"));
    must(id != NULL && strlen(id) == UUID_TEXT_LEN, "a result without id");
    int64_t number = strtoll(id + UUID_TEXT_LEN - 12, NULL, 10);
    if (number < run->count && run->taken_us[number] < 0 &&
        strcmp(json_string_value(json_object_get(result, "type")), "deposit") == 0) {
        run->taken_us[number] = now - run->due_us[number];
        run->answered++;
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
static void plan_arrivals(struct run *run, double rate) {
    int64_t begin_us = clock_monotonic_us() + WARM_UP_MS * 1000;
    uint64_t span_us = (uint64_t)((double)run->count * 1e6 / rate);
    for (int64_t i = 0; i < run->count; i++) {
        run->due_us[i] = begin_us + (int64_t)prng_below(&run->prng, span_us);
        run->taken_us[i] = -1;
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

static double percentile_ms(const struct run *run, double share) {
    return (double)run->taken_us[(int64_t)(share * (double)(run->count - 1))] / 1000;
}

static void print(struct run *run, double rate) {
    qsort(run->taken_us, (size_t)run->count, sizeof *run->taken_us, compare);
    FILE *json = meter_json("latency");
    printf("latency: %.0f/s, %" PRId64 " commands, intended send to result, verified\n", rate,
           run->count);
    printf("%8s %8s %8s %8s\n%8.2f %8.2f %8.2f %8.2f  ms\n", "p50", "p90", "p99", "max",
           percentile_ms(run, 0.5), percentile_ms(run, 0.9), percentile_ms(run, 0.99),
           percentile_ms(run, 1));
    fprintf(json,
            "{\"mode\":\"latency\",\"offered_per_s\":%.0f,\"commands\":%" PRId64
            ",\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"verified\":true}\n",
            rate, run->count, percentile_ms(run, 0.5), percentile_ms(run, 0.9),
            percentile_ms(run, 0.99), percentile_ms(run, 1));
    fclose(json);
}

static void open_accounts(struct run *run) {
    for (int i = 0; i < ACCOUNTS; i++) {
        char id[UUID_TEXT_LEN + 1];
        char account[16];
        char text[COMMAND_TEXT_MAX];
        commands_new_id(&run->prng, id);
        snprintf(account, sizeof account, "acc%d", i);
        commands_open(text, id, account);
        sender_put_command(&run->sender, account, text);
    }
    sender_flush(&run->sender, STAGE_TIMEOUT_MS);
    worker_wait_drained(&run->stage.ledger, STAGE_TIMEOUT_MS);
}

int main(int argc, char **argv) {
    double rate = argc > 1 ? strtod(argv[1], NULL) : 100;
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 20;
    struct run *run = calloc(1, sizeof *run);
    must(run != NULL, "out of memory");
    run->count = (int64_t)(rate * seconds);
    run->due_us = calloc((size_t)run->count, sizeof *run->due_us);
    run->taken_us = calloc((size_t)run->count, sizeof *run->taken_us);
    must(run->count > 0 && run->due_us != NULL && run->taken_us != NULL, "nothing to measure");
    prng_seed(&run->prng, SEED);
    stage_open(&run->stage, "bench_latency", 1);
    sender_open(&run->sender, run->stage.ledger.sandbox.brokers, run->stage.ledger.commands);
    open_accounts(run);
    run->consumer = topic_follow(run->stage.ledger.sandbox.brokers, run->stage.ledger.results);
    plan_arrivals(run, rate);
    play(run);
    rd_kafka_destroy(run->consumer);
    sender_close(&run->sender);
    stage_close(&run->stage);
    print(run, rate);
    free(run->due_us);
    free(run->taken_us);
    free(run);
    return 0;
}
