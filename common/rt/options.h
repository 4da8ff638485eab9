/* One table per option set: it feeds parsing, bounds, environment, config file, help and docs. */
#ifndef TELLER_COMMON_RT_OPTIONS_H
#define TELLER_COMMON_RT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>
#include <stdio.h>

#include "common/err.h"

enum option_kind { OPTION_FLAG, OPTION_INT, OPTION_TEXT, OPTION_LIST };
enum option_origin { ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_ENV, ORIGIN_FLAG };

/* Everything about one option. Its value is kept in the field at `offset` of the caller's struct:
 * bool, int64_t, const char * or struct option_list. Later sources win: default < file <
 * environment < flag; the items of a list replace those of an earlier source. */
struct option {
    const char *name;     /* long name without dashes; also the key in a config file */
    char letter;          /* short form; 0: none */
    enum option_kind kind;
    size_t offset;
    const char *argument; /* "N", "HOST:PORT"; NULL for flags */
    const char *env;      /* environment variable; NULL: none */
    const char *initial;  /* default, as text; NULL: none */
    int64_t low, high;    /* bounds of OPTION_INT */
    bool secret;          /* masked wherever it is shown */
    const char *help;     /* one line */
};

#define OPTION_LIST_MAX 64

struct option_list {
    const char *items[OPTION_LIST_MAX];
    int count;
};

/* Fills *values (the caller's struct, zeroed) from defaults, the file named by the option called
 * "config" if the table has one, the environment (an empty variable is none) and argv, whose first
 * word is passed over. Options may stand before and behind the operands; "--" ends them. *operands
 * gets the index of the first operand: argv is permuted. Texts point into argv, the environment or
 * memory that lives until the process ends. origins (may be NULL) has one entry per option, of
 * which there are at most 64. Not thread-safe: getopt_long and libinih have global state.
 * False: ERR_USAGE naming the option, with a "did you mean". */
bool options_parse(const struct option *table, int count, int argc, char **argv, void *values,
                   enum option_origin *origins, int *operands, struct err *err);

/* The options part of a help text, wrapped to 80 columns. */
void options_help(const struct option *table, int count, FILE *out);

#endif
