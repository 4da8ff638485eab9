#include "common/command_json.h"

#include <string.h>

#include "common/check.h"
#include "common/command_fields.h"

static void add_quoted(struct strbuf *out, const char *text, size_t len) {
    strbuf_add_char(out, '"'); /* for texts that cannot need an escape */
    strbuf_add(out, text, len);
    strbuf_add_char(out, '"');
}

static void add_uuid(struct strbuf *out, const struct uuid *uuid) {
    char text[UUID_TEXT_LEN + 1];
    uuid_format(uuid, text);
    add_quoted(out, text, UUID_TEXT_LEN);
}

static void add_fields(struct strbuf *out, const struct field_use *uses, const void *base,
                       enum command_type type, uint32_t given);

static void add_members(struct strbuf *out, const struct command *group) {
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < group->members_count; i++) {
        const struct command_member *member = &group->members[i];
        if (i > 0) {
            strbuf_add_char(out, ',');
        }
        add_fields(out, command_member_fields(member->type), member, member->type, member->given);
    }
    strbuf_add_char(out, ']');
}

static void add_value(struct strbuf *out, const struct field *field, const void *base,
                      enum command_type type) {
    const void *value = (const uint8_t *)base + field->offset;
    switch (field->kind) {
    case FIELD_V: strbuf_add_char(out, '1'); return;
    case FIELD_TYPE:
        strbuf_add_char(out, '"');
        strbuf_add_text(out, command_type_word(type));
        strbuf_add_char(out, '"');
        return;
    case FIELD_UUID: add_uuid(out, value); return;
    case FIELD_IDENT: {
        const struct ident *ident = value;
        add_quoted(out, ident->text, ident->len);
        return;
    }
    case FIELD_ASSET: {
        const struct asset *asset = value;
        add_quoted(out, asset->text, asset->len);
        return;
    }
    case FIELD_MODE: {
        const char *word = product_mode_word(*(const enum product_mode *)value);
        add_quoted(out, word, strlen(word));
        return;
    }
    case FIELD_AMOUNT:
    case FIELD_CHANGE:
    case FIELD_INTEGER: strbuf_add_int(out, *(const int64_t *)value); return;
    case FIELD_SECONDS: strbuf_add_int(out, *(const int32_t *)value); return;
    case FIELD_MEMO: {
        const struct slice *text = value;
        strbuf_add_json_string(out, (const char *)text->at, text->len);
        return;
    }
    case FIELD_MEMBERS: add_members(out, base); return;
    case FIELD_NOTE: return;
    }
}

static void add_fields(struct strbuf *out, const struct field_use *uses, const void *base,
                       enum command_type type, uint32_t given) {
    CHECK(uses != NULL);
    const char *separator = "{";
    for (; uses->field != NULL; uses++) {
        const struct field *field = uses->field;
        if (uses->required || (given & field->given) != 0) {
            strbuf_add_text(out, separator);
            separator = ",";
            strbuf_add_char(out, '"');
            strbuf_add_text(out, field->name);
            strbuf_add(out, "\":", 2);
            add_value(out, field, base, type);
        }
    }
    strbuf_add_char(out, '}');
}

void command_encode(const struct command *command, struct strbuf *out) {
    add_fields(out, command_fields(command->type), command, command->type, command->given);
}
