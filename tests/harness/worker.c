#include "tests/harness/worker.h"

#include <signal.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"

#define STOP_TIMEOUT_MS 30000
#define VARIABLE_ROOM (LEDGER_TEXT_MAX + 32)

static void log_path(const struct ledger *ledger, int number, char path[LEDGER_TEXT_MAX + 32]) {
    snprintf(path, LEDGER_TEXT_MAX + 32, "%s/worker-%d.log", ledger->logs, number);
}

bool worker_said(const struct ledger *ledger, const struct worker *worker, const char *text) {
    char path[LEDGER_TEXT_MAX + 32];
    char line[2048];
    bool is_there = false;
    log_path(ledger, worker->number, path);
    FILE *log = fopen(path, "r");
    if (log == NULL) {
        must(errno == ENOENT, "cannot read %s", path);
        return false; /* the worker has only just been started */
    }
    while (fgets(line, sizeof line, log) != NULL) {
        is_there |= strstr(line, text) != NULL;
    }
    fclose(log);
    return is_there;
}

void worker_start(struct worker *worker, const struct ledger *ledger,
                  const struct worker_plan *plan) {
    char path[PROGRAM_PATH_MAX];
    char log[LEDGER_TEXT_MAX + 32];
    char failpoint[VARIABLE_ROOM];
    char db[VARIABLE_ROOM];
    program_path(plan->program != NULL ? plan->program : "tellerd", path);
    const char *argv[PROCESS_ARGS_MAX] = {path, "run"};
    for (size_t i = 0; plan->arguments != NULL && plan->arguments[i] != NULL; i++) {
        must(i + 3 < PROCESS_ARGS_MAX, "too many arguments");
        argv[i + 2] = plan->arguments[i];
    }
    const char *env[LEDGER_ENV_MAX + 3] = {NULL};
    size_t count = 0;
    if (plan->failpoint != NULL) {
        snprintf(failpoint, sizeof failpoint, "TELLER_FAILPOINT=%s", plan->failpoint);
        env[count++] = failpoint;
    }
    if (plan->db != NULL) {
        snprintf(db, sizeof db, "TELLER_DB=%s", plan->db);
        env[count++] = db;
    }
    for (size_t i = 0; ledger->env[i] != NULL; i++) {
        env[count++] = ledger->env[i];
    }
    log_path(ledger, plan->number, log);
    worker->number = plan->number;
    process_start(&worker->process,
                  &(struct process_plan){.argv = argv, .env = env, .out = log, .err = log});
}

int worker_stop(struct worker *worker) {
    process_signal(&worker->process, SIGTERM);
    must(process_wait(&worker->process, STOP_TIMEOUT_MS), "worker %d ignores SIGTERM",
         worker->number);
    return worker->process.status;
}

int64_t worker_epochs(const struct ledger *ledger) {
    return db_int(ledger->db, "SELECT coalesce(sum(epoch), 0) FROM teller.lane", 0);
}

int64_t worker_owner_count(const struct ledger *ledger) {
    return db_int(ledger->db,
                  "SELECT count(DISTINCT owner) FROM teller.lane WHERE owner IS NOT NULL AND"
                  " owner <> '00000000-0000-0000-0000-000000000000'",
                  0);
}

int64_t worker_applied(const struct ledger *ledger) {
    return db_int(ledger->db, "SELECT coalesce(sum(next_offset), 0) FROM teller.lane", 0);
}

struct since {
    const struct ledger *ledger;
    int64_t number;
};

static bool are_lanes_taken(void *context) {
    const struct since *since = context;
    return worker_epochs(since->ledger) >= since->number + since->ledger->partitions;
}

void worker_wait_owners(const struct ledger *ledger, int64_t since, int64_t timeout_ms) {
    struct since context = {ledger, since};
    wait_for("owners of all lanes", are_lanes_taken, &context, timeout_ms);
}

static bool is_applied(void *context) {
    const struct since *since = context;
    return worker_applied(since->ledger) >= since->number;
}

void worker_wait_applied(const struct ledger *ledger, int64_t records, int64_t timeout_ms) {
    struct since context = {ledger, records};
    wait_for("records to be applied", is_applied, &context, timeout_ms);
}

void worker_wait_drained(const struct ledger *ledger, int64_t timeout_ms) {
    int64_t records = 0;
    for (uint16_t lane = 0; lane < ledger->partitions; lane++) {
        records += topic_end(ledger->sandbox.brokers, ledger->commands, lane);
    }
    worker_wait_applied(ledger, records, timeout_ms);
}
