#include "tests/race/client.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/harness/reporter.h"

#define TRIES_MAX 200

bool client_goes_on(const struct scale *scale, int64_t began_us, int done_in_round) {
    if (scale->per_round > 0) {
        return done_in_round < scale->per_round;
    }
    return clock_monotonic_us() - began_us < scale->run_ms * 1000;
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
                const struct op *op, struct reporter_log *log) {
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
    reporter_add(log, clock_monotonic_us() - began_us, answer, tries);
}

void client_run(const struct client_plan *plan) {
    struct session session;
    struct reporter_log log = {.count = 0};
    struct prng prng;
    prng_seed(&prng, (uint64_t)getpid());
    session_open(&session, plan->conninfo, plan->redis_socket, plan->scenario->think_ms);
    int64_t began_us = 0;
    for (int round = 0; round < plan->scale->rounds; round++) {
        reporter_await_go(plan->socket);
        int64_t now_us = clock_monotonic_us();
        began_us = round == 0 ? now_us : began_us;
        for (int i = 0; client_goes_on(plan->scale, now_us, i); i++) {
            size_t next = log.count % (size_t)plan->script->count;
            ask(plan, &session, &prng, &plan->script->ops[next], &log);
        }
    }
    reporter_send(plan->socket, began_us, &log);
    session_close(&session);
    free(log.records);
}
