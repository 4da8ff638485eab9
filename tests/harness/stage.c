#include "tests/harness/stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/audit.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/wait.h"

static bool have_all_joined(void *context) {
    const struct stage *stage = context;
    return worker_owner_count(&stage->ledger) == stage->workers_count;
}

void stage_open(struct stage *stage, const char *name, int workers) {
    must(workers <= STAGE_WORKERS_MAX, "at most %d workers", STAGE_WORKERS_MAX);
    *stage = (struct stage){.workers_count = 0};
    ledger_open(&stage->ledger, name, STAGE_PARTITIONS);
    for (int i = 0; i < workers; i++) {
        stage_add(stage, &(struct worker_plan){.number = 0});
    }
    if (workers > 0) {
        worker_wait_owners(&stage->ledger, 0, STAGE_TIMEOUT_MS);
        wait_for("lanes of every worker", have_all_joined, stage, STAGE_TIMEOUT_MS);
    }
}

struct worker *stage_add(struct stage *stage, const struct worker_plan *plan) {
    must(stage->workers_count < STAGE_WORKERS_MAX, "at most %d workers", STAGE_WORKERS_MAX);
    struct worker_plan numbered = *plan;
    numbered.number = stage->workers_count;
    struct worker *worker = &stage->workers[stage->workers_count++];
    worker_start(worker, &stage->ledger, &numbered);
    return worker;
}

void stage_stop_workers(struct stage *stage) {
    for (int i = 0; i < stage->workers_count; i++) {
        int status = worker_stop(&stage->workers[i]);
        must(status == 0, "worker %d ended with %d, see %s", i, status, stage->ledger.logs);
    }
    stage->workers_count = 0;
}

void stage_close(struct stage *stage) {
    audit_ledger(&stage->ledger, STAGE_TIMEOUT_MS);
    stage_stop_workers(stage);
    ledger_close(&stage->ledger);
}

void stage_teller(const struct ledger *ledger, int status, char *said, size_t size, ...) {
    const char *words[PROCESS_ARGS_MAX] = {NULL};
    size_t count = 0;
    va_list list;
    va_start(list, size);
    for (const char *word; (word = va_arg(list, const char *)) != NULL;) {
        must(count + 1 < PROCESS_ARGS_MAX, "too many words");
        words[count++] = word;
    }
    va_end(list);
    struct captured captured;
    ledger_teller(ledger, &captured, NULL, words);
    must(captured.status == status, "teller %s %s ended with %d, not %d: %s%s", words[0],
         count > 1 ? words[1] : "", captured.status, status, captured.out, captured.err);
    if (said != NULL) {
        snprintf(said, size, "%s", captured.out);
        said[strcspn(said, "\n")] = '\0';
    }
    captured_close(&captured);
}

void stage_apply(const struct ledger *ledger, const char *verb, const char *account,
                 const char *operand) {
    stage_teller(ledger, 0, NULL, 0, verb, account, operand, "--wait", NULL);
}

int64_t stage_account(const struct ledger *ledger, const char *account, const char *column) {
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT %s FROM teller.v1_account WHERE account = '%s'", column,
             account);
    return db_int(ledger->db, sql, -1);
}
