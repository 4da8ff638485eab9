/* No session of ours waits for another: looked for under load, in the server's own views, and in
 * the text of every statement. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/rt/clock.h"
#include "tests/harness/audit.h"
#include "tests/harness/db.h"
#include "tests/harness/load.h"
#include "tests/harness/must.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define SAMPLES 800
#define SAMPLE_MS 10

/* Sessions of this database that wait for a lock which no autovacuum holds. */
static const char *const waiters =
    "SELECT count(*) FROM pg_stat_activity a WHERE a.datname = current_database()"
    "   AND a.wait_event_type = 'Lock'"
    "   AND a.wait_event IN ('relation', 'tuple', 'transactionid', 'virtualxid', 'advisory')"
    "   AND EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted)"
    "   AND NOT EXISTS (SELECT 1 FROM unnest(pg_blocking_pids(a.pid)) AS b(pid)"
    "                     JOIN pg_stat_activity o ON o.pid = b.pid"
    "                    WHERE o.backend_type = 'autovacuum worker')";

static bool has_waiter(void *context) {
    const struct ledger *ledger = context;
    return db_int(ledger->db, waiters, 0) > 0;
}

Test(lock_waits, test_no_session_of_ours_waits_for_another_under_load, .timeout = 300) {
    const char *const arguments[] = {"--writers", "4", NULL};
    struct stage stage;
    struct load load;
    stage_open(&stage, "lock_waits", 0);
    stage_add(&stage, &(struct worker_plan){.arguments = arguments});
    worker_wait_owners(&stage.ledger, 0, STAGE_TIMEOUT_MS);
    load_start(&load, &stage.ledger,
               &(struct load_plan){.traffic = {.seed = 5, .accounts = 1000, .repeated = 20,
                                               .conflicting = 5, .poison = 2},
                                   .rate = 10000});
    int64_t applied = worker_applied(&stage.ledger);
    int64_t seen = 0;
    for (int i = 0; i < SAMPLES; i++) {
        seen += has_waiter(&stage.ledger);
        clock_sleep_ms(SAMPLE_MS);
    }
    cr_expect_eq(seen, 0, "of %d samples %lld met a waiter", SAMPLES, (long long)seen);
    cr_expect_gt(worker_applied(&stage.ledger), applied + 10000, "there was no load");
    load_stop(&load, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}

/* Else the test above would prove nothing. */
Test(lock_waits, test_a_wait_would_be_seen, .timeout = 300) {
    struct stage stage;
    stage_open(&stage, "lock_seen", 1);
    PGconn *other = db_open(stage.ledger.admin);
    db_exec(other, "BEGIN");
    db_exec(other, "UPDATE teller.lane SET detail = detail");
    stage_teller(&stage.ledger, 0, NULL, 0, "open", "bob", "--currency", "KRW", NULL);
    cr_expect(wait_until(has_waiter, &stage.ledger, STAGE_TIMEOUT_MS));
    db_exec(other, "ROLLBACK");
    PQfinish(other);
    stage_close(&stage);
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "r");
    must(file != NULL && fseek(file, 0, SEEK_END) == 0, "cannot read %s", path);
    size_t size = (size_t)ftell(file);
    char *text = calloc(1, size + 1);
    must(text != NULL, "out of memory");
    rewind(file);
    must(fread(text, 1, size, file) == size, "cannot read %s", path);
    fclose(file);
    return text;
}

/* Comments may say what statements must not. Strings are left in: statements are strings in C. */
static void blank_comments(char *text) {
    for (char *at = text; *at != '\0'; at++) {
        bool is_line = strncmp(at, "-- ", 3) == 0 || strncmp(at, "//", 2) == 0;
        const char *end = is_line                       ? strchr(at, '\n')
                          : strncmp(at, "/*", 2) == 0 ? strstr(at, "*/")
                                                      : at;
        for (; *at != '\0' && at < end; at++) {
            *at = ' ';
        }
        *at = (char)toupper((unsigned char)*at);
    }
}

static void expect_none(const char *dir, const char *suffix) {
    static const char *const banned[] = {"FOR UPDATE",  "FOR SHARE",   "FOR NO KEY",
                                         "FOR KEY",     "PG_ADVISORY", "PG_TRY_ADVISORY",
                                         "FOREIGN KEY", "REFERENCES ", "LOCK TABLE"};
    DIR *entries = opendir(dir);
    must(entries != NULL, "cannot read %s", dir);
    int files = 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, suffix) != 0) {
            continue;
        }
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        char *text = read_file(path);
        blank_comments(text);
        for (size_t i = 0; i < sizeof banned / sizeof *banned; i++) {
            cr_expect_null(strstr(text, banned[i]), "%s: %s", path, banned[i]);
        }
        free(text);
        files++;
    }
    closedir(entries);
    cr_expect_gt(files, 0, "nothing in %s", dir);
}

Test(lock_waits, test_no_statement_asks_for_a_lock_to_read) {
    expect_none("schemas/db", ".sql");
    expect_none("consumer/adapters", ".c");
    expect_none("consumer/adapters", ".h");
    expect_none("producer", ".c");
}
