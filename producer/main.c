#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/rt/log.h"
#include "common/rt/stop.h"
#include "common/suggest.h"
#include "producer/cli.h"
#include "producer/verbs.h"

#define VERBS_MAX 64

static bool refuse_verb(const char *name, struct err *err) {
    const char *names[VERBS_MAX];
    CHECK(cli_verbs_count <= VERBS_MAX);
    for (int i = 0; i < cli_verbs_count; i++) {
        names[i] = cli_verbs[i].name;
    }
    const char *near = suggest_word(name, names, (size_t)cli_verbs_count);
    return near == NULL ? err_set(err, ERR_USAGE, "unknown verb %s; teller help lists them", name)
                        : err_set(err, ERR_USAGE, "unknown verb %s; did you mean %s?", name, near);
}

static const struct verb *find_verb(int argc, char **argv, struct err *err) {
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        name = "help";
    } else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        name = "version";
    }
    const struct verb *verb = cli_find_verb(name);
    if (verb == NULL) {
        refuse_verb(name, err);
    }
    return verb;
}

static bool check_operands(const struct cli *cli, struct err *err) {
    const struct verb *verb = cli->verb;
    if (cli->operands_count >= verb->least && cli->operands_count <= verb->most) {
        return true;
    }
    return err_set(err, ERR_USAGE, "%s operands: teller %s %s (see teller help %s)",
                   cli->operands_count < verb->least ? "missing" : "too many", verb->name,
                   verb->operands, verb->name);
}

static int run(struct cli *cli, int argc, char **argv) {
    struct err err = ERR_INIT;
    int first = argc;
    /* The verb takes the place of a program's name: options_parse passes over it. */
    if (argc > 1 && !settings_parse(cli->verb->groups, argc - 1, argv + 1, &cli->settings,
                                    cli->origins, &first, &err)) {
        return cli_fail(&err);
    }
    cli->operands = argc > 1 ? argv + 1 + first : argv + argc;
    cli->operands_count = argc > 1 ? argc - 1 - first : 0;
    if (cli->settings.help) {
        verb_help_of(cli->verb, stdout);
        return 0;
    }
    if (!check_operands(cli, &err)) {
        return cli_fail(&err);
    }
    log_set_level(cli->settings.verbose ? LOG_DEBUG : LOG_ERROR);
    return cli->verb->run(cli);
}

int main(int argc, char **argv) {
    const char *typed[256];
    struct cli cli = {.argv = typed};
    struct err err = ERR_INIT;
    if (argc > (int)(sizeof typed / sizeof *typed)) {
        err_set(&err, ERR_USAGE, "more than %d words", (int)(sizeof typed / sizeof *typed));
        return cli_fail(&err);
    }
    for (cli.argc = 0; cli.argc < argc; cli.argc++) {
        typed[cli.argc] = argv[cli.argc];
    }
    stop_install();
    cli.verb = find_verb(argc, argv, &err);
    if (cli.verb == NULL) {
        return cli_fail(&err);
    }
    int code = run(&cli, argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        err_set(&err, ERR_UNREACHABLE, "cannot write to standard output");
        return cli_fail(&err);
    }
    return stop_requested() ? err_exit_code(ERR_INTERRUPTED) : code;
}
