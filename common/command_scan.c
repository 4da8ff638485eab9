#include "common/command_scan.h"

#include <string.h>

#include "common/check.h"
#include "common/command_fields.h"
#include "common/json_scan.h"
#include "common/money.h"

/* More than any type has: an object with more has one twice, or one that is not known. */
#define PAIRS_MAX 24

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

static bool read_value(const struct field *field, const struct json_value *value,
                       struct arena *arena, struct command *out) {
    void *to = (uint8_t *)out + field->offset;
    bool is_text = value->is_text;
    struct slice raw = value->raw;
    switch ((int)field->kind) { /* those left out are the codec's alone */
    case FIELD_V: return !is_text && json_scan_is(raw, "1");
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

static bool read_type(const struct json_pair *pairs, size_t count, enum command_type *type) {
    size_t i = 0;
    while (i < count && !json_scan_is(pairs[i].key, "type")) {
        i++;
    }
    return i < count && pairs[i].value.is_text &&
           command_type_parse((const char *)pairs[i].value.raw.at, pairs[i].value.raw.len, type);
}

/* Fields mostly come in the order of the table. Each field takes one pair, so that all pairs are
 * taken only if none is unknown or given twice. */
static bool read_pairs(const struct json_pair *pairs, size_t count, struct arena *arena,
                       struct command *out) {
    size_t taken = 0;
    size_t at = 0;
    for (const struct field_use *use = command_fields(out->type); use->field != NULL; use++) {
        size_t found = taken < count ? json_scan_find(pairs, count, at, use->field->name) : count;
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
    struct json_pair pairs[PAIRS_MAX];
    if (json.len == 0 || json.len > COMMAND_JSON_MAX) {
        return false;
    }
    size_t count = json_scan(json, pairs, PAIRS_MAX);
    size_t used = arena->used;
    bool plain = read_type(pairs, count, &out->type) && read_pairs(pairs, count, arena, out);
    if (!plain) {
        arena->used = used;
    }
    return plain;
}
