/* The settings file behind an option table: lines of `option = value`, read by libinih. For
 * options.c only. */
#ifndef TELLER_COMMON_RT_OPTIONS_FILE_H
#define TELLER_COMMON_RT_OPTIONS_FILE_H

#include <stdbool.h>

#include "common/err.h"
#include "common/rt/options.h"

/* A table, the values it describes, and where each of them came from. */
struct option_set {
    const struct option *table;
    int count;
    void *values;
    enum option_origin *origins;
};

/* Sets option `i` from text, which must live until the process ends, unless a source that counts
 * for more has set it. False: ERR_USAGE. */
bool options_file_set(const struct option_set *set, int i, const char *text,
                      enum option_origin origin, struct err *err);

/* Index of that option, or -1. */
int options_file_find(const struct option_set *set, const char *name);

/* The option that a mistyped name was likely meant to be, or NULL. */
const char *options_file_suggest(const struct option_set *set, const char *name);

/* Reads the file. A name that is nearly one of the table is a mistake; any other belongs to another
 * command that shares the file. False: ERR_USAGE naming file and line. */
bool options_file_read(const struct option_set *set, const char *path, struct err *err);

#endif
