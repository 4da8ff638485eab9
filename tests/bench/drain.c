/* How fast a backlog is applied: commands lie in the topic, no producer runs, one worker starts.
 * Counted behind a warm-up (see expect.h) to the last commit; results are published, durability is
 * on. Polled every 5 ms. */
#include "tests/bench/meter.h"
#include "tests/bench/row.h"
#include "tests/bench/subject.h"
#include "tests/harness/must.h"
#include "tests/harness/proc.h"

void bench_drain(const struct plan *plan) {
    struct subject subject;
    struct expect expect;
    struct meter meter;
    expect_count(plan, &expect);
    subject_open(&subject, plan);
    subject_preload(&subject, plan->before + plan->commands);
    subject_start(&subject);
    pid_t worker = subject.worker.process.pid;
    int64_t before = subject_wait(&subject, expect.warm);
    meter_begin(&meter, &subject.ledger.sandbox, subject.ledger.db, worker);
    int64_t memory_kb = proc_memory_kb(worker, "VmRSS");
    subject_wait(&subject, expect.sent + expect.legs);
    struct meter_reading reading = meter_read(&meter);
    int64_t counted = expect.sent - before;
    must(counted > 0, "too few commands to measure");
    json_t *row = row_new(plan, "teller");
    row_rate(row, counted, reading.wall_us);
    json_object_set_new(row, "memory_begin_kb", json_integer(memory_kb));
    json_object_set_new(row, "memory_kb", json_integer(proc_memory_kb(worker, "VmHWM")));
    subject_stop(&subject);
    meter_put(&meter, &reading, counted, row);
    subject_prove(&subject, &expect);
    subject_close(&subject);
    row_write(plan, row);
}
