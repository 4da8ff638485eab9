#include "common/command_json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/check.h"
#include "common/command_fields.h"
#include "common/command_scan.h"
#include "common/json_path.h"
#include "common/money.h"

/* jansson reports some failed allocations as bad syntax, and some not at all: memory must be there,
 * or the process ends before it can quarantine or misread a good command. */
static void *allocate(size_t size) {
    void *memory = malloc(size);
    CHECK(memory != NULL || size == 0);
    return memory;
}

/* Before main(), so that no thread can meet another allocator or an unseeded hash table. */
__attribute__((constructor)) static void set_up_jansson(void) {
    json_set_alloc_funcs(allocate, free);
    json_object_seed(0);
}

static void check_jansson(void) {
    json_malloc_t allocator;
    json_get_alloc_funcs(&allocator, NULL);
    CHECK(allocator == allocate);
}

const struct command command_defaults = {.ceiling = MONEY_MAX};

static bool refuse(struct refusal *why, enum outcome reason, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool refuse(struct refusal *why, enum outcome reason, const char *format, ...) {
    why->reason = reason;
    va_list args;
    va_start(args, format);
    vsnprintf(why->detail, sizeof why->detail, format, args);
    va_end(args);
    return false;
}

/* An object whose fields are read: the command, or a member of a group. */
struct reading {
    json_t *object;
    const char *path; /* "" or "commands[3]." */
    void *base;       /* struct command or struct command_member */
    uint32_t *given;
    struct arena *arena;
    struct refusal *why;
};

static bool refuse_field(const struct reading *in, const char *name, const char *problem) {
    return refuse(in->why, OUTCOME_INVALID_FIELD, "%s%s: %s", in->path, name, problem);
}

static bool read_number(const struct field *field, const json_t *value, int64_t *number) {
    int64_t read;
    if (json_is_integer(value)) {
        read = json_integer_value(value);
    } else if (field->kind == FIELD_INTEGER || field->kind == FIELD_SECONDS ||
               !json_is_string(value) ||
               !money_parse(json_string_value(value), json_string_length(value), &read)) {
        return false;
    }
    if (read < field->low || read > field->high || (field->kind == FIELD_CHANGE && read == 0)) {
        return false;
    }
    *number = read;
    return true;
}

static bool read_seconds(const struct field *field, const json_t *value, int32_t *seconds) {
    int64_t read;
    if (!read_number(field, value, &read)) {
        return false;
    }
    *seconds = (int32_t)read; /* the field's bounds are far inside */
    return true;
}

static bool is_text(const struct field *field, const json_t *value) {
    return json_is_string(value) && json_string_length(value) <= (size_t)field->high;
}

static bool read_memo(const struct field *field, const json_t *value, struct arena *arena,
                      struct slice *memo) {
    if (!is_text(field, value)) {
        return false;
    }
    size_t len = json_string_length(value);
    uint8_t *copy = arena_take(arena, len);
    CHECK(copy != NULL);
    memcpy(copy, json_string_value(value), len);
    *memo = (struct slice){.at = copy, .len = len};
    return true;
}

static bool read_members(const struct reading *in, const struct field *field, const json_t *value);

/* Reads one value into its place, or refuses with what the field must be. */
static bool read_value(const struct reading *in, const struct field *field, const json_t *value) {
    void *to = (uint8_t *)in->base + field->offset;
    const char *text = json_string_value(value); /* NULL unless it is a string */
    size_t len = json_string_length(value);
    bool valid = false;
    switch (field->kind) {
    case FIELD_V:
    case FIELD_TYPE: return true; /* read before: they decide which fields there are */
    case FIELD_MEMBERS: return read_members(in, field, value);
    case FIELD_UUID: valid = text != NULL && uuid_parse(text, len, to); break;
    case FIELD_IDENT: valid = text != NULL && ident_parse(text, len, to); break;
    case FIELD_ASSET: valid = text != NULL && asset_parse(text, len, to); break;
    case FIELD_MODE: valid = text != NULL && product_mode_parse(text, len, to); break;
    case FIELD_AMOUNT:
    case FIELD_CHANGE:
    case FIELD_INTEGER: valid = read_number(field, value, to); break;
    case FIELD_SECONDS: valid = read_seconds(field, value, to); break;
    case FIELD_MEMO: valid = read_memo(field, value, in->arena, to); break;
    case FIELD_NOTE: valid = is_text(field, value); break;
    }
    return valid || refuse_field(in, field->name, field->must);
}

static bool has_field(const struct field_use *uses, const char *name, size_t len) {
    for (; uses->field != NULL; uses++) {
        if (strlen(uses->field->name) == len && memcmp(uses->field->name, name, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool refuse_unknown_fields(const struct reading *in, const struct field_use *uses) {
    void *at = json_object_iter(in->object);
    for (; at != NULL; at = json_object_iter_next(in->object, at)) {
        const char *key = json_object_iter_key(at);
        size_t len = json_object_iter_key_len(at);
        if (!has_field(uses, key, len)) {
            char name[JSON_PATH_MAX] = "";
            json_path_add_name(name, sizeof name, key, len);
            return refuse_field(in, name, "unknown field");
        }
    }
    return true;
}

static bool read_fields(const struct reading *in, const struct field_use *uses) {
    if (!refuse_unknown_fields(in, uses)) {
        return false;
    }
    for (; uses->field != NULL; uses++) {
        const json_t *value = json_object_get(in->object, uses->field->name);
        if (value == NULL && uses->required) {
            return refuse_field(in, uses->field->name, "is missing");
        }
        if (value != NULL && !read_value(in, uses->field, value)) {
            return false;
        }
        *in->given |= value != NULL ? uses->field->given : 0;
    }
    return true;
}

static bool read_member(struct reading *in, struct command_member *member) {
    static const char *const must = "must be deposit, withdraw, hold, capture or release";
    const json_t *type = json_object_get(in->object, "type");
    if (type == NULL) {
        return refuse_field(in, "type", "is missing");
    }
    if (!json_is_string(type) ||
        !command_type_parse(json_string_value(type), json_string_length(type), &member->type) ||
        command_member_fields(member->type) == NULL) {
        return refuse_field(in, "type", must);
    }
    in->base = member;
    in->given = &member->given;
    return read_fields(in, command_member_fields(member->type));
}

static bool read_members(const struct reading *group, const struct field *field,
                         const json_t *value) {
    size_t count = json_array_size(value); /* 0 unless it is an array */
    if (count < (size_t)field->low || count > (size_t)field->high) {
        return refuse_field(group, field->name, field->must);
    }
    struct command_member *members = arena_take(group->arena, count * sizeof *members);
    CHECK(members != NULL);
    memset(members, 0, count * sizeof *members);
    int holds = 0;
    for (size_t i = 0; i < count; i++) {
        char path[32];
        snprintf(path, sizeof path, "%s[%zu].", field->name, i);
        struct reading in = {.object = json_array_get(value, i),
                             .path = path,
                             .arena = group->arena,
                             .why = group->why};
        if (!json_is_object(in.object)) {
            return refuse_field(group, field->name, field->must);
        }
        if (!read_member(&in, &members[i])) {
            return false;
        }
        holds += members[i].type == COMMAND_HOLD;
        if (holds > 1) {
            return refuse_field(&in, "type", "a group may have one hold");
        }
    }
    struct command *command = group->base;
    command->members = members;
    command->members_count = count;
    return true;
}

static bool read_version(const json_t *root, struct refusal *why) {
    const json_t *version = json_object_get(root, "v");
    if (version == NULL) {
        return refuse(why, OUTCOME_INVALID_FIELD, "v: is missing");
    }
    if (!json_is_integer(version)) {
        return refuse(why, OUTCOME_INVALID_FIELD, "v: must be the integer 1");
    }
    return json_integer_value(version) == 1 ||
           refuse(why, OUTCOME_UNSUPPORTED_VERSION, "v: must be 1, is %" JSON_INTEGER_FORMAT,
                  json_integer_value(version));
}

static bool read_type(const json_t *root, enum command_type *type, struct refusal *why) {
    const json_t *value = json_object_get(root, "type");
    if (value == NULL) {
        return refuse(why, OUTCOME_INVALID_FIELD, "type: is missing");
    }
    if (!json_is_string(value)) {
        return refuse(why, OUTCOME_INVALID_FIELD, "type: must be the name of a command");
    }
    const char *word = json_string_value(value);
    size_t len = json_string_length(value);
    if (command_type_parse(word, len, type)) {
        return true;
    }
    char name[JSON_PATH_MAX] = "";
    json_path_add_name(name, sizeof name, word, len);
    return refuse(why, OUTCOME_UNKNOWN_TYPE, "type: no command is called \"%s\"", name);
}

static void note_id(const json_t *root, struct refusal *why) {
    const json_t *id = json_object_get(root, "id");
    why->has_id =
        json_is_string(id) && uuid_parse(json_string_value(id), json_string_length(id), &why->id);
}

/* Reads the id of a text that the strict parser refused inside another field. */
static void salvage_id(struct slice json, struct refusal *why) {
    const size_t lenient = JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
    json_t *root = json_loadb((const char *)json.at, json.len, lenient, NULL);
    note_id(root, why);
    json_decref(root);
}

/* What the parser found, where that is not bad syntax but a field that may not be so. */
static const char *field_problem(enum json_error_code code) {
    switch ((int)code) {
    case json_error_duplicate_key: return "is given twice";
    case json_error_numeric_overflow: return "is a number beyond 64 bits";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "has a NUL in it";
    case json_error_stack_overflow: return "is nested too deeply";
    default: return NULL;
    }
}

static bool refuse_syntax(struct slice json, json_error_t *error, struct refusal *why) {
    CHECK(error->position >= 0);

    char path[JSON_PATH_MAX];
    const char *problem = field_problem(json_error_code(error));
    if (problem != NULL && json_path_at(json, (size_t)error->position, path)) {
        if (strcmp(path, "id") != 0) {
            salvage_id(json, why);
        }
        return refuse(why, OUTCOME_INVALID_FIELD, "%s: %s", path, problem);
    }
    char *near = strstr(error->text, " near "); /* quotes the input, which may be any bytes */
    if (near != NULL) {
        *near = '\0';
    }
    char text[REFUSAL_DETAIL_MAX / 2] = "";
    json_path_add_name(text, sizeof text, error->text, strlen(error->text));
    return refuse(why, OUTCOME_MALFORMED, "%s at byte %d", text, error->position);
}

static bool read_command(json_t *root, struct arena *arena, struct command *out,
                         struct refusal *why) {
    enum command_type type;
    note_id(root, why);
    if (!read_version(root, why) || !read_type(root, &type, why)) {
        return false;
    }
    *out = command_defaults;
    out->type = type;
    const struct reading in = {
        .object = root, .path = "", .base = out, .given = &out->given, .arena = arena, .why = why};
    return read_fields(&in, command_fields(type));
}

bool command_decode_tree(struct slice json, int32_t rules, struct arena *arena, struct command *out,
                         struct refusal *why) {
    CHECK(rules >= 1 && rules <= COMMAND_JSON_RULES);
    check_jansson();
    why->has_id = false;
    if (json.len > COMMAND_JSON_MAX) {
        return refuse(why, OUTCOME_TOO_LARGE, "%zu bytes, at most %d", json.len, COMMAND_JSON_MAX);
    }
    if (json.at == NULL || json.len == 0) {
        return refuse(why, OUTCOME_MALFORMED, "no value");
    }
    json_error_t error;
    json_t *root = json_loadb((const char *)json.at, json.len, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        return refuse_syntax(json, &error, why);
    }
    bool valid = json_is_object(root) ? read_command(root, arena, out, why)
                                      : refuse(why, OUTCOME_MALFORMED, "not an object");
    json_decref(root);
    return valid;
}

bool command_decode(struct slice json, int32_t rules, struct arena *arena, struct command *out,
                    struct refusal *why) {
    CHECK(rules >= 1 && rules <= COMMAND_JSON_RULES);
    check_jansson(); /* at the first record, not at the first unusual one */
    *out = command_defaults;
    return command_scan(json, arena, out) || command_decode_tree(json, rules, arena, out, why);
}
