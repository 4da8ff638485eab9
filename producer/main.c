#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/rt/log.h"
#include "common/rt/stop.h"
#include "common/suggest.h"
#include "producer/cli.h"
#include "producer/verbs.h"

#define VERBS_MAX 64
#define PAIR_MAX 40

/* Words that are longer than any verb's are cut, and are none then either. */
static void join(char pair[PAIR_MAX], const char *first, const char *second) {
    snprintf(pair, PAIR_MAX, "%.19s %.19s", first, second);
}

static const char *near_verb(const char *typed) {
    const char *names[VERBS_MAX];
    CHECK(cli_verbs_count <= VERBS_MAX);
    for (int i = 0; i < cli_verbs_count; i++) {
        names[i] = cli_verbs[i].name;
    }
    return suggest_word(typed, names, (size_t)cli_verbs_count);
}

/* The verb of two words that the first two are near to; NULL: there is none. */
static const char *near_pair(const char *first, const char *second) {
    char typed[PAIR_MAX];
    join(typed, first, second);
    const char *near = near_verb(typed);
    return near != NULL && strchr(near, ' ') != NULL ? near : NULL;
}

static bool refuse_verb(int argc, char **argv, struct err *err) {
    const char *name = argv[1];
    const char *near = argc > 2 ? near_pair(name, argv[2]) : NULL;
    near = near != NULL ? near : near_verb(name);
    return near == NULL ? err_set(err, ERR_USAGE, "unknown verb %s; teller help lists them", name)
                        : err_set(err, ERR_USAGE, "unknown verb %s; did you mean %s?", name, near);
}

/* A verb of two words, such as product create; NULL: the words are none. */
static const struct verb *find_pair(int argc, char **argv) {
    char name[PAIR_MAX];
    if (argc < 3) {
        return NULL;
    }
    join(name, argv[1], argv[2]);
    return cli_find_verb(name);
}

static const struct verb *find_verb(int argc, char **argv, struct err *err) {
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        name = "help";
    } else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        name = "version";
    }
    const struct verb *verb = find_pair(argc, argv);
    if (verb == NULL) {
        verb = cli_find_verb(name);
    }
    if (verb == NULL) {
        refuse_verb(argc, argv, err);
    }
    return verb;
}

static bool check_operands(const struct cli *cli, struct err *err) {
    const struct verb *verb = cli->verb;
    if (cli->operands_count >= verb->least && cli->operands_count <= verb->most) {
        return true;
    }
    const char *near = cli->operands_count > verb->most && cli_verb_words(verb) == 1
                           ? near_pair(verb->name, cli->operands[0])
                           : NULL;
    if (near != NULL) {
        return err_set(err, ERR_USAGE, "%s %s is no verb; did you mean %s?", verb->name,
                       cli->operands[0], near);
    }
    return err_set(err, ERR_USAGE, "%s operands: teller %s %s (see teller help %s)",
                   cli->operands_count < verb->least ? "missing" : "too many", verb->name,
                   verb->operands, verb->name);
}

static int run(struct cli *cli, int argc, char **argv) {
    struct err err = ERR_INIT;
    int words = cli_verb_words(cli->verb);
    int first = argc;
    /* The verb's last word takes the place of a program's name: options_parse passes over it. */
    if (argc > 1 && !settings_parse(cli->verb->groups, argc - words, argv + words, &cli->settings,
                                    cli->origins, &first, &err)) {
        return cli_fail(&err);
    }
    cli->operands = argc > 1 ? argv + words + first : argv + argc;
    cli->operands_count = argc > 1 ? argc - words - first : 0;
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
