/* kill -9 of the worker, of PostgreSQL and of the broker, one after another under one steady load,
 * on servers of their own. Each is started again at once, as a service manager would. Told is how
 * long it took until the server was there again, and until the first commit behind that; and, from
 * the whole log held against the ledger at the end, how many commands were lost or done twice. */
#include "common/rt/clock.h"
#include "tests/bench/row.h"
#include "tests/harness/audit.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/must.h"
#include "tests/harness/wait.h"
#include "tests/harness/worker.h"

#define TIMEOUT_MS 300000
#define POLL_MS 2

struct crash {
    struct ledger ledger;
    struct worker worker;
};

struct recovery {
    const char *victim;
    int64_t down_ms;     /* until the server answers again, or the process is started */
    int64_t recovery_ms; /* until the first commit after that */
};

/* A transaction whose COMMIT has reached the server is carried out after its client's death, and is
 * not yet the recovery. */
static bool have_sessions_ended(void *context) {
    const struct crash *crash = context;
    return db_int(crash->ledger.db,
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                  " AND usename = 'teller_worker'",
                  -1) == 0;
}

static void kill_worker(struct crash *crash) {
    process_kill(&crash->worker.process);
    wait_for("the killed worker's sessions to end", have_sessions_ended, crash, TIMEOUT_MS);
    worker_start(&crash->worker, &crash->ledger, &(struct worker_plan){0});
}

static void kill_database(struct crash *crash) {
    sandbox_kill_database(&crash->ledger.sandbox);
    sandbox_script(&crash->ledger.sandbox, "pg-start");
    ledger_reconnect(&crash->ledger);
}

static void kill_broker(struct crash *crash) {
    sandbox_kill_broker(&crash->ledger.sandbox);
    sandbox_script(&crash->ledger.sandbox, "kafka-start");
}

static void wait_commit(const struct crash *crash) {
    int64_t applied = worker_applied(&crash->ledger);
    int64_t deadline = clock_monotonic_ms() + TIMEOUT_MS;
    while (worker_applied(&crash->ledger) == applied) {
        must(clock_monotonic_ms() < deadline, "the lanes do not go on");
        clock_sleep_ms(POLL_MS);
    }
}

static struct recovery strike(struct crash *crash, const char *victim,
                              void (*kill)(struct crash *crash), int64_t seconds) {
    clock_sleep_ms(seconds * 1000); /* of load */
    wait_commit(crash);
    int64_t begin = clock_monotonic_ms();
    kill(crash);
    struct recovery recovery = {.victim = victim, .down_ms = clock_monotonic_ms() - begin};
    wait_commit(crash);
    recovery.recovery_ms = clock_monotonic_ms() - begin;
    return recovery;
}

static void write_recovery(const struct plan *plan, const struct recovery *recovery,
                           int64_t accepted, const struct ledger *ledger) {
    struct plan named = *plan;
    named.variant = recovery->victim;
    json_t *row = row_new(&named, "teller");
    int64_t claimed = db_int(ledger->db, "SELECT count(*) FROM teller.journal WHERE step = 0", 0);
    int64_t rows = db_int(ledger->db, "SELECT count(*) FROM teller.journal", 0);
    int64_t distinct = db_int(ledger->db,
                              "SELECT count(*) FROM (SELECT DISTINCT command_id, origin, step"
                              " FROM teller.journal) AS steps",
                              0);
    json_object_set_new(row, "commands", json_integer(accepted));
    json_object_set_new(row, "down_ms", json_integer(recovery->down_ms));
    json_object_set_new(row, "recovery_ms", json_integer(recovery->recovery_ms));
    json_object_set_new(row, "lost", json_integer(accepted - claimed));
    json_object_set_new(row, "doubled", json_integer(rows - distinct));
    must(accepted == claimed && rows == distinct, "%lld accepted, %lld have an outcome",
         (long long)accepted, (long long)claimed);
    row_write(plan, row);
}

void bench_crash(const struct plan *plan) {
    static struct load load;
    static struct crash crash;
    struct sandbox sandbox;
    const struct load_plan traffic = {
        .traffic = {.seed = PLAN_SEED, .accounts = (uint32_t)plan->accounts},
        .rate = (uint32_t)plan->rate,
    };
    sandbox_up(&sandbox, "crash");
    ledger_open_on(&crash.ledger, &sandbox, "crash", (uint16_t)plan->lanes);
    worker_start(&crash.worker, &crash.ledger, &(struct worker_plan){0});
    load_start(&load, &crash.ledger, &traffic);
    const struct recovery recoveries[] = {
        strike(&crash, "worker", kill_worker, plan->seconds),
        strike(&crash, "database", kill_database, plan->seconds),
        strike(&crash, "broker", kill_broker, plan->seconds),
    };
    int64_t accepted = (int64_t)load_stop(&load, TIMEOUT_MS);
    audit_ledger(&crash.ledger, TIMEOUT_MS);
    must(worker_stop(&crash.worker) == 0, "the worker did not end well");
    for (size_t i = 0; i < sizeof recoveries / sizeof *recoveries; i++) {
        write_recovery(plan, &recoveries[i], accepted, &crash.ledger);
    }
    ledger_close(&crash.ledger);
    sandbox_down(&sandbox);
}
