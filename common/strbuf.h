/* A growing byte string. A failed allocation is remembered and asked for once, at the end. */
#ifndef TELLER_COMMON_STRBUF_H
#define TELLER_COMMON_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct strbuf {
    char *text;  /* NUL-terminated once anything was added; NULL before */
    size_t len;  /* bytes, without the NUL */
    size_t room;
    bool failed; /* out of memory: what came after is missing */
};

#define STRBUF_INIT { .text = NULL, .len = 0, .room = 0, .failed = false }

void strbuf_close(struct strbuf *buf);
void strbuf_reset(struct strbuf *buf); /* empty again, memory kept */
void strbuf_add(struct strbuf *buf, const void *bytes, size_t len);

/* Inline, so that the length of a literal is known where it is added: results are made of them. */
static inline void strbuf_add_text(struct strbuf *buf, const char *text) {
    size_t len = strlen(text);
    if (buf->failed || buf->room - buf->len <= len) {
        strbuf_add(buf, text, len);
        return;
    }
    memcpy(buf->text + buf->len, text, len + 1);
    buf->len += len;
}

void strbuf_add_char(struct strbuf *buf, char c);
void strbuf_add_int(struct strbuf *buf, int64_t number);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes; `text` is UTF-8 and is escaped as RFC 8259 wants. */
void strbuf_add_json_string(struct strbuf *buf, const char *text, size_t len);

#endif
