#include "common/rt/options_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

struct reading {
    const struct option_set *set;
    struct err *err;
    bool failed;
};

/* A value lives as long as the process: options are read once, at its start. */
static bool keep(const struct option_set *set, int i, const char *text, struct err *err) {
    if (set->origins[i] > ORIGIN_FILE) {
        return true;
    }
    char *copy = strdup(text);
    if (copy == NULL) {
        return err_set(err, ERR_BUG, "out of memory");
    }
    if (!options_file_set(set, i, copy, ORIGIN_FILE, err)) {
        free(copy);
        return false;
    }
    bool is_text = set->table[i].kind == OPTION_TEXT || set->table[i].kind == OPTION_LIST;
    if (!is_text) {
        free(copy);
    }
    return true;
}

static bool set_pair(const struct option_set *set, const char *section, const char *name,
                     const char *value, struct err *err) {
    if (section[0] != '\0') {
        return err_set(err, ERR_USAGE, "sections like [%s] mean nothing here", section);
    }
    int i = options_file_find(set, name);
    if (i >= 0) {
        return keep(set, i, value, err);
    }
    const char *near = options_file_suggest(set, name);
    return near == NULL ||
           err_set(err, ERR_USAGE, "unknown option %s; did you mean %s?", name, near);
}

/* libinih calls this for each pair; 0 makes it remember the line of the first failure. */
static int on_pair(void *user, const char *section, const char *name, const char *value) {
    struct reading *reading = user;
    if (!reading->failed && !set_pair(reading->set, section, name, value, reading->err)) {
        reading->failed = true;
        return 0;
    }
    return 1;
}

bool options_file_read(const struct option_set *set, const char *path, struct err *err) {
    struct reading reading = {.set = set, .err = err, .failed = false};
    ini_use_stack = false; /* the stack's buffer cuts lines at 200 bytes without a word */
    ini_max_line = 65536;
    ini_initial_alloc = 4096;
    ini_allow_realloc = true;
    ini_allow_multiline = false;
    ini_allow_inline_comments = false; /* a password may have a semicolon */
    int line = ini_parse(path, on_pair, &reading);
    if (line == 0) {
        return true;
    }
    if (line < 0) {
        return err_set(err, ERR_USAGE, "cannot read %s: %s", path, strerror(errno));
    }
    if (!reading.failed) {
        err_set(err, ERR_USAGE, "not of the form: option = value");
    }
    return err_context(err, "%s:%d", path, line);
}
