/* Documentation that is run: the fenced blocks marked `console` of a Markdown file, as one session
 * in one shell. A line after "$ " is typed, the lines below it are what it must print. */
#ifndef TELLER_TESTS_HARNESS_CONSOLE_H
#define TELLER_TESTS_HARNESS_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#define CONSOLE_STEPS_MAX 64
#define CONSOLE_TEXT_MAX 4096

struct console_step {
    int line; /* in the file */
    char command[CONSOLE_TEXT_MAX];
    char expected[CONSOLE_TEXT_MAX]; /* "": nothing is said about its output */
    char printed[CONSOLE_TEXT_MAX];
    int status; /* -1: it was not run */
};

struct console {
    struct console_step steps[CONSOLE_STEPS_MAX];
    size_t count;
};

/* Reads the blocks of a file. A large struct: the caller keeps it on the heap. */
void console_read(struct console *console, const char *path);

/* Types everything into bash, in `dir`, with these further variables. `make ...` is only looked at
 * (make -n), `git clone` and the `cd` behind it are left out. */
void console_run(struct console *console, const char *dir, const char *const *env);

/* True when the step printed what the file says, but for ids, offsets and times. "..." stands for
 * whatever follows. */
bool console_agrees(const struct console_step *step);

#endif
