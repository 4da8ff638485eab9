#include "tests/race/client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/must.h"

#define TRIES_MAX 200

void client_log_add(struct client_log *log, int64_t latency_us, enum protocol_answer answer,
                    uint32_t retries) {
    if (log->count == log->room) {
        log->room = log->room == 0 ? 1024 : log->room * 2;
        log->records = realloc(log->records, log->room * sizeof *log->records);
        must(log->records != NULL, "out of memory");
    }
    log->records[log->count++] = (struct protocol_record){
        .latency_us = latency_us > UINT32_MAX ? UINT32_MAX : (uint32_t)latency_us,
        .answer = (uint16_t)answer,
        .retries = retries > UINT16_MAX ? UINT16_MAX : (uint16_t)retries};
}

static void send_bytes(int socket, const void *bytes, size_t len) {
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(socket, at, len, MSG_NOSIGNAL);
        must(sent > 0 || errno == EINTR, "the lab has gone");
        size_t part = sent > 0 ? (size_t)sent : 0;
        at += part;
        len -= part;
    }
}

void client_await_go(int socket) {
    char byte = PROTOCOL_READY;
    send_bytes(socket, &byte, 1);
    must(recv(socket, &byte, 1, 0) == 1 && byte == PROTOCOL_GO, "the lab has gone");
}

bool client_goes_on(const struct scale *scale, int64_t began_us, int done_in_round) {
    if (scale->per_round > 0) {
        return done_in_round < scale->per_round;
    }
    return clock_monotonic_us() - began_us < scale->run_ms * 1000;
}

void client_report(int socket, int64_t began_us, const struct client_log *log) {
    struct protocol_head head = {
        .began_us = began_us, .ended_us = clock_monotonic_us(), .count = (int64_t)log->count};
    send_bytes(socket, &head, sizeof head);
    send_bytes(socket, log->records, log->count * sizeof *log->records);
}

/* Between two tries, so that two losers do not meet again: up to 1, 2, 4, 8 ms. */
static void back_off(struct prng *prng, uint32_t tries) {
    uint64_t most = 2U << (tries < 3 ? tries : 3);
    uint64_t ms = prng_below(prng, most);
    if (ms > 0) {
        clock_sleep_ms((int64_t)ms);
    }
}

static void ask(const struct client_plan *plan, struct session *session, struct prng *prng,
                const struct op *op, struct client_log *log) {
    int64_t began_us = clock_monotonic_us();
    uint32_t tries = 0;
    enum attempt attempt = technique_attempt(plan->technique, session, op);
    while (attempt == ATTEMPT_AGAIN && ++tries < TRIES_MAX) {
        back_off(prng, tries);
        attempt = technique_attempt(plan->technique, session, op);
    }
    enum protocol_answer answer = attempt == ATTEMPT_DONE      ? ANSWER_DONE
                                  : attempt == ATTEMPT_REFUSED ? ANSWER_REFUSED
                                                               : ANSWER_ERROR;
    client_log_add(log, clock_monotonic_us() - began_us, answer, tries);
}

void client_run(const struct client_plan *plan) {
    struct session session;
    struct client_log log = {.count = 0};
    struct prng prng;
    prng_seed(&prng, (uint64_t)getpid());
    session_open(&session, plan->conninfo, plan->redis_socket, plan->scenario->think_ms);
    int64_t began_us = 0;
    for (int round = 0; round < plan->scale->rounds; round++) {
        client_await_go(plan->socket);
        int64_t now_us = clock_monotonic_us();
        began_us = round == 0 ? now_us : began_us;
        for (int i = 0; client_goes_on(plan->scale, now_us, i); i++) {
            size_t next = log.count % (size_t)plan->script->count;
            ask(plan, &session, &prng, &plan->script->ops[next], &log);
        }
    }
    client_report(plan->socket, began_us, &log);
    session_close(&session);
    free(log.records);
}
