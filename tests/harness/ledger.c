#include "tests/harness/ledger.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/rt/clock.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/harness/topics.h"

#define PROGRAM_TIMEOUT_MS 120000

/* Later words of a conninfo win. */
static void with_database(char text[LEDGER_TEXT_MAX], const char *conninfo, const char *name) {
    snprintf(text, LEDGER_TEXT_MAX, "%s dbname=%s", conninfo, name);
}

static void set_names(struct ledger *ledger) {
    with_database(ledger->admin, ledger->sandbox.db_admin, ledger->name);
    with_database(ledger->tcp, ledger->sandbox.db_tcp, ledger->name);
    snprintf(ledger->commands, LEDGER_TEXT_MAX, "%s.commands", ledger->prefix);
    snprintf(ledger->results, LEDGER_TEXT_MAX, "%s.results", ledger->prefix);
    snprintf(ledger->dead_letters, LEDGER_TEXT_MAX, "%s.dead-letters", ledger->prefix);
    snprintf(ledger->logs, LEDGER_TEXT_MAX, "%s/logs/%s", ledger->sandbox.dir, ledger->name);
}

static void set_environment(struct ledger *ledger) {
    char db[LEDGER_TEXT_MAX];
    with_database(db, ledger->sandbox.db, ledger->name);
    const char *const values[LEDGER_ENV_MAX][2] = {
        {"TELLER_BROKERS", ledger->sandbox.brokers}, {"TELLER_DB", db},
        {"TELLER_DB_ADMIN", ledger->admin},          {"TELLER_PREFIX", ledger->prefix},
        {"TELLER_GROUP", ledger->prefix},            {"NO_COLOR", "1"},
    };
    for (size_t i = 0; i < LEDGER_ENV_MAX; i++) {
        int len = snprintf(ledger->variables[i], LEDGER_TEXT_MAX, "%s=%s", values[i][0],
                           values[i][1]);
        must(len > 0 && len < LEDGER_TEXT_MAX, "%s is too long", values[i][0]);
        ledger->env[i] = ledger->variables[i];
    }
    ledger->env[LEDGER_ENV_MAX] = NULL;
}

/* Without a transaction around it, which PostgreSQL would refuse. */
static void replace_database(const struct ledger *ledger, bool make_again) {
    PGconn *conn = db_open(ledger->sandbox.db_admin);
    char sql[LEDGER_NAME_MAX + 64];
    db_exec(conn, "SET client_min_messages = error");
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", ledger->name);
    db_exec(conn, sql);
    if (make_again) {
        snprintf(sql, sizeof sql, "CREATE DATABASE %s", ledger->name);
        db_exec(conn, sql);
    }
    PQfinish(conn);
}

static void make_logs(struct ledger *ledger) {
    char path[LEDGER_TEXT_MAX + 16];
    snprintf(path, sizeof path, "%s/logs", ledger->sandbox.dir);
    mkdir(path, 0777);
    mkdir(ledger->logs, 0777);
    for (int i = 0; i < 16; i++) {
        snprintf(path, sizeof path, "%s/worker-%d.log", ledger->logs, i);
        remove(path);
    }
}

static void init(struct ledger *ledger) {
    char partitions[8];
    snprintf(partitions, sizeof partitions, "%u", (unsigned)ledger->partitions);
    const char *const arguments[] = {"init", "--partitions", partitions, "--replication", "1",
                                     NULL};
    struct captured captured;
    ledger_tellerd(ledger, &captured, arguments);
    must(captured.status == 0, "tellerd init ended with %d: %s%s", captured.status, captured.out,
         captured.err);
    captured_close(&captured);
}

void ledger_open_on(struct ledger *ledger, const struct sandbox *sandbox, const char *name,
                    uint16_t partitions) {
    *ledger = (struct ledger){
        .sandbox = *sandbox, .partitions = partitions, .program_ms = PROGRAM_TIMEOUT_MS};
    snprintf(ledger->name, sizeof ledger->name, "test_%s", name);
    /* A broker removes topics in its own time: a new prefix for every run. */
    snprintf(ledger->prefix, sizeof ledger->prefix, "%s-%llx", name,
             (unsigned long long)clock_unix_ms());
    set_names(ledger);
    set_environment(ledger);
    make_logs(ledger);
    replace_database(ledger, true);
    init(ledger);
    ledger->db = db_open(ledger->admin);
}

void ledger_open(struct ledger *ledger, const char *name, uint16_t partitions) {
    struct sandbox sandbox;
    sandbox_shared(&sandbox);
    ledger_open_on(ledger, &sandbox, name, partitions);
}

void ledger_close(struct ledger *ledger) {
    PQfinish(ledger->db);
    ledger->db = NULL;
    replace_database(ledger, false);
    topics_drop(ledger->sandbox.brokers, ledger->prefix);
}

void ledger_reconnect(struct ledger *ledger) {
    PQfinish(ledger->db);
    ledger->db = db_open(ledger->admin);
}

static void run(const struct ledger *ledger, const char *program, struct captured *captured,
                const char *input, const char *const *arguments) {
    char path[PROGRAM_PATH_MAX];
    program_path(program, path);
    const char *argv[PROCESS_ARGS_MAX] = {path};
    for (size_t i = 0; arguments[i] != NULL; i++) {
        must(i + 2 < PROCESS_ARGS_MAX, "too many arguments");
        argv[i + 1] = arguments[i];
    }
    captured_run(captured, &(struct process_plan){.argv = argv, .env = ledger->env}, input,
                 ledger->program_ms);
}

void ledger_tellerd(const struct ledger *ledger, struct captured *captured,
                    const char *const *arguments) {
    run(ledger, "tellerd", captured, NULL, arguments);
}

void ledger_teller(const struct ledger *ledger, struct captured *captured, const char *input,
                   const char *const *arguments) {
    run(ledger, "teller", captured, input, arguments);
}
