#include "common/result.h"

#include <string.h>

#include <jansson.h>

#include "common/timestamp.h"

static bool misses(struct err *err, const char *field) {
    return err_set(err, ERR_DATA, "result: %s is missing or not valid", field);
}

static bool read_number(const json_t *root, const char *key, int64_t *number) {
    const json_t *value = json_object_get(root, key);
    if (!json_is_integer(value)) {
        return false;
    }
    *number = json_integer_value(value);
    return true;
}

static bool read_subject(const json_t *root, struct result *out, struct err *err) {
    const json_t *id = json_object_get(root, "id");
    const json_t *type = json_object_get(root, "type");
    const json_t *account = json_object_get(root, "account");
    const json_t *entity = account != NULL ? account : json_object_get(root, "product");
    out->has_id = id != NULL;
    if (id != NULL &&
        !uuid_parse(json_string_value(id), json_string_length(id), &out->id)) {
        return misses(err, "id");
    }
    enum command_type known;
    if (type != NULL &&
        command_type_parse(json_string_value(type), json_string_length(type), &known)) {
        out->type = (int)known;
    }
    if (entity != NULL &&
        !ident_parse(json_string_value(entity), json_string_length(entity), &out->entity)) {
        return misses(err, "account or product");
    }
    return true;
}

static bool read_outcome(const json_t *root, struct result *out, struct err *err) {
    const json_t *state = json_object_get(root, "state");
    const json_t *reason = json_object_get(root, "reason");
    const json_t *word = reason != NULL ? reason : state;
    if (!json_is_string(state) || !json_is_string(word)) {
        return misses(err, "state");
    }
    if (!outcome_parse(json_string_value(word), json_string_length(word), &out->outcome)) {
        return err_set(err, ERR_DATA, "result: a newer Teller gave the reason \"%.40s\"",
                       json_string_value(word));
    }
    if (strcmp(outcome_state_word(outcome_state(out->outcome)), json_string_value(state)) != 0) {
        return misses(err, "state");
    }
    return true;
}

static bool read_detail(const json_t *root, struct result *out, struct err *err) {
    const json_t *detail = json_object_get(root, "detail");
    if (detail == NULL) {
        return true;
    }
    if (!json_is_string(detail) || json_string_length(detail) >= sizeof out->detail) {
        return misses(err, "detail");
    }
    memcpy(out->detail, json_string_value(detail), json_string_length(detail) + 1);
    return true;
}

static bool read_balance(const json_t *root, struct result *out, struct err *err) {
    out->has_balance = json_object_get(root, "balance") != NULL;
    if (out->has_balance && (!read_number(root, "balance", &out->balance) ||
                             !read_number(root, "available", &out->available) ||
                             !read_number(root, "version", &out->version))) {
        return misses(err, "balance, available or version");
    }
    return true;
}

static bool read_place(const json_t *root, struct result *out, struct err *err) {
    int64_t lane;
    if (!read_number(root, "lane", &lane) || lane < 0 || lane > UINT16_MAX) {
        return misses(err, "lane");
    }
    out->lane = (uint16_t)lane;
    if (!read_number(root, "offset", &out->offset)) {
        return misses(err, "offset");
    }
    const json_t *at = json_object_get(root, "at");
    if (!json_is_string(at) ||
        !timestamp_parse(json_string_value(at), json_string_length(at), &out->at_ms)) {
        return misses(err, "at");
    }
    out->duplicate = json_is_true(json_object_get(root, "duplicate"));
    return true;
}

static bool read_result(const json_t *root, struct result *out, struct err *err) {
    int64_t version;
    if (!read_number(root, "v", &version) || version != 1) {
        return misses(err, "v");
    }
    return read_subject(root, out, err) && read_outcome(root, out, err) &&
           read_detail(root, out, err) && read_balance(root, out, err) &&
           read_place(root, out, err);
}

bool result_decode(struct slice json, struct result *out, struct err *err) {
    json_error_t error;
    json_t *root = json_loadb((const char *)json.at, json.len, 0, &error);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_set(err, ERR_DATA, "result: not a JSON object");
    }
    *out = (struct result){.type = 0};
    bool valid = read_result(root, out, err);
    json_decref(root);
    return valid;
}
