#include "tests/race/teller_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/kafka/topic_names.h"
#include "common/rt/clock.h"
#include "common/strbuf.h"
#include "producer/window.h"
#include "tests/harness/must.h"
#include "tests/harness/reporter.h"
#include "tests/race/teller_words.h"

#define ANSWER_TIMEOUT_MS 30000
#define PUMP_MS 100
#define STREAM_ROOM 256

struct teller_client {
    const struct client_plan *plan;
    struct window *window;
    struct arena arena;
    struct strbuf json;
    struct reporter_log log;
    int64_t *sent_us; /* a ring of `room`: reports come in the order of the requests */
    size_t room;
    size_t sent;
    int bout;
};

static void take_report(void *context, const struct report *report) {
    struct teller_client *client = context;
    int64_t sent_us = client->sent_us[client->log.count % client->room];
    enum protocol_answer answer = report->state == REPORT_APPLIED    ? ANSWER_DONE
                                  : report->state == REPORT_REJECTED ? ANSWER_REFUSED
                                                                     : ANSWER_ERROR;
    reporter_add(&client->log, clock_monotonic_us() - sent_us, answer, 0);
}

/* A client that only ever asks for one account need not read the results of all lanes. */
static bool is_only_one(const struct script *script) {
    for (int i = 1; i < script->count; i++) {
        if (script->ops[i].who != script->ops[0].who) {
            return false;
        }
    }
    return true;
}

static void open_window(struct teller_client *client, const struct ledger *ledger) {
    struct kafka_settings kafka = {.brokers = ledger->sandbox.brokers, .client_id = "race"};
    struct topic_names topics;
    struct err err = ERR_INIT;
    struct command first;
    must(topic_names_init(&topics, ledger->prefix, &err), "%s", err.text);
    (void)teller_words_op(&client->json, client->bout, &client->plan->script->ops[0],
                          &client->arena, &first);
    struct window_options options = {.kafka = &kafka,
                                     .topics = &topics,
                                     .only =
                                         is_only_one(client->plan->script) ? &first.entity : NULL,
                                     .source = "race",
                                     .timeout_ms = ANSWER_TIMEOUT_MS,
                                     .partitions = ledger->partitions,
                                     .wait = true,
                                     .room = (uint32_t)client->room,
                                     .done = take_report,
                                     .context = client};
    client->window = window_open(&options, &err);
    must(client->window != NULL, "%s", err.text);
}

static void open_client(struct teller_client *client, const struct client_plan *plan,
                        const struct ground *ground) {
    bool streams = (plan->technique->traits & TRAIT_STREAM) != 0;
    *client = (struct teller_client){
        .plan = plan, .room = streams ? STREAM_ROOM : 1, .bout = ground->bouts};
    client->sent_us = calloc(client->room, sizeof *client->sent_us);
    must(client->sent_us != NULL && arena_init(&client->arena, COMMAND_JSON_ARENA),
         "out of memory");
    open_window(client, &ground->stage.ledger);
}

static void close_client(struct teller_client *client) {
    window_close(client->window);
    arena_close(&client->arena);
    strbuf_close(&client->json);
    free(client->log.records);
    free(client->sent_us);
}

static void ask(struct teller_client *client) {
    const struct script *script = client->plan->script;
    const struct op *op = &script->ops[client->sent % (size_t)script->count];
    struct command command;
    struct slice json = teller_words_op(&client->json, client->bout, op, &client->arena, &command);
    while (client->sent - client->log.count == client->room) {
        window_pump(client->window, PUMP_MS);
    }
    client->sent_us[client->sent++ % client->room] = clock_monotonic_us();
    window_send(client->window, 0, &command, json);
    while (client->room == 1 && client->log.count < client->sent) {
        window_pump(client->window, PUMP_MS);
    }
}

void teller_client_run(const struct client_plan *plan, const struct ground *ground) {
    struct teller_client client;
    open_client(&client, plan, ground);
    int64_t began_us = 0;
    for (int round = 0; round < plan->scale->rounds; round++) {
        reporter_await_go(plan->socket);
        int64_t now_us = clock_monotonic_us();
        began_us = round == 0 ? now_us : began_us;
        for (int i = 0; client_goes_on(plan->scale, now_us, i); i++) {
            ask(&client);
        }
    }
    window_finish(client.window);
    reporter_send(plan->socket, began_us, &client.log);
    close_client(&client);
}
