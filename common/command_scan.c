#include "common/command_scan.h"

#include <string.h>

#include "common/check.h"
#include "common/command_fields.h"
#include "common/money.h"
#include "common/utf8.h"

/* More than any type has: an object with more has one twice, or one that is not known. */
#define PAIRS_MAX 24

struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

/* A value as it stands in the input: text without its quotes, or the digits of a number. */
struct value {
    bool is_text;
    struct slice raw;
};

struct pair {
    struct slice key;
    struct value value;
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

static bool scan_pair(struct cursor *in, struct pair *pair) {
    if (!scan_text(in, &pair->key) || !take(in, ':')) {
        return false;
    }
    pair->value.is_text = is_next(in, '"');
    return pair->value.is_text ? scan_text(in, &pair->value.raw)
                               : scan_number(in, &pair->value.raw);
}

/* Splits the object into at most PAIRS_MAX pairs. Returns their number, 0 if it is unusual. */
static size_t scan_pairs(struct slice json, struct pair pairs[PAIRS_MAX]) {
    struct cursor in = {.at = json.at, .end = json.at + json.len};
    size_t count = 0;
    bool more = take(&in, '{');
    while (more && count < PAIRS_MAX && scan_pair(&in, &pairs[count])) {
        count++;
        more = take(&in, ',');
    }
    bool closed = !more && take(&in, '}');
    skip_blanks(&in);
    return closed && in.at == in.end ? count : 0;
}

/* The first bytes tell most names apart. That of an empty text is its quote. */
static bool is_called(struct slice text, const char *name) {
    return text.at[0] == (uint8_t)name[0] && strncmp((const char *)text.at, name, text.len) == 0 &&
           name[text.len] == '\0';
}

static bool read_number(const struct field *field, struct slice digits, int64_t *number) {
    int64_t read;
    if (!money_parse((const char *)digits.at, digits.len, &read) || read < field->low ||
        read > field->high) {
        return false;
    }
    *number = read;
    return true;
}

static bool read_seconds(const struct field *field, struct slice digits, int32_t *seconds) {
    int64_t read;
    if (!read_number(field, digits, &read)) {
        return false;
    }
    *seconds = (int32_t)read; /* the field's bounds are far inside */
    return true;
}

static bool read_memo(const struct field *field, struct slice raw, struct arena *arena,
                      struct slice *memo) {
    if (raw.len > (size_t)field->high) {
        return false;
    }
    uint8_t *copy = arena_take(arena, raw.len);
    CHECK(copy != NULL);
    memcpy(copy, raw.at, raw.len);
    *memo = (struct slice){.at = copy, .len = raw.len};
    return true;
}

static bool read_value(const struct field *field, const struct value *value, struct arena *arena,
                       struct command *out) {
    void *to = (uint8_t *)out + field->offset;
    bool is_text = value->is_text;
    struct slice raw = value->raw;
    switch ((int)field->kind) { /* those left out are the codec's alone */
    case FIELD_V: return !is_text && is_called(raw, "1");
    case FIELD_TYPE: return true; /* read before: it decides which fields there are */
    case FIELD_UUID: return is_text && uuid_parse(raw.at, raw.len, to);
    case FIELD_IDENT: return is_text && ident_parse(raw.at, raw.len, to);
    case FIELD_ASSET: return is_text && asset_parse(raw.at, raw.len, to);
    case FIELD_AMOUNT: return read_number(field, raw, to);
    case FIELD_INTEGER: return !is_text && read_number(field, raw, to);
    case FIELD_SECONDS: return !is_text && read_seconds(field, raw, to);
    case FIELD_MEMO: return is_text && read_memo(field, raw, arena, to);
    case FIELD_NOTE: return is_text && raw.len <= (size_t)field->high;
    default: return false;
    }
}

static bool read_type(const struct pair *pairs, size_t count, enum command_type *type) {
    size_t i = 0;
    while (i < count && !is_called(pairs[i].key, "type")) {
        i++;
    }
    return i < count && pairs[i].value.is_text &&
           command_type_parse((const char *)pairs[i].value.raw.at, pairs[i].value.raw.len, type);
}

/* Index of the pair of that name, or `count`. Looks from `first` on, and around: fields mostly come
 * in the order of the table. */
static size_t find_pair(const struct pair *pairs, size_t count, size_t first, const char *name) {
    for (size_t looked = 0; looked < count; looked++) {
        size_t i = first + looked < count ? first + looked : first + looked - count;
        if (is_called(pairs[i].key, name)) {
            return i;
        }
    }
    return count;
}

/* Each field takes one pair, so that all pairs are taken only if none is unknown or given twice. */
static bool read_pairs(const struct pair *pairs, size_t count, struct arena *arena,
                       struct command *out) {
    size_t taken = 0;
    size_t at = 0;
    for (const struct field_use *use = command_fields(out->type); use->field != NULL; use++) {
        size_t found = taken < count ? find_pair(pairs, count, at, use->field->name) : count;
        if (found < count) {
            if (!read_value(use->field, &pairs[found].value, arena, out)) {
                return false;
            }
            out->given |= use->field->given;
            taken++;
            at = found + 1;
        } else if (use->required) {
            return false;
        }
    }
    return taken == count;
}

bool command_scan(struct slice json, struct arena *arena, struct command *out) {
    struct pair pairs[PAIRS_MAX];
    if (json.len == 0 || json.len > COMMAND_JSON_MAX) {
        return false;
    }
    size_t count = scan_pairs(json, pairs);
    size_t used = arena->used;
    bool plain = read_type(pairs, count, &out->type) && read_pairs(pairs, count, arena, out);
    if (!plain) {
        arena->used = used;
    }
    return plain;
}
