/* tellerd: finds the verb and runs it. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/err.h"
#include "common/suggest.h"
#include "common/version.h"
#include "consumer/runtime/run.h"
#include "consumer/verbs/verbs.h"

struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; /* one line */
};

static const struct verb verbs[] = {
    {"init", verb_init, "make topics, roles, schema and registration"},
    {"run", run_worker, "apply commands until told to stop"},
    {"migrate", verb_migrate, "upgrade the schema"},
    {"verify", verb_verify, "prove the ledger; exit 1 at a difference"},
    {"replay", verb_replay, "apply the log again in memory and compare; exit 1 at a difference"},
    {"status", verb_status, "show lanes, owners and lags"},
    {"quarantine", verb_quarantine, "list and show what could not be understood"},
    {"secret", verb_secret, "export and import the secrets that sign legs"},
    {"health", verb_health, "exit 0 while that worker (--http) or the ledger is ready"},
};

#define VERBS_COUNT (sizeof verbs / sizeof *verbs)

static void print_help(FILE *out) {
    fputs("usage: tellerd VERB [OPTION]...\n\n", out);
    for (size_t i = 0; i < VERBS_COUNT; i++) {
        fprintf(out, "  %-12s %s\n", verbs[i].name, verbs[i].help);
    }
    fputs("\nOptions of a verb: tellerd VERB --help\n", out);
}

static const struct verb *find_verb(const char *name) {
    for (size_t i = 0; i < VERBS_COUNT; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

static int refuse(const char *typed) {
    const char *names[VERBS_COUNT];
    for (size_t i = 0; i < VERBS_COUNT; i++) {
        names[i] = verbs[i].name;
    }
    const char *near = suggest_word(typed, names, VERBS_COUNT);
    if (near != NULL) {
        fprintf(stderr, "tellerd: unknown verb %s; did you mean %s?\n", typed, near);
    } else {
        fprintf(stderr, "tellerd: unknown verb %s; tellerd help lists them\n", typed);
    }
    return err_exit_code(ERR_USAGE);
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c) {
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static int run_verb(int argc, char **argv) {
    if (argc < 2) {
        print_help(stderr);
        return err_exit_code(ERR_USAGE);
    }
    if (is_one_of(argv[1], "help", "--help", "-h")) {
        print_help(stdout);
        return 0;
    }
    if (is_one_of(argv[1], "version", "--version", "-V")) {
        puts("tellerd " TELLER_VERSION);
        return 0;
    }
    const struct verb *verb = find_verb(argv[1]);
    return verb != NULL ? verb->run(argc - 1, argv + 1) : refuse(argv[1]);
}

int main(int argc, char **argv) {
    int status = run_verb(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        fputs("tellerd: cannot write to standard output\n", stderr);
        status = err_exit_code(ERR_UNREACHABLE);
    }
    /* Not a return: a worker that was told to end at once has threads that still use what exit(3)
     * would take apart. */
    fflush(NULL);
    _exit(status);
}
