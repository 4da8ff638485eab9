/* One run of `teller`: the verb, what it was told, and what the verbs share. A verb returns the
 * exit code (help_topics.c) and has said on stderr what went wrong. */
#ifndef TELLER_PRODUCER_CLI_H
#define TELLER_PRODUCER_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/uuid.h"
#include "producer/render.h"
#include "producer/settings.h"

struct cli;
typedef int verb_run(struct cli *cli);

#define VERB_FIELDS_MAX 3

/* A row of the verb table: it dispatches, and makes help and completion. */
struct verb {
    const char *name;     /* of one word, or of two: "product create" */
    const char *operands; /* as help shows them: "ACCOUNT AMOUNT" */
    int least, most;      /* operands */
    unsigned groups;      /* of options */
    verb_run *run;
    const char *summary;
    const char *type;                    /* of the command that it sends; NULL: not exactly one */
    const char *fields[VERB_FIELDS_MAX]; /* of that command, that the operands are */
};

struct cli {
    const struct verb *verb;
    struct settings settings;
    enum option_origin origins[SETTINGS_MAX];
    char **operands;
    int operands_count;
    int argc;          /* as typed, */
    const char **argv; /* before options moved to the front */
};

extern const struct verb cli_verbs[];
extern const int cli_verbs_count;

/* NULL: no verb has that name. */
const struct verb *cli_find_verb(const char *name);

/* How many words the verb's name has. */
int cli_verb_words(const struct verb *verb);

/* Prints the error; returns its exit code. */
int cli_fail(const struct err *err);

/* The form of output that was asked for, on stdout. Close with render_close. */
void cli_render(const struct cli *cli, struct render *render);

/* The id of the command in `line` (0: the only one): given, made from the idempotency key, or made
 * up. *repeatable: running the same command line again makes it again. False: *err, ERR_DATA. */
bool cli_choose_id(const struct settings *settings, int64_t line, struct uuid *id, bool *repeatable,
                   struct err *err);

/* The command line that sends the same command again, quoted for a shell; `id` NULL where the line
 * as typed does that already. Secrets of -X are not repeated. */
void cli_retry_line(const struct cli *cli, const struct uuid *id, struct strbuf *line);

#endif
