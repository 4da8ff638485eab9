#include "tests/bench/subject.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"

#define TIMEOUT_MS (2 * 3600 * INT64_C(1000))
#define POLL_MS 5
#define NUMBER_ROOM 24

void subject_open(struct subject *subject, const struct plan *plan) {
    *subject = (struct subject){.plan = plan};
    ledger_open(&subject->ledger, "bench", (uint16_t)plan->lanes);
    subject->ledger.program_ms = TIMEOUT_MS;
}

void subject_close(struct subject *subject) {
    ledger_close(&subject->ledger);
}

void subject_preload(const struct subject *subject, int64_t commands) {
    subject_preload_seeded(subject, PLAN_SEED, commands);
}

void subject_preload_seeded(const struct subject *subject, int64_t seed, int64_t commands) {
    const struct plan *plan = subject->plan;
    char numbers[4][NUMBER_ROOM];
    struct captured captured;
    const int64_t values[] = {plan->accounts, commands, seed, plan->stock};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%" PRId64, values[i]);
    }
    const char *const arguments[] = {"workload", "--shape",  plan->shape, "--accounts", numbers[0],
                                     "--count",  numbers[1], "--seed",    numbers[2],   "--stock",
                                     numbers[3], "--quiet",  NULL};
    ledger_teller(&subject->ledger, &captured, NULL, arguments);
    must(captured.status == 0, "workload ended with %d: %s", captured.status, captured.err);
    captured_close(&captured);
}

void subject_start(struct subject *subject) {
    char writers[NUMBER_ROOM];
    char batch[NUMBER_ROOM];
    snprintf(writers, sizeof writers, "%" PRId64, subject->plan->cores);
    snprintf(batch, sizeof batch, "%" PRId64, subject->plan->batch);
    const char *const arguments[] = {"--writers", writers, "--batch", batch, NULL};
    worker_start(&subject->worker, &subject->ledger, &(struct worker_plan){.arguments = arguments});
}

void subject_stop(struct subject *subject) {
    int status = worker_stop(&subject->worker);
    must(status == 0, "the worker ended with %d, see %s", status, subject->ledger.logs);
}

int64_t subject_wait(const struct subject *subject, int64_t records) {
    int64_t deadline = clock_monotonic_ms() + TIMEOUT_MS;
    int64_t applied = worker_applied(&subject->ledger);
    while (applied < records) {
        must(clock_monotonic_ms() < deadline, "the backlog is not drained");
        clock_sleep_ms(POLL_MS);
        applied = worker_applied(&subject->ledger);
    }
    return applied;
}

void subject_expect(const struct subject *subject, const char *sql, int64_t wanted) {
    int64_t found = db_int(subject->ledger.db, sql, INT64_MIN);
    must(found == wanted, "%s: %" PRId64 ", not %" PRId64, sql, found, wanted);
}

/* Sold out, not a unit more, each paid for, and the rest was refused. */
static void prove_sales(const struct subject *subject) {
    subject_expect(subject, "SELECT stock + sold FROM teller.v1_product", subject->plan->stock);
    subject_expect(subject,
                   "SELECT count(*) FROM teller.v1_product WHERE stock = 0 AND sold * price ="
                   " (SELECT sum(balance) FROM teller.v1_system WHERE role = '@sales')"
                   " AND sold = (SELECT sum(held_delta) FROM teller.journal WHERE step = 3)"
                   " AND EXISTS (SELECT FROM teller.journal WHERE step = 3 AND outcome >= 10)",
                   1);
}

void subject_prove(const struct subject *subject, const struct expect *expect) {
    struct captured captured;
    if (subject->plan->spoil) {
        db_exec(subject->ledger.db, "UPDATE teller.account SET balance = balance + 1 WHERE number ="
                                    " 1 AND lane = (SELECT min(lane) FROM teller.account)");
    }
    ledger_tellerd(&subject->ledger, &captured, (const char *const[]){"verify", NULL});
    must(captured.status == 0, "verify ended with %d: %s%s", captured.status, captured.out,
         captured.err);
    captured_close(&captured);
    subject_expect(subject, "SELECT count(*) FROM teller.journal WHERE step = 0", expect->distinct);
    subject_expect(subject, "SELECT count(*) FROM teller.quarantine", expect->malformed);
    subject_expect(subject,
                   "SELECT coalesce(sum(balance), 0) FROM teller.v1_system"
                   " WHERE role = '@transit'",
                   0);
    subject_expect(subject, "SELECT coalesce(sum(held), 0) FROM teller.v1_account", 0);
    if (subject->plan->stock > 0) {
        prove_sales(subject);
    }
}
