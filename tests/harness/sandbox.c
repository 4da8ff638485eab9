#include "tests/harness/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/must.h"
#include "tests/harness/proc.h"
#include "tests/harness/process.h"

#define SCRIPT_TIMEOUT_MS 120000
#define PATH_ROOM (SANDBOX_TEXT_MAX + 64)

static void keep(char text[SANDBOX_TEXT_MAX], const char *value) {
    must(strlen(value) < SANDBOX_TEXT_MAX, "too long: %s", value);
    snprintf(text, SANDBOX_TEXT_MAX, "%s", value);
}

void sandbox_shared(struct sandbox *sandbox) {
    keep(sandbox->dir, must_getenv("TELLER_SANDBOX"));
    keep(sandbox->brokers, must_getenv("TELLER_BROKERS"));
    keep(sandbox->db, must_getenv("TELLER_DB"));
    keep(sandbox->db_admin, must_getenv("TELLER_DB_ADMIN"));
    keep(sandbox->db_tcp, must_getenv("TELLER_DB_TCP"));
}

static void run_script(const char *script, const char *option, const char *dir) {
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "tests/sandbox/%s", script);
    const char *argv[] = {path, option != NULL ? option : dir, option != NULL ? dir : NULL, NULL};
    struct captured captured;
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, SCRIPT_TIMEOUT_MS);
    must(captured.status == 0, "%s %s: %s", script, dir, captured.err);
    captured_close(&captured);
}

/* A line of DIR/env is: export NAME='value' */
static void read_variable(const char *line, struct sandbox *sandbox) {
    const struct {
        const char *name;
        char *into;
    } variables[] = {
        {"export TELLER_BROKERS='", sandbox->brokers},
        {"export TELLER_DB='", sandbox->db},
        {"export TELLER_DB_ADMIN='", sandbox->db_admin},
        {"export TELLER_DB_TCP='", sandbox->db_tcp},
    };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        size_t len = strlen(variables[i].name);
        if (strncmp(line, variables[i].name, len) == 0) {
            keep(variables[i].into, line + len);
            variables[i].into[strcspn(variables[i].into, "'")] = '\0';
        }
    }
}

void sandbox_up(struct sandbox *sandbox, const char *name) {
    *sandbox = (struct sandbox){.dir = ""};
    snprintf(sandbox->dir, sizeof sandbox->dir, "%s/%s", must_getenv("TELLER_SANDBOX"), name);
    run_script("up", NULL, sandbox->dir);
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/env", sandbox->dir);
    FILE *file = fopen(path, "r");
    must(file != NULL, "cannot read %s", path);
    char line[2 * SANDBOX_TEXT_MAX];
    while (fgets(line, sizeof line, file) != NULL) {
        read_variable(line, sandbox);
    }
    fclose(file);
    must(sandbox->db_tcp[0] != '\0', "%s is incomplete", path);
}

void sandbox_down(struct sandbox *sandbox) {
    run_script("down", "--wipe", sandbox->dir);
}

void sandbox_script(const struct sandbox *sandbox, const char *script) {
    run_script(script, NULL, sandbox->dir);
}

static void kill_by_file(const char *path) {
    pid_t pid = proc_read_pid(path);
    must(pid > 1, "no pid in %s", path);
    must(kill(pid, SIGKILL) == 0, "cannot kill %d", (int)pid);
}

void sandbox_kill_broker(const struct sandbox *sandbox) {
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/kafka.pid", sandbox->dir);
    kill_by_file(path);
}

void sandbox_kill_database(const struct sandbox *sandbox) {
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/base/pg/postmaster.pid", sandbox->dir);
    kill_by_file(path);
}
