#include "producer/lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "common/check.h"

void lines_init(struct lines *lines, int fd, size_t longest) {
    CHECK(longest + 1 < LINES_BUFFER);
    memset(lines, 0, offsetof(struct lines, buffer));
    lines->fd = fd;
    lines->longest = longest;
}

/* Hands out the first `len` bytes and passes over `taken`. */
static struct slice hand_out(struct lines *lines, size_t len, size_t taken) {
    size_t kept = len > lines->longest ? lines->longest + 1 : len;
    struct slice line = {lines->buffer + lines->start, kept};
    lines->start += taken;
    lines->number++;
    return line;
}

/* A line that is in the buffer in full, or that is long enough to be cut. */
static bool take_buffered(struct lines *lines, struct slice *line) {
    size_t len = lines->end - lines->start;
    const uint8_t *from = lines->buffer + lines->start;
    const uint8_t *newline = len > 0 ? memchr(from, '\n', len) : NULL;
    if (lines->skipping) {
        lines->skipping = newline == NULL;
        lines->start += newline != NULL ? (size_t)(newline - from) + 1 : len;
        return newline != NULL && take_buffered(lines, line);
    }
    if (newline != NULL) {
        size_t found = (size_t)(newline - from);
        *line = hand_out(lines, found, found + 1);
        return true;
    }
    if (len > lines->longest) {
        *line = hand_out(lines, len, len);
        lines->skipping = true;
        return true;
    }
    if (lines->eof && len > 0) {
        *line = hand_out(lines, len, len);
        return true;
    }
    return false;
}

static void move_to_front(struct lines *lines) {
    memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
}

/* False: nothing came in time. */
static bool fill(struct lines *lines, int timeout_ms) {
    struct pollfd ready = {.fd = lines->fd, .events = POLLIN};
    if (poll(&ready, 1, timeout_ms) <= 0) {
        return false;
    }
    move_to_front(lines);
    ssize_t got = read(lines->fd, lines->buffer + lines->end, LINES_BUFFER - lines->end);
    if (got > 0) {
        lines->end += (size_t)got;
        lines->bytes += got;
    } else if (got == 0) {
        lines->eof = true;
    } else if (errno != EINTR && errno != EAGAIN) {
        lines->error = errno;
        lines->eof = true;
    }
    return true;
}

enum lines_answer lines_next(struct lines *lines, int timeout_ms, struct slice *line) {
    while (!take_buffered(lines, line)) {
        if (lines->eof) {
            return LINES_END;
        }
        if (!fill(lines, timeout_ms)) {
            return LINES_NOTHING;
        }
    }
    return LINES_LINE;
}
