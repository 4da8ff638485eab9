#include "common/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "common/utf8.h"

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

static void skip_blanks(struct cursor *in) {
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) {
        in->at++;
    }
}

static bool is_next(struct cursor *in, uint8_t byte) {
    skip_blanks(in);
    return in->at < in->end && *in->at == byte;
}

static bool take(struct cursor *in, uint8_t byte) {
    bool found = is_next(in, byte);
    in->at += found;
    return found;
}

static bool scan_text(struct cursor *in, struct slice *text) {
    if (!take(in, '"')) {
        return false;
    }
    const uint8_t *start = in->at;
    uint8_t seen = 0;
    while (in->at < in->end && *in->at != '"') {
        if (*in->at < 0x20 || *in->at == '\\') {
            return false;
        }
        seen |= *in->at++;
    }
    *text = (struct slice){.at = start, .len = (size_t)(in->at - start)};
    return (seen < 0x80 || utf8_valid(text->at, text->len)) && take(in, '"');
}

/* What follows the digits is the caller's to judge: a fraction or an exponent is no comma. */
static bool scan_number(struct cursor *in, struct slice *digits) {
    const uint8_t *start = in->at;
    in->at += in->at < in->end && *in->at == '-';
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9') {
        in->at++;
    }
    *digits = (struct slice){.at = start, .len = (size_t)(in->at - start)};
    return digits->len > 0;
}

static bool scan_pair(struct cursor *in, struct json_pair *pair) {
    if (!scan_text(in, &pair->key) || !take(in, ':')) {
        return false;
    }
    pair->value.is_text = is_next(in, '"');
    return pair->value.is_text ? scan_text(in, &pair->value.raw)
                               : scan_number(in, &pair->value.raw);
}

size_t json_scan(struct slice json, struct json_pair *pairs, size_t most) {
    struct cursor in = {.at = json.at, .end = json.at + json.len};
    size_t count = 0;
    bool more = take(&in, '{');
    while (more && count < most && scan_pair(&in, &pairs[count])) {
        count++;
        more = take(&in, ',');
    }
    bool closed = !more && take(&in, '}');
    skip_blanks(&in);
    return closed && in.at == in.end ? count : 0;
}

/* The first bytes tell most names apart. That of an empty text is its quote. */
bool json_scan_is(struct slice text, const char *name) {
    return text.at[0] == (uint8_t)name[0] && strncmp((const char *)text.at, name, text.len) == 0 &&
           name[text.len] == '\0';
}

size_t json_scan_find(const struct json_pair *pairs, size_t count, size_t first,
                      const char *name) {
    for (size_t looked = 0; looked < count; looked++) {
        size_t i = first + looked < count ? first + looked : first + looked - count;
        if (json_scan_is(pairs[i].key, name)) {
            return i;
        }
    }
    return count;
}
