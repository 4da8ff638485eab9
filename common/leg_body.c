#include "common/leg_body.h"

#include <stddef.h>
#include <string.h>

#include "common/json_scan.h"
#include "common/money.h"
#include "common/step.h"

static void add_name(struct strbuf *out, const char *name) {
    strbuf_add_char(out, ',');
    strbuf_add_char(out, '"');
    strbuf_add_text(out, name);
    strbuf_add_text(out, "\":");
}

static void add_text(struct strbuf *out, const char *name, const char *text, size_t len) {
    if (len > 0) {
        add_name(out, name);
        strbuf_add_char(out, '"');
        strbuf_add(out, text, len);
        strbuf_add_char(out, '"');
    }
}

static void add_number(struct strbuf *out, const char *name, int64_t number) {
    if (number != 0) {
        add_name(out, name);
        strbuf_add_int(out, number);
    }
}

static void add_uuid(struct strbuf *out, const char *name, const struct uuid *uuid) {
    static const struct uuid none;
    char text[UUID_TEXT_LEN + 1];
    if (!uuid_equal(uuid, &none)) {
        uuid_format(uuid, text);
        add_text(out, name, text, UUID_TEXT_LEN);
    }
}

/* What it writes is plain: no text of a leg can need an escape. */
void leg_body_encode(const struct leg_body *body, struct strbuf *out) {
    const char *type = command_type_word(body->type);
    strbuf_add_text(out, "{\"v\":1");
    add_uuid(out, "id", &body->id);
    add_text(out, "type", type, strlen(type));
    add_text(out, "target", body->target.text, body->target.len);
    add_text(out, "client", body->client.text, body->client.len);
    add_text(out, "seller", body->seller.text, body->seller.len);
    add_text(out, "currency", body->currency.text, body->currency.len);
    add_number(out, "amount", body->amount);
    add_number(out, "quantity", body->quantity);
    add_number(out, "price", body->price);
    if (body->reason != OUTCOME_APPLIED) {
        const char *reason = outcome_word(body->reason);
        add_text(out, "reason", reason, strlen(reason));
    }
    add_uuid(out, "reference", &body->reference);
    add_number(out, "after", body->after);
    add_number(out, "chunk", body->chunk);
    strbuf_add_char(out, '}');
}

enum leg_field_kind {
    LEG_FIELD_VERSION,
    LEG_FIELD_TYPE,
    LEG_FIELD_UUID,
    LEG_FIELD_IDENT,
    LEG_FIELD_ASSET,
    LEG_FIELD_REASON,
    LEG_FIELD_NUMBER, /* from 1: what is 0 is left out */
    LEG_FIELD_CHUNK,  /* likewise, of 32 bits */
};

struct leg_field {
    const char *name;
    enum leg_field_kind kind;
    size_t offset; /* in struct leg_body */
};

#define AT(member) offsetof(struct leg_body, member)

/* In the order of leg_body_encode. */
static const struct leg_field leg_fields[] = {
    {"v", LEG_FIELD_VERSION, 0},
    {"id", LEG_FIELD_UUID, AT(id)},
    {"type", LEG_FIELD_TYPE, AT(type)},
    {"target", LEG_FIELD_IDENT, AT(target)},
    {"client", LEG_FIELD_IDENT, AT(client)},
    {"seller", LEG_FIELD_IDENT, AT(seller)},
    {"currency", LEG_FIELD_ASSET, AT(currency)},
    {"amount", LEG_FIELD_NUMBER, AT(amount)},
    {"quantity", LEG_FIELD_NUMBER, AT(quantity)},
    {"price", LEG_FIELD_NUMBER, AT(price)},
    {"reason", LEG_FIELD_REASON, AT(reason)},
    {"reference", LEG_FIELD_UUID, AT(reference)},
    {"after", LEG_FIELD_NUMBER, AT(after)},
    {"chunk", LEG_FIELD_CHUNK, AT(chunk)},
};

#define LEG_FIELDS (sizeof leg_fields / sizeof *leg_fields)
#define CHUNK_MOST (INT32_MAX - STEP_CHUNK) /* its step is that much higher */

static bool read_number(const struct json_value *value, int64_t most, int64_t *number) {
    return !value->is_text &&
           money_parse((const char *)value->raw.at, value->raw.len, number) && *number >= 1 &&
           *number <= most;
}

static bool read_chunk(const struct json_value *value, int32_t *chunk) {
    int64_t number;
    if (!read_number(value, CHUNK_MOST, &number)) {
        return false;
    }
    *chunk = (int32_t)number;
    return true;
}

static bool read_field(const struct leg_field *field, const struct json_value *value,
                       struct leg_body *out) {
    void *to = (uint8_t *)out + field->offset;
    const char *text = (const char *)value->raw.at;
    size_t len = value->raw.len;
    switch (field->kind) {
    case LEG_FIELD_VERSION: return !value->is_text && json_scan_is(value->raw, "1");
    case LEG_FIELD_TYPE: return value->is_text && command_type_parse(text, len, to);
    case LEG_FIELD_UUID: return value->is_text && uuid_parse(text, len, to);
    case LEG_FIELD_IDENT: return value->is_text && ident_parse(text, len, to);
    case LEG_FIELD_ASSET: return value->is_text && asset_parse(text, len, to);
    case LEG_FIELD_REASON: return value->is_text && outcome_parse(text, len, to);
    case LEG_FIELD_NUMBER: return read_number(value, INT64_MAX, to);
    case LEG_FIELD_CHUNK: return read_chunk(value, to);
    }
    return false;
}

/* Each field takes one pair: all are taken only if none is unknown or there twice. */
bool leg_body_decode(struct slice json, struct leg_body *out) {
    struct json_pair pairs[LEG_FIELDS];
    size_t count = json_scan(json, pairs, LEG_FIELDS);
    size_t taken = 0;
    *out = (struct leg_body){.reason = OUTCOME_APPLIED};
    for (size_t i = 0; i < LEG_FIELDS && taken < count; i++) {
        size_t found = json_scan_find(pairs, count, taken, leg_fields[i].name);
        if (found < count) {
            if (!read_field(&leg_fields[i], &pairs[found].value, out)) {
                return false;
            }
            taken++;
        } else if (leg_fields[i].kind == LEG_FIELD_VERSION) {
            return false;
        }
    }
    return count > 0 && taken == count && (int)out->type != 0 && out->target.len > 0;
}
