/* The README is run: a reader who types its commands sees what it shows. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness/console.h"
#include "tests/harness/must.h"
#include "tests/harness/stage.h"

#define PATH_ROOM 1024

static void link_into(const char *dir, const char *name, const char *target) {
    char path[2 * PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    must(symlink(target, path) == 0, "cannot make %s", path);
}

/* A copy of the repository in which build/ is this build and .sandbox/env leads to this test. */
static void make_copy(const struct ledger *ledger, char dir[PATH_ROOM]) {
    static const char *const rooms[] = {"Makefile", "common",  "consumer", "producer",
                                        "schemas",  "docker",  "docs",     "tests"};
    char here[PATH_ROOM];
    char path[2 * PATH_ROOM];
    must(getcwd(here, sizeof here) != NULL, "no working directory");
    snprintf(dir, PATH_ROOM, "/tmp/teller-readme-XXXXXX");
    must(mkdtemp(dir) != NULL, "no directory for the copy");
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        snprintf(path, sizeof path, "%s/%s", here, rooms[i]);
        link_into(dir, rooms[i], path);
    }
    char program[PROGRAM_PATH_MAX];
    program_path("teller", program);
    *strrchr(program, '/') = '\0';
    snprintf(path, sizeof path, "%s%s%s", program[0] == '/' ? "" : here,
             program[0] == '/' ? "" : "/", program);
    link_into(dir, "build", path);
    snprintf(path, sizeof path, "%s/.sandbox", dir);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/.sandbox/env", dir);
    FILE *env = fopen(path, "w");
    must(env != NULL, "cannot write %s", path);
    for (size_t i = 0; ledger->env[i] != NULL; i++) {
        size_t name = strcspn(ledger->env[i], "=");
        fprintf(env, "export %.*s='%s'\n", (int)name, ledger->env[i], ledger->env[i] + name + 1);
    }
    fclose(env);
}

static void remove_copy(const char *dir) {
    struct captured captured;
    const char *const argv[] = {"rm", "-rf", dir, NULL};
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, STAGE_TIMEOUT_MS);
    captured_close(&captured);
}

static void expect_session(struct stage *stage, const char *file) {
    char dir[PATH_ROOM];
    struct console *console = calloc(1, sizeof *console);
    must(console != NULL, "out of memory");
    console_read(console, file);
    cr_expect_gt(console->count, 0, "%s shows no command", file);
    make_copy(&stage->ledger, dir);
    console_run(console, dir, stage->ledger.env);
    for (size_t i = 0; i < console->count; i++) {
        const struct console_step *step = &console->steps[i];
        cr_expect(console_agrees(step), "%s:%d: $ %sended with %d and printed\n%s\nnot\n%s", file,
                  step->line, step->command, step->status, step->printed, step->expected);
    }
    remove_copy(dir);
    free(console);
}

Test(readme, test_every_command_prints_what_the_readme_shows, .timeout = 300) {
    struct stage stage;
    stage_open(&stage, "readme", 1);
    expect_session(&stage, "README.md");
    stage_close(&stage);
}

static void write_sample(char path[PATH_ROOM], const char *said) {
    snprintf(path, PATH_ROOM, "/tmp/teller-readme-XXXXXX");
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    must(file != NULL, "cannot write %s", path);
    fprintf(file, "text\n```console\n$ echo one two\n%s\n$ make all\nanything\n```\n", said);
    fclose(file);
}

static bool agrees(const char *said) {
    char path[PATH_ROOM];
    struct console *console = calloc(1, sizeof *console);
    must(console != NULL, "out of memory");
    write_sample(path, said);
    console_read(console, path);
    console_run(console, ".", NULL);
    bool first = console->count == 2 && console_agrees(&console->steps[0]);
    unlink(path);
    free(console);
    return first;
}

Test(readme, test_a_wrong_line_would_be_seen) {
    cr_expect(agrees("one two"));
    cr_expect(agrees("one ..."));
    cr_expect_not(agrees("one three"));
}
