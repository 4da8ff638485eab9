/* What a long journal costs: the same commands are measured on a fresh ledger, and again behind
 * `before` further ones; then the worker ends, one more command is sent, and a worker starts. */
#include <stdio.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/bench/meter.h"
#include "tests/bench/row.h"
#include "tests/bench/subject.h"
#include "tests/harness/commands.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"

#define CHUNK 5000000 /* commands that are sent at once */
#define SEND_MS 30000

struct growth {
    struct subject subject;
    int64_t seed; /* each chunk is another one's, and opens the accounts once more: refused */
    int64_t sent;
};

/* Sends a chunk with a seed of its own; answers where it ends. */
static int64_t send_chunk(struct growth *growth, int64_t commands) {
    subject_preload_seeded(&growth->subject, growth->seed++, commands);
    growth->sent += growth->subject.plan->accounts + commands;
    return growth->sent;
}

static void fill(struct growth *growth, int64_t commands) {
    subject_start(&growth->subject);
    for (int64_t left = commands; left > 0; left -= CHUNK) {
        int64_t end = send_chunk(growth, left < CHUNK ? left : CHUNK);
        subject_wait(&growth->subject, end);
    }
    subject_stop(&growth->subject);
}

static json_t *measure(struct growth *growth, const char *variant) {
    const struct subject *subject = &growth->subject;
    struct plan named = *subject->plan;
    struct meter meter;
    named.variant = variant;
    int64_t end = send_chunk(growth, named.commands);
    subject_start(&growth->subject);
    int64_t before = subject_wait(subject, end - named.commands * 9 / 10);
    meter_begin(&meter, &subject->ledger.sandbox, subject->ledger.db, subject->worker.process.pid);
    subject_wait(subject, end);
    struct meter_reading reading = meter_read(&meter);
    must(end > before, "too few commands to measure");
    subject_stop(&growth->subject);
    json_t *row = row_new(&named, "teller");
    row_rate(row, end - before, reading.wall_us);
    meter_put(&meter, &reading, end - before, row);
    json_object_set_new(row, "journal_rows", json_integer(end));
    return row;
}

static double restart(struct growth *growth) {
    struct subject *subject = &growth->subject;
    struct sender sender;
    struct prng prng;
    char id[UUID_TEXT_LEN + 1];
    char text[COMMAND_TEXT_MAX];
    prng_seed(&prng, PLAN_SEED);
    commands_new_id(&prng, id);
    commands_amount(text, id, "deposit", "acc-00000000", 1);
    sender_open(&sender, subject->ledger.sandbox.brokers, subject->ledger.commands);
    sender_put_command(&sender, "acc-00000000", text);
    sender_flush(&sender, SEND_MS);
    sender_close(&sender);
    growth->sent++;
    int64_t begin = clock_monotonic_us();
    subject_start(subject);
    subject_wait(subject, growth->sent);
    double spent_s = (double)(clock_monotonic_us() - begin) / 1e6;
    subject_stop(subject);
    return spent_s;
}

void bench_growth(const struct plan *plan) {
    struct growth growth = {.seed = PLAN_SEED};
    subject_open(&growth.subject, plan);
    json_t *first = measure(&growth, "short");
    fill(&growth, plan->before);
    json_t *last = measure(&growth, "long");
    json_object_set_new(last, "restart_s", json_real(restart(&growth)));
    subject_prove(&growth.subject, &(struct expect){.distinct = growth.sent});
    subject_close(&growth.subject);
    row_write(plan, first);
    row_write(plan, last);
}
