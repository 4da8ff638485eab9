#include "common/result.h"

#include <string.h>

#include "common/timestamp.h"

/* Inline, for the sake of literals. */
static inline void add_key(struct strbuf *out, const char *key) {
    strbuf_add_text(out, ",\"");
    strbuf_add_text(out, key);
    strbuf_add_text(out, "\":");
}

/* For words of ours, which need no escape. */
static inline void add_word(struct strbuf *out, const char *key, const char *word) {
    add_key(out, key);
    strbuf_add_char(out, '"');
    strbuf_add_text(out, word);
    strbuf_add_char(out, '"');
}

static inline void add_number(struct strbuf *out, const char *key, int64_t number) {
    add_key(out, key);
    strbuf_add_int(out, number);
}

static void add_subject(const struct result *result, struct strbuf *out) {
    if (result->has_id) {
        char id[UUID_TEXT_LEN + 1];
        uuid_format(&result->id, id);
        add_word(out, "id", id);
    }
    if (result->type != 0) {
        add_word(out, "type", command_type_word((enum command_type)result->type));
    }
    if (result->entity.len > 0) {
        bool is_product = result->type != 0 &&
                          command_type_is_on_product((enum command_type)result->type);
        add_word(out, is_product ? "product" : "account", result->entity.text);
    }
}

static void add_answer(const struct result *result, struct strbuf *out) {
    enum outcome_state state = outcome_state(result->outcome);
    add_word(out, "state", outcome_state_word(state));
    if (state == STATE_REJECTED || state == STATE_QUARANTINED) {
        add_word(out, "reason", outcome_word(result->outcome));
    }
    if (result->detail[0] != '\0') {
        add_key(out, "detail");
        strbuf_add_json_string(out, result->detail, strlen(result->detail));
    }
    if (result->has_balance) {
        add_number(out, "balance", result->balance);
        add_number(out, "available", result->available);
        add_number(out, "version", result->version);
    }
}

void result_encode(const struct result *result, struct strbuf *out) {
    strbuf_add_text(out, "{\"v\":1");
    add_subject(result, out);
    add_answer(result, out);
    add_number(out, "lane", result->lane);
    add_number(out, "offset", result->offset);
    add_key(out, "duplicate");
    strbuf_add_text(out, result->duplicate ? "true" : "false");
    char at[TIMESTAMP_TEXT_LEN + 1];
    timestamp_format(result->at_ms, at);
    add_word(out, "at", at);
    strbuf_add_char(out, '}');
}
