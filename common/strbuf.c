#include "common/strbuf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256 };

void strbuf_close(struct strbuf *buf) {
    free(buf->text);
    *buf = (struct strbuf)STRBUF_INIT;
}

void strbuf_reset(struct strbuf *buf) {
    buf->len = 0;
    buf->failed = false;
    if (buf->text != NULL) {
        buf->text[0] = '\0';
    }
}

/* Makes room for `more` bytes and the NUL. */
static bool reserve(struct strbuf *buf, size_t more) {
    if (buf->failed) {
        return false;
    }
    if (buf->room - buf->len > more) {
        return true;
    }
    if (more > SIZE_MAX / 2 - buf->len - 1) {
        buf->failed = true;
        return false;
    }
    size_t room = buf->room < FIRST_ROOM ? FIRST_ROOM : buf->room * 2;
    if (room < buf->len + more + 1) {
        room = buf->len + more + 1;
    }
    char *text = realloc(buf->text, room);
    if (text == NULL) {
        buf->failed = true;
        return false;
    }
    buf->text = text;
    buf->room = room;
    return true;
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t len) {
    if (!reserve(buf, len)) {
        return;
    }
    if (len > 0) {
        memcpy(buf->text + buf->len, bytes, len);
    }
    buf->len += len;
    buf->text[buf->len] = '\0';
}

void strbuf_add_char(struct strbuf *buf, char c) {
    strbuf_add(buf, &c, 1);
}

void strbuf_add_int(struct strbuf *buf, int64_t number) {
    char digits[20]; /* of 2^63 with its sign */
    char *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        *--at = '-';
    }
    strbuf_add(buf, at, (size_t)(digits + sizeof digits - at));
}

void strbuf_printf(struct strbuf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0) {
        buf->failed = true;
    } else if (reserve(buf, (size_t)len)) {
        vsnprintf(buf->text + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

static void add_escaped(struct strbuf *buf, unsigned char c) {
    switch (c) {
    case '"': strbuf_add(buf, "\\\"", 2); return;
    case '\\': strbuf_add(buf, "\\\\", 2); return;
    case '\n': strbuf_add(buf, "\\n", 2); return;
    case '\r': strbuf_add(buf, "\\r", 2); return;
    case '\t': strbuf_add(buf, "\\t", 2); return;
    default: strbuf_printf(buf, "\\u%04x", (unsigned)c);
    }
}

void strbuf_add_json_string(struct strbuf *buf, const char *text, size_t len) {
    strbuf_add_char(buf, '"');
    size_t plain = 0; /* where the run begins that needs no escape */
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            strbuf_add(buf, text + plain, i - plain);
            add_escaped(buf, c);
            plain = i + 1;
        }
    }
    strbuf_add(buf, text + plain, len - plain);
    strbuf_add_char(buf, '"');
}
