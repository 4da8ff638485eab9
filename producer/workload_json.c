#include "producer/workload_json.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"

static char *put(char *to, const char *text, size_t len) {
    memcpy(to, text, len);
    return to + len;
}

#define HEAD_MAX (sizeof "{'v':1,'id':'','type':'','account':''" + UUID_TEXT_LEN + 32 + IDENT_MAX)

/* Up to the name of what the command is keyed by. */
static size_t write_head(const struct command *command, char *json) {
    const char *type = command_type_word(command->type);
    bool is_on_product = command_type_is_on_product(command->type);
    char *to = put(json, "{\"v\":1,\"id\":\"", 13);
    uuid_format(&command->id, to);
    to = put(to + UUID_TEXT_LEN, "\",\"type\":\"", 10);
    to = put(to, type, strlen(type));
    to = is_on_product ? put(to, "\",\"product\":\"", 13) : put(to, "\",\"account\":\"", 13);
    to = put(to, command->entity.text, command->entity.len);
    *to++ = '"';
    return (size_t)(to - json);
}

static int write_reference(const struct command *command, const char *field, char *to,
                           size_t room) {
    char reference[UUID_TEXT_LEN + 1];
    uuid_format(&command->reference, reference);
    return snprintf(to, room, ",\"%s\":\"%s\"", field, reference);
}

static int write_sale(const struct command *command, char *to, size_t room) {
    return snprintf(to, room, ",\"product\":\"%s\",\"quantity\":%lld,\"price\":%lld",
                    command->product.text, (long long)command->quantity, (long long)command->price);
}

static int write_product(const struct command *command, char *to, size_t room) {
    return snprintf(to, room, ",\"currency\":\"%s\",\"price\":%lld,\"stock\":%lld,\"mode\":\"%s\"",
                    command->currency.text, (long long)command->price, (long long)command->stock,
                    product_mode_word(command->mode));
}

/* The fields of its type; 0 bytes where it has none. */
static int write_fields(const struct command *command, char *to, size_t room) {
    long long amount = (long long)command->amount;
    switch (command->type) {
    case COMMAND_ACCOUNT_OPEN:
        return command->floor == 0
                   ? snprintf(to, room, ",\"currency\":\"%s\"", command->currency.text)
                   : snprintf(to, room, ",\"currency\":\"%s\",\"floor\":%lld",
                              command->currency.text, (long long)command->floor);
    case COMMAND_CAPTURE:
    case COMMAND_RELEASE: return write_reference(command, "hold", to, room);
    case COMMAND_REVERSE: return write_reference(command, "of", to, room);
    case COMMAND_GROUP:
        return snprintf(to, room,
                        ",\"commands\":[{\"type\":\"deposit\",\"amount\":%lld},"
                        "{\"type\":\"withdraw\",\"amount\":%lld}]",
                        amount, amount);
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW:
    case COMMAND_HOLD: return snprintf(to, room, ",\"amount\":%lld", amount);
    case COMMAND_TRANSFER:
        return snprintf(to, room, ",\"to\":\"%s\",\"amount\":%lld", command->to.text, amount);
    case COMMAND_PRODUCT_CREATE: return write_product(command, to, room);
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE: return write_sale(command, to, room);
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_PRODUCT_FINALIZE: return 0;
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE:
    case COMMAND_UNSUBSCRIBE: break; /* no shape makes them */
    }
    return -1;
}

size_t workload_json_write(const struct command *command, char *json, size_t room) {
    CHECK(room > HEAD_MAX);
    size_t len = write_head(command, json);
    int added = write_fields(command, json + len, room - len);
    CHECK(added >= 0 && (size_t)added + 1 < room - len);
    len += (size_t)added;
    json[len++] = '}';
    return len;
}
