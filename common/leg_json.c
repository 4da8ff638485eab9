#include <jansson.h>
#include <string.h>

#include "common/leg_body.h"

static void add_name(struct strbuf *out, const char *name) {
    strbuf_add_char(out, ',');
    strbuf_add_char(out, '"');
    strbuf_add_text(out, name);
    strbuf_add_text(out, "\":");
}

/* For texts that cannot need an escape. */
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

/* A text field, "" where it is absent; NULL where it is something else. */
static const char *text_of(const json_t *root, const char *name, size_t *len) {
    const json_t *value = json_object_get(root, name);
    *len = json_string_length(value);
    return value == NULL ? "" : json_string_value(value);
}

static bool read_ident(const json_t *root, const char *name, struct ident *out) {
    size_t len;
    const char *text = text_of(root, name, &len);
    return text != NULL && (len == 0 || ident_parse(text, len, out));
}

static bool read_uuid(const json_t *root, const char *name, struct uuid *out) {
    size_t len;
    const char *text = text_of(root, name, &len);
    return text != NULL && (len == 0 || uuid_parse(text, len, out));
}

static bool read_number(const json_t *root, const char *name, int64_t low, int64_t high,
                        int64_t *out) {
    const json_t *value = json_object_get(root, name);
    if (value == NULL) {
        return low <= 0;
    }
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= low && *out <= high;
}

static bool read_words(const json_t *root, struct leg_body *out) {
    size_t len;
    const char *type = text_of(root, "type", &len);
    if (type == NULL || !command_type_parse(type, len, &out->type)) {
        return false;
    }
    const char *currency = text_of(root, "currency", &len);
    if (currency == NULL || (len > 0 && !asset_parse(currency, len, &out->currency))) {
        return false;
    }
    const char *reason = text_of(root, "reason", &len);
    return reason != NULL && (len == 0 || outcome_parse(reason, len, &out->reason));
}

static bool read_body(const json_t *root, struct leg_body *out) {
    int64_t version = 0;
    int64_t chunk = 0;
    *out = (struct leg_body){.reason = OUTCOME_APPLIED};
    bool good = read_number(root, "v", 1, 1, &version) && read_words(root, out) &&
                read_uuid(root, "id", &out->id) && read_ident(root, "target", &out->target) &&
                read_ident(root, "client", &out->client) &&
                read_ident(root, "seller", &out->seller) &&
                read_number(root, "amount", 0, INT64_MAX, &out->amount) &&
                read_number(root, "quantity", 0, INT64_MAX, &out->quantity) &&
                read_number(root, "price", 0, INT64_MAX, &out->price) &&
                read_uuid(root, "reference", &out->reference) &&
                read_number(root, "after", 0, INT64_MAX, &out->after) &&
                read_number(root, "chunk", 0, INT32_MAX - 65536, &chunk) && out->target.len > 0;
    out->chunk = (int32_t)chunk;
    return good;
}

bool leg_body_decode(struct slice json, struct leg_body *out) {
    json_t *root = json_loadb((const char *)json.at, json.len, JSON_REJECT_DUPLICATES, NULL);
    bool good = json_is_object(root) && read_body(root, out);
    json_decref(root);
    return good;
}
