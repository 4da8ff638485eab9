#include "tests/bench/peers/troop.h"

#include <stdlib.h>

#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define FEW_COMMANDS 25

struct troop {
    const struct site *site;
    const struct point *point;
    troop_life *life;
};

static void live(void *context, int number, int socket) {
    const struct troop *troop = context;
    struct troop_client client = {
        .site = troop->site, .point = troop->point, .number = number, .socket = socket};
    troop->life(&client);
}

void troop_begin(struct troop_client *client) {
    reporter_await_go(client->socket);
    client->began_us = clock_monotonic_us();
}

bool troop_goes_on(const struct troop_client *client) {
    if (client->point->run_ms == POINT_BOUNDLESS) {
        return client->log.count < FEW_COMMANDS;
    }
    return clock_monotonic_us() - client->began_us < client->point->run_ms * 1000;
}

void troop_end(struct troop_client *client) {
    reporter_send(client->socket, client->began_us, &client->log);
    free(client->log.records);
    client->log = (struct reporter_log){.records = NULL};
}

void troop_add_up(const struct pack *pack, struct yield *yield) {
    int64_t began_us = INT64_MAX;
    int64_t ended_us = 0;
    for (int i = 0; i < pack->count; i++) {
        struct protocol_head head = pack_head(pack, i);
        began_us = head.began_us < began_us ? head.began_us : began_us;
        ended_us = head.ended_us > ended_us ? head.ended_us : ended_us;
        yield->commands += head.count;
        yield->client_us += head.cpu_us;
        for (int64_t k = 0; k < head.count; k++) {
            int answer = pack_records(pack, i)[k].answer;
            must(answer != ANSWER_ERROR, "client %d got an error", i);
            yield->applied += answer == ANSWER_DONE;
        }
    }
    latencies_add_pack(&yield->latencies, pack);
    yield->per_s = (double)yield->commands * 1e6 / (double)(ended_us - began_us);
}

void troop_watch(void *context) {
    (void)context;
}

void troop_run(const struct site *site, const struct point *point, troop_life *life,
               struct yield *yield) {
    struct troop troop = {site, point, life};
    struct pack pack;
    pack_open(&pack, point->clients, 1);
    for (int i = 0; i < point->clients; i++) {
        pack_fork(&pack, i, live, &troop);
    }
    pack_hand_over(&pack);
    pack_drive(&pack, troop_watch, NULL);
    troop_add_up(&pack, yield);
    pack_close(&pack);
}
