#include "common/rt/log.h"

#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "common/timestamp.h"

/* A pipe that poll(2) calls writable takes PIPE_BUF bytes at once: such a write cannot block. */
enum { LINE_MAX_BYTES = 2048, TAIL_ROOM = 2 };

struct line {
    char text[LINE_MAX_BYTES];
    size_t len;
};

static atomic_int lowest = LOG_INFO;
static atomic_long lost; /* lines that found the pipe full since the last one that went out */
static atomic_flag writing = ATOMIC_FLAG_INIT;

static const char *const words[] = {"debug", "info", "warn", "error"};

void log_set_level(enum log_level level) {
    atomic_store(&lowest, (int)level);
}

bool log_level_parse(const char *word, enum log_level *out) {
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* All but printable ASCII is escaped: no terminal sequence, no second line, no bidi games. */
static void add(struct line *line, const char *text) {
    for (; *text != '\0' && line->len + 4 + TAIL_ROOM < sizeof line->text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c < 0x7f) {
            line->text[line->len++] = (char)c;
        } else {
            line->len += (size_t)snprintf(line->text + line->len, 5, "\\x%02x", (unsigned)c);
        }
    }
}

/* What a value says must not end it and begin another pair: servers and clients choose it. */
static void add_value(struct line *line, const char *value, bool is_quoted) {
    char one[3] = "";
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\') {
            snprintf(one, sizeof one, "\\%c", *value);
            add(line, one);
        } else if (*value == ' ' && !is_quoted) {
            add(line, "\\x20");
        } else {
            snprintf(one, sizeof one, "%c", *value);
            add(line, one);
        }
    }
}

/* How long the argument of a conversion is. */
enum width { WIDTH_INT, WIDTH_LONG, WIDTH_LONG_LONG };

static void add_signed(struct line *line, long long number) {
    char text[24];
    snprintf(text, sizeof text, "%lld", number);
    add(line, text);
}

static void add_unsigned(struct line *line, unsigned long long number) {
    char text[24];
    snprintf(text, sizeof text, "%llu", number);
    add(line, text);
}

/* The part of printf(3) that pairs need: %s %d %u, with l or ll. Not printf itself, since it alone
 * would know where a value begins and ends. */
static void add_pairs(struct line *line, const char *format, va_list args) {
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            add(line, (const char[]){*at, '\0'});
            continue;
        }
        bool is_quoted = at > format && at[-1] == '"';
        int width = WIDTH_INT;
        for (at++; *at == 'l'; at++) {
            width++;
        }
        if (*at == 's') {
            add_value(line, va_arg(args, const char *), is_quoted);
        } else if (*at == 'd') {
            add_signed(line, width == WIDTH_INT    ? va_arg(args, int)
                             : width == WIDTH_LONG ? va_arg(args, long)
                                                   : va_arg(args, long long));
        } else {
            CHECK(*at == 'u');
            add_unsigned(line, width == WIDTH_INT    ? va_arg(args, unsigned)
                               : width == WIDTH_LONG ? va_arg(args, unsigned long)
                                                     : va_arg(args, unsigned long long));
        }
    }
}

static void begin(struct line *line, enum log_level level, const char *message, bool terminal) {
    char at[TIMESTAMP_TEXT_LEN + 1];
    timestamp_format(clock_unix_ms(), at);
    char head[256];
    if (terminal) {
        snprintf(head, sizeof head, "%.12s %-5s %s", at + 11, words[level], message);
    } else {
        snprintf(head, sizeof head, "ts=%s level=%s msg=\"%s\"", at, words[level], message);
    }
    line->len = 0;
    add(line, head);
}

/* Another process may fill the same pipe between the two calls; it then has to be drained. */
static bool write_now(const char *text, size_t len) {
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0 &&
           write(STDERR_FILENO, text, len) == (ssize_t)len;
}

static void finish(struct line *line) {
    while (atomic_flag_test_and_set(&writing)) {
        sched_yield();
    }
    long missing = atomic_exchange(&lost, 0);
    if (missing > 0) {
        char note[40];
        snprintf(note, sizeof note, " lines_lost=%ld", missing);
        add(line, note);
    }
    line->text[line->len++] = '\n';
    if (!write_now(line->text, line->len)) {
        atomic_fetch_add(&lost, missing + 1);
    }
    atomic_flag_clear(&writing);
}

void log_event(enum log_level level, const char *message, const char *format, ...) {
    if ((int)level < atomic_load(&lowest)) {
        return;
    }
    struct line line;
    begin(&line, level, message, isatty(STDERR_FILENO) == 1);
    if (format != NULL) {
        va_list args;
        va_start(args, format);
        add(&line, " ");
        add_pairs(&line, format, args);
        va_end(args);
    }
    finish(&line);
}
