#include "common/err.h"

#include <stdarg.h>
#include <stdio.h>

/* One line, whatever a library put into its message; too long a text is cut. */
static void keep(struct err *err, const char *text) {
    size_t len = 0;
    for (; text[len] != '\0' && len < ERR_TEXT_MAX - 1; len++) {
        bool is_blank = text[len] == '\n' || text[len] == '\r' || text[len] == '\t';
        err->text[len] = is_blank ? ' ' : text[len];
    }
    while (len > 0 && err->text[len - 1] == ' ') {
        len--;
    }
    err->text[len] = '\0';
}

/* Both build the text beside *err: their arguments may point into err->text. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...) {
    if (err == NULL) {
        return false;
    }
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err->kind = kind;
    keep(err, text);
    return false;
}

bool err_context(struct err *err, const char *format, ...) {
    if (err == NULL) {
        return false;
    }
    char context[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    char text[2 * ERR_TEXT_MAX + 2];
    snprintf(text, sizeof text, "%s: %s", context, err->text);
    keep(err, text);
    return false;
}

int err_exit_code(enum err_kind kind) {
    switch (kind) {
    case ERR_NONE: return 0;
    case ERR_USAGE: return 64;
    case ERR_DATA: return 65;
    case ERR_UNREACHABLE: return 69;
    case ERR_BUG: return 70;
    case ERR_UNKNOWN: return 75;
    case ERR_DENIED: return 77;
    case ERR_OPERATOR: return 78;
    case ERR_INTERRUPTED: return 130;
    }
    return 70;
}
