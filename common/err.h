/* Errors of the world (never of the programmer: those are asserts).
 *
 * An error lives in a value owned by the caller, says what to do next, gains context on its way up
 * and is logged once, by whoever handles it. The kind decides the exit code. */
#ifndef TELLER_COMMON_ERR_H
#define TELLER_COMMON_ERR_H

#include <stdbool.h>

enum err_kind {
    ERR_NONE = 0,
    ERR_USAGE,       /* the command line is wrong: exit 64 */
    ERR_DATA,        /* the input is wrong, trying again cannot help: exit 65 */
    ERR_UNREACHABLE, /* broker or database does not answer; retry later: exit 69 */
    ERR_BUG,         /* an invariant of ours is broken; die: exit 70 */
    ERR_UNKNOWN,     /* the outcome is not known; retry with the same id: exit 75 */
    ERR_DENIED,      /* credentials or privileges: exit 77 */
    ERR_OPERATOR,    /* a person must decide (schema, cluster, gap, fenced): exit 78 */
    ERR_INTERRUPTED, /* the user stopped it: exit 130 */
};

#define ERR_TEXT_MAX 1024

struct err {
    enum err_kind kind;
    char text[ERR_TEXT_MAX]; /* one line, no trailing newline, always NUL-terminated */
};

#define ERR_INIT { .kind = ERR_NONE, .text = "" }

/* Sets *err (which may be NULL: then nobody wants to know) and returns false, so that a failing
 * function may end in `return err_set(err, ...)`. Text beyond ERR_TEXT_MAX is cut. */
bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text already there. Returns false. */
bool err_context(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The process exit code of a kind (sysexits.h where it has one). */
int err_exit_code(enum err_kind kind);

#endif
