/* What the log alone costs: the commands of a topic are fetched and thrown away, or fetched,
 * decoded by the worker's codec and thrown away (--variant discard, parse). One thread. */
#include <string.h>

#include "common/command_json.h"
#include "common/rt/clock.h"
#include "tests/bench/meter.h"
#include "tests/bench/row.h"
#include "tests/bench/subject.h"
#include "tests/harness/must.h"
#include "tests/harness/topics.h"

struct consume {
    struct subject subject;
    struct expect expect;
    struct meter meter;
    struct arena arena;
    bool parses;
    int64_t taken;
    int64_t end_us;
};

static void take(void *context, const rd_kafka_message_t *message) {
    struct consume *consume = context;
    if (consume->parses) {
        struct command command;
        struct refusal why;
        struct slice json = {message->payload, message->len};
        arena_reset(&consume->arena);
        must(command_decode(json, COMMAND_JSON_RULES, &consume->arena, &command, &why), "%s",
             why.detail);
    }
    consume->taken++;
    if (consume->taken == consume->expect.warm) {
        meter_begin(&consume->meter, &consume->subject.ledger.sandbox, consume->subject.ledger.db,
                    0);
    }
    consume->end_us = clock_monotonic_us();
}

void bench_consume(const struct plan *plan) {
    static struct consume consume;
    const struct ledger *ledger = &consume.subject.ledger;
    consume.parses = strcmp(plan->variant, "parse") == 0;
    must(arena_init(&consume.arena, COMMAND_JSON_ARENA), "out of memory");
    expect_count(plan, &consume.expect);
    subject_open(&consume.subject, plan);
    subject_preload(&consume.subject, plan->commands);
    topic_read(ledger->sandbox.brokers, ledger->commands, take, &consume);
    struct meter_reading reading = meter_read(&consume.meter);
    must(consume.taken == consume.expect.sent, "%lld records, not %lld", (long long)consume.taken,
         (long long)consume.expect.sent);
    int64_t counted = consume.taken - consume.expect.warm;
    json_t *row = row_new(plan, "floor");
    row_rate(row, counted, consume.end_us - consume.meter.begin.wall_us);
    meter_put(&consume.meter, &reading, counted, row);
    subject_close(&consume.subject);
    arena_close(&consume.arena);
    row_write(plan, row);
}
