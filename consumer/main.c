/* tellerd: finds the verb and runs it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/err.h"
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
    {"health", verb_health, "exit 0 while the worker of this machine works"},
};

#define VERBS_COUNT (sizeof verbs / sizeof *verbs)

static void print_help(FILE *out) {
    fputs("usage: tellerd VERB [OPTION]...\n\n", out);
    for (size_t i = 0; i < VERBS_COUNT; i++)
        fprintf(out, "  %-12s %s\n", verbs[i].name, verbs[i].help);
    fputs("\nOptions of a verb: tellerd VERB --help\n", out);
}

static const struct verb *find_verb(const char *name) {
    for (size_t i = 0; i < VERBS_COUNT; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

int main(int argc, char **argv) {
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_help(stdout);
        return 0;
    }
    const struct verb *verb = argc < 2 ? NULL : find_verb(argv[1]);
    if (verb == NULL) {
        if (argc >= 2)
            fprintf(stderr, "tellerd: no such verb: %s\n\n", argv[1]);
        print_help(stderr);
        return err_exit_code(ERR_USAGE);
    }
    int status = verb->run(argc - 1, argv + 1);
    /* Not a return: a worker that was told to end at once has threads that still use what exit(3)
     * would take apart. */
    fflush(NULL);
    _exit(status);
}
