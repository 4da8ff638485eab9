#include "common/command.h"

#include <string.h>

#include "common/check.h"
#include "common/command_fields.h"
#include "common/digest.h"

const char *command_type_word(enum command_type type) {
#define TYPE_WORD(symbol, number, word)                                                            \
    case COMMAND_##symbol: return word;
    switch (type) { COMMAND_TYPES(TYPE_WORD) }
#undef TYPE_WORD
    return "?";
}

#define TYPE_VALUE(symbol, number, word) COMMAND_##symbol,
static const enum command_type types[] = {COMMAND_TYPES(TYPE_VALUE)};
#undef TYPE_VALUE

bool command_type_parse(const char *word, size_t len, enum command_type *out) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const char *known = command_type_word(types[i]);
        if (strlen(known) == len && memcmp(known, word, len) == 0) {
            *out = types[i];
            return true;
        }
    }
    return false;
}

bool command_type_from_number(int number, enum command_type *out) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if ((int)types[i] == number) {
            *out = types[i];
            return true;
        }
    }
    return false;
}

bool command_type_is_on_product(enum command_type type) {
    return type == COMMAND_PRODUCT_CREATE || type == COMMAND_PRODUCT_RESTOCK ||
           type == COMMAND_PRODUCT_PRICE || type == COMMAND_PRODUCT_FINALIZE;
}

const char *product_mode_word(enum product_mode mode) {
    switch (mode) {
    case PRODUCT_SALE: return "sale";
    case PRODUCT_SUBSCRIPTION: return "subscription";
    }
    return NULL;
}

bool product_mode_parse(const char *word, size_t len, enum product_mode *out) {
    for (enum product_mode mode = PRODUCT_SALE; mode <= PRODUCT_SUBSCRIPTION; mode++) {
        const char *known = product_mode_word(mode);
        if (strlen(known) == len && memcmp(known, word, len) == 0) {
            *out = mode;
            return true;
        }
    }
    return false;
}

/* The canonical encoding: version byte, type byte, then for each field that is there a tag byte,
 * two bytes of length and the value, numbers in eight bytes, most significant first. It is hashed
 * and forgotten; its hashes are stored for ever, so none of this may change under one version. */
enum { CANONICAL_VERSION = 1, FIELD_HEAD = 3, MEMBER_HEAD = 3, CANONICAL_ROOM = 1536 };

_Static_assert(2 + 8 * (FIELD_HEAD + 16) + FIELD_HEAD + IDENT_MAX + FIELD_HEAD + COMMAND_MEMO_MAX +
                       COMMAND_GROUP_MAX * (MEMBER_HEAD + 3 * (FIELD_HEAD + 16)) <=
                   CANONICAL_ROOM,
               "the longest command fits");

struct canonical {
    uint8_t bytes[CANONICAL_ROOM];
    size_t len;
};

static void put(struct canonical *out, const void *bytes, size_t len) {
    CHECK(len <= sizeof out->bytes - out->len);
    if (len > 0) {
        memcpy(out->bytes + out->len, bytes, len);
    }
    out->len += len;
}

/* Writes the head of a run of bytes whose length close_run fills in. Returns its place. */
static size_t open_run(struct canonical *out, uint8_t label) {
    const uint8_t head[3] = {label, 0, 0};
    put(out, head, sizeof head);
    return out->len;
}

static void close_run(struct canonical *out, size_t start) {
    size_t len = out->len - start;
    out->bytes[start - 2] = (uint8_t)(len >> 8);
    out->bytes[start - 1] = (uint8_t)len;
}

static void put_number(struct canonical *out, int64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    }
    put(out, bytes, sizeof bytes);
}

static void put_fields(struct canonical *out, const struct field_use *uses, const void *base,
                       uint32_t given);

static void put_members(struct canonical *out, const struct command *group) {
    for (size_t i = 0; i < group->members_count; i++) {
        const struct command_member *member = &group->members[i];
        size_t start = open_run(out, (uint8_t)member->type);
        put_fields(out, command_member_fields(member->type), member, member->given);
        close_run(out, start);
    }
}

static void put_value(struct canonical *out, const struct field *field, const void *base) {
    const void *value = (const uint8_t *)base + field->offset;
    switch (field->kind) {
    case FIELD_UUID: put(out, ((const struct uuid *)value)->bytes, 16); return;
    case FIELD_IDENT: {
        const struct ident *ident = value;
        put(out, ident->text, ident->len);
        return;
    }
    case FIELD_ASSET: {
        const struct asset *asset = value;
        put(out, asset->text, asset->len);
        return;
    }
    case FIELD_MODE: put_number(out, *(const enum product_mode *)value); return;
    case FIELD_AMOUNT:
    case FIELD_CHANGE:
    case FIELD_INTEGER: put_number(out, *(const int64_t *)value); return;
    case FIELD_SECONDS: put_number(out, *(const int32_t *)value); return;
    case FIELD_MEMO: {
        const struct slice *text = value;
        put(out, text->at, text->len);
        return;
    }
    case FIELD_MEMBERS: put_members(out, base); return;
    case FIELD_V:
    case FIELD_TYPE:
    case FIELD_NOTE: return;
    }
}

static void put_fields(struct canonical *out, const struct field_use *uses, const void *base,
                       uint32_t given) {
    CHECK(uses != NULL);
    for (; uses->field != NULL; uses++) {
        const struct field *field = uses->field;
        if (field->tag != 0 && (uses->required || (given & field->given) != 0)) {
            size_t start = open_run(out, field->tag);
            put_value(out, field, base);
            close_run(out, start);
        }
    }
}

void command_hash(const struct command *command, uint8_t hash[COMMAND_HASH_LEN]) {
    struct canonical canonical;
    canonical.bytes[0] = CANONICAL_VERSION;
    canonical.bytes[1] = (uint8_t)command->type;
    canonical.len = 2;
    put_fields(&canonical, command_fields(command->type), command, command->given);
    uint8_t sha256[DIGEST_SHA256_LEN];
    digest_sha256(canonical.bytes, canonical.len, sha256);
    memcpy(hash, sha256, COMMAND_HASH_LEN);
}
