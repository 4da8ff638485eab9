#include "tests/harness/console.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/uuid.h"
#include "tests/harness/must.h"
#include "tests/harness/process.h"

#define RUN_TIMEOUT_MS 120000
#define MARK "@@step "

static void append(char text[CONSOLE_TEXT_MAX], const char *line) {
    size_t len = strlen(text);
    must(len + strlen(line) < CONSOLE_TEXT_MAX, "a block is too long: %s", line);
    memcpy(text + len, line, strlen(line) + 1);
}

static void add_line(struct console *console, int number, const char *line) {
    if (strncmp(line, "$ ", 2) == 0) {
        must(console->count < CONSOLE_STEPS_MAX, "more than %d commands", CONSOLE_STEPS_MAX);
        struct console_step *step = &console->steps[console->count++];
        *step = (struct console_step){.line = number, .status = -1};
        append(step->command, line + 2);
    } else if (console->count > 0) {
        struct console_step *step = &console->steps[console->count - 1];
        size_t len = strlen(step->command);
        bool goes_on = step->expected[0] == '\0' && len > 1 && step->command[len - 2] == '\\';
        append(goes_on ? step->command : step->expected, line);
    }
}

void console_read(struct console *console, const char *path) {
    FILE *file = fopen(path, "r");
    must(file != NULL, "cannot read %s", path);
    char line[CONSOLE_TEXT_MAX];
    bool is_inside = false;
    console->count = 0;
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        if (strncmp(line, "```", 3) == 0) {
            is_inside = strncmp(line, "```console", 10) == 0;
        } else if (is_inside) {
            add_line(console, number, line);
        }
    }
    fclose(file);
}

static bool begins_with(const char *text, const char *word) {
    return strncmp(text, word, strlen(word)) == 0;
}

/* `git clone` and the way into the clone: the test is in a clone already. */
static bool is_left_out(const char *command) {
    return begins_with(command, "git clone") || begins_with(command, "cd ");
}

static char *write_script(const struct console *console) {
    size_t room = console->count * (CONSOLE_TEXT_MAX + 64) + 64;
    char *script = calloc(1, room);
    must(script != NULL, "out of memory");
    size_t len = 0;
    for (size_t i = 0; i < console->count; i++) {
        const char *command = console->steps[i].command;
        if (is_left_out(command)) {
            continue;
        }
        bool is_make = begins_with(command, "make");
        len += (size_t)snprintf(script + len, room - len,
                                "echo; echo '" MARK "%zu'\n%s%s\necho; echo \"" MARK "$?\"\n", i,
                                is_make ? "make -n >/dev/null" : "", command + (is_make ? 4 : 0));
    }
    return script;
}

/* What stands between a step's two marks, and the status behind the second. */
static void take_output(struct console *console, const char *out) {
    for (const char *at = strstr(out, MARK); at != NULL; at = strstr(at + 1, MARK)) {
        size_t i = (size_t)strtol(at + strlen(MARK), NULL, 10);
        const char *begin = strchr(at, '\n');
        const char *end = begin != NULL ? strstr(begin, "\n" MARK) : NULL;
        must(i < console->count && end != NULL, "the session ended early:\n%s", at);
        struct console_step *step = &console->steps[i];
        snprintf(step->printed, sizeof step->printed, "%.*s", (int)(end - begin - 1), begin + 1);
        step->status = (int)strtol(end + 1 + strlen(MARK), NULL, 10);
        at = end + 1;
    }
}

void console_run(struct console *console, const char *dir, const char *const *env) {
    char into[CONSOLE_TEXT_MAX];
    char *script = write_script(console);
    snprintf(into, sizeof into, "cd '%s' && exec bash -s 2>&1", dir);
    struct captured captured;
    const char *const argv[] = {"bash", "-c", into, NULL};
    captured_run(&captured, &(struct process_plan){.argv = argv, .env = env}, script,
                 RUN_TIMEOUT_MS);
    take_output(console, captured.out);
    captured_close(&captured);
    free(script);
}

/* Puts one letter in place of what differs from run to run; returns how many bytes it took. */
static size_t skip_variable(const char *at, char *letter) {
    struct uuid uuid;
    if (strlen(at) >= UUID_TEXT_LEN && uuid_parse(at, UUID_TEXT_LEN, &uuid)) {
        *letter = 'U';
        return UUID_TEXT_LEN;
    }
    size_t time = strspn(at, "0123456789-T:.+Z");
    if (time >= 19 && at[4] == '-' && at[10] == 'T') {
        *letter = 'T';
        return time;
    }
    *letter = '@';
    return at[0] == '@' ? 1 + strspn(at + 1, "0123456789") : 0;
}

static void normalise(const char *text, char out[CONSOLE_TEXT_MAX]) {
    size_t len = 0;
    while (*text != '\0' && len + 1 < CONSOLE_TEXT_MAX) {
        char letter = *text;
        size_t skipped = skip_variable(text, &letter);
        out[len++] = skipped > 0 ? letter : *text;
        text += skipped > 0 ? skipped : 1;
    }
    while (len > 0 && isspace((unsigned char)out[len - 1])) {
        len--;
    }
    out[len] = '\0';
}

bool console_agrees(const struct console_step *step) {
    char expected[CONSOLE_TEXT_MAX];
    char printed[CONSOLE_TEXT_MAX];
    if (step->status < 0 || begins_with(step->command, "make")) {
        return step->status <= 0;
    }
    normalise(step->expected, expected);
    normalise(step->printed, printed);
    char *rest = strstr(expected, "...");
    if (rest != NULL) {
        return strncmp(expected, printed, (size_t)(rest - expected)) == 0;
    }
    return expected[0] == '\0' || strcmp(expected, printed) == 0;
}
