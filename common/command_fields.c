#include "common/command_fields.h"

#include "common/money.h"

#define MUST_IDENT "must match [A-Za-z0-9][A-Za-z0-9._:-]{0,63}"
#define MUST_AMOUNT "must be an integer of minor units, 1 .. 9223372036854775807"
#define MUST_EXPIRES "must be an integer of seconds, 1 .. 31536000"
#define MUST_UUID "must be a UUID of 36 characters"
#define NOT_KEPT 0

static const struct field v = {.name = "v", .kind = FIELD_V};
static const struct field type = {.name = "type", .kind = FIELD_TYPE};
static const struct field id = {
    .name = "id", .kind = FIELD_UUID, .tag = 1, .offset = offsetof(struct command, id),
    .must = MUST_UUID};
static const struct field account = {
    .name = "account", .kind = FIELD_IDENT, .tag = 2, .offset = offsetof(struct command, entity),
    .must = MUST_IDENT};
static const struct field currency = {
    .name = "currency", .kind = FIELD_ASSET, .tag = 3, .given = GIVEN_CURRENCY,
    .offset = offsetof(struct command, currency), .must = "must match [A-Z][A-Z0-9]{2,7}"};
static const struct field expected_version = {
    .name = "expected_version", .kind = FIELD_INTEGER, .tag = 4, .given = GIVEN_EXPECTED_VERSION,
    .offset = offsetof(struct command, expected_version), .low = 0, .high = INT64_MAX,
    .must = "must be an integer, 0 .. 9223372036854775807"};
static const struct field memo = {
    .name = "memo", .kind = FIELD_MEMO, .tag = 5, .given = GIVEN_MEMO,
    .offset = offsetof(struct command, memo), .high = COMMAND_MEMO_MAX,
    .must = "must be text of at most 140 bytes, without NUL"};
static const struct field at = {
    .name = "at", .kind = FIELD_NOTE, .offset = NOT_KEPT, .high = COMMAND_AT_MAX,
    .must = "must be text of at most 64 bytes"};
static const struct field amount = {
    .name = "amount", .kind = FIELD_AMOUNT, .tag = 6, .given = GIVEN_AMOUNT,
    .offset = offsetof(struct command, amount), .low = 1, .high = MONEY_MAX,
    .must = MUST_AMOUNT};
static const struct field lowest = {
    .name = "floor", .kind = FIELD_AMOUNT, .tag = 7, .given = GIVEN_FLOOR,
    .offset = offsetof(struct command, floor), .low = MONEY_MIN, .high = 0,
    .must = "must be an integer of minor units, -9223372036854775807 .. 0"};
static const struct field ceiling = {
    .name = "ceiling", .kind = FIELD_AMOUNT, .tag = 8, .given = GIVEN_CEILING,
    .offset = offsetof(struct command, ceiling), .low = 0, .high = MONEY_MAX,
    .must = "must be an integer of minor units, 0 .. 9223372036854775807"};
static const struct field expires_in_s = {
    .name = "expires_in_s", .kind = FIELD_SECONDS, .tag = 9, .given = GIVEN_EXPIRES,
    .offset = offsetof(struct command, expires_in_s), .low = 1, .high = COMMAND_EXPIRES_MAX_S,
    .must = MUST_EXPIRES};
static const struct field hold = {
    .name = "hold", .kind = FIELD_UUID, .tag = 10, .offset = offsetof(struct command, reference),
    .must = MUST_UUID};
static const struct field of = {
    .name = "of", .kind = FIELD_UUID, .tag = 11, .offset = offsetof(struct command, reference),
    .must = MUST_UUID};
static const struct field commands = {
    .name = "commands", .kind = FIELD_MEMBERS, .tag = 12, .low = 1, .high = COMMAND_GROUP_MAX,
    .must = "must be an array of 1 .. 16 objects"};

static const struct field to = {
    .name = "to", .kind = FIELD_IDENT, .tag = 13, .given = GIVEN_TO,
    .offset = offsetof(struct command, to), .must = MUST_IDENT};
static const struct field product_entity = {
    .name = "product", .kind = FIELD_IDENT, .tag = 14, .offset = offsetof(struct command, entity),
    .must = MUST_IDENT};
static const struct field product = {
    .name = "product", .kind = FIELD_IDENT, .tag = 14, .offset = offsetof(struct command, product),
    .must = MUST_IDENT};
static const struct field quantity = {
    .name = "quantity", .kind = FIELD_AMOUNT, .tag = 15,
    .offset = offsetof(struct command, quantity), .low = 1, .high = INT64_MAX,
    .must = "must be an integer, 1 .. 9223372036854775807"};
static const struct field quantity_change = {
    .name = "quantity", .kind = FIELD_CHANGE, .tag = 15,
    .offset = offsetof(struct command, quantity), .low = -INT64_MAX, .high = INT64_MAX,
    .must = "must be an integer, -9223372036854775807 .. 9223372036854775807, not 0"};
static const struct field price = {
    .name = "price", .kind = FIELD_AMOUNT, .tag = 16, .offset = offsetof(struct command, price),
    .low = 1, .high = MONEY_MAX, .must = MUST_AMOUNT};
static const struct field stock = {
    .name = "stock", .kind = FIELD_AMOUNT, .tag = 17, .offset = offsetof(struct command, stock),
    .low = 0, .high = INT64_MAX, .must = "must be an integer, 0 .. 9223372036854775807"};
static const struct field seller = {
    .name = "seller", .kind = FIELD_IDENT, .tag = 18, .given = GIVEN_SELLER,
    .offset = offsetof(struct command, seller), .must = MUST_IDENT};
static const struct field mode = {
    .name = "mode", .kind = FIELD_MODE, .tag = 19, .offset = offsetof(struct command, mode),
    .must = "must be sale or subscription"};
static const struct field cap = {
    .name = "cap", .kind = FIELD_AMOUNT, .tag = 20, .given = GIVEN_CAP,
    .offset = offsetof(struct command, cap), .low = 1, .high = INT64_MAX,
    .must = "must be an integer, 1 .. 9223372036854775807"};
static const struct field cap_per_account = {
    .name = "cap_per_account", .kind = FIELD_AMOUNT, .tag = 21, .given = GIVEN_CAP_PER_ACCOUNT,
    .offset = offsetof(struct command, cap_per_account), .low = 1, .high = INT64_MAX,
    .must = "must be an integer, 1 .. 9223372036854775807"};
static const struct field subscription = {
    .name = "subscription", .kind = FIELD_UUID, .tag = 22,
    .offset = offsetof(struct command, reference), .must = MUST_UUID};

/* What a member shares with a command of its type has the same name, tag and bounds. */
static const struct field member_amount = {
    .name = "amount", .kind = FIELD_AMOUNT, .tag = 6, .given = GIVEN_AMOUNT,
    .offset = offsetof(struct command_member, amount), .low = 1, .high = MONEY_MAX,
    .must = MUST_AMOUNT};
static const struct field member_expires_in_s = {
    .name = "expires_in_s", .kind = FIELD_SECONDS, .tag = 9, .given = GIVEN_EXPIRES,
    .offset = offsetof(struct command_member, expires_in_s), .low = 1,
    .high = COMMAND_EXPIRES_MAX_S, .must = MUST_EXPIRES};
static const struct field member_hold = {
    .name = "hold", .kind = FIELD_UUID, .tag = 10, .offset = offsetof(struct command_member, hold),
    .must = MUST_UUID};

#define REQUIRED(name) {&(name), true}
#define OPTIONAL(name) {&(name), false}
#define END {NULL, false}
#define HEAD REQUIRED(v), REQUIRED(type), REQUIRED(id), REQUIRED(account)
#define PRODUCT_HEAD REQUIRED(v), REQUIRED(type), REQUIRED(id), REQUIRED(product_entity)
#define TAIL_WITHOUT_CURRENCY OPTIONAL(expected_version), OPTIONAL(memo), OPTIONAL(at), END
#define TAIL OPTIONAL(currency), TAIL_WITHOUT_CURRENCY

static const struct field_use of_open[] = {HEAD, REQUIRED(currency), OPTIONAL(lowest),
                                           OPTIONAL(ceiling), TAIL_WITHOUT_CURRENCY};
static const struct field_use of_account_state[] = {HEAD, TAIL};
static const struct field_use of_deposit[] = {HEAD, REQUIRED(amount), TAIL};
static const struct field_use of_hold[] = {HEAD, REQUIRED(amount), OPTIONAL(expires_in_s), TAIL};
static const struct field_use of_capture[] = {HEAD, REQUIRED(hold), OPTIONAL(amount),
                                              OPTIONAL(to), TAIL};
static const struct field_use of_release[] = {HEAD, REQUIRED(hold), TAIL};
static const struct field_use of_reverse[] = {HEAD, REQUIRED(of), TAIL};
static const struct field_use of_group[] = {HEAD, REQUIRED(commands), TAIL};
static const struct field_use of_transfer[] = {HEAD, REQUIRED(to), REQUIRED(amount), TAIL};
static const struct field_use of_create[] = {
    PRODUCT_HEAD, REQUIRED(currency), REQUIRED(price), REQUIRED(stock), REQUIRED(mode),
    OPTIONAL(seller), OPTIONAL(cap), OPTIONAL(cap_per_account), TAIL_WITHOUT_CURRENCY};
static const struct field_use of_restock[] = {PRODUCT_HEAD, REQUIRED(quantity_change), TAIL};
static const struct field_use of_price[] = {PRODUCT_HEAD, REQUIRED(price), TAIL};
static const struct field_use of_finalize[] = {PRODUCT_HEAD, TAIL};
static const struct field_use of_purchase[] = {HEAD, REQUIRED(product), REQUIRED(quantity),
                                               REQUIRED(price), TAIL};
static const struct field_use of_unsubscribe[] = {HEAD, REQUIRED(product),
                                                  REQUIRED(subscription), TAIL};

static const struct field_use of_member_deposit[] = {
    REQUIRED(type), REQUIRED(member_amount), END};
static const struct field_use of_member_hold[] = {
    REQUIRED(type), REQUIRED(member_amount), OPTIONAL(member_expires_in_s), END};
static const struct field_use of_member_capture[] = {
    REQUIRED(type), REQUIRED(member_hold), OPTIONAL(member_amount), END};
static const struct field_use of_member_release[] = {
    REQUIRED(type), REQUIRED(member_hold), END};

const struct field_use *command_fields(enum command_type command) {
    switch (command) {
    case COMMAND_ACCOUNT_OPEN: return of_open;
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE: return of_account_state;
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW: return of_deposit;
    case COMMAND_HOLD: return of_hold;
    case COMMAND_CAPTURE: return of_capture;
    case COMMAND_RELEASE: return of_release;
    case COMMAND_REVERSE: return of_reverse;
    case COMMAND_GROUP: return of_group;
    case COMMAND_TRANSFER: return of_transfer;
    case COMMAND_PRODUCT_CREATE: return of_create;
    case COMMAND_PRODUCT_RESTOCK: return of_restock;
    case COMMAND_PRODUCT_PRICE: return of_price;
    case COMMAND_PRODUCT_FINALIZE: return of_finalize;
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE: return of_purchase;
    case COMMAND_UNSUBSCRIBE: return of_unsubscribe;
    }
    return NULL;
}

const struct field_use *command_member_fields(enum command_type command) {
    switch (command) {
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW: return of_member_deposit;
    case COMMAND_HOLD: return of_member_hold;
    case COMMAND_CAPTURE: return of_member_capture;
    case COMMAND_RELEASE: return of_member_release;
    case COMMAND_ACCOUNT_OPEN:
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_REVERSE:
    case COMMAND_GROUP:
    case COMMAND_TRANSFER:
    case COMMAND_PRODUCT_CREATE:
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE:
    case COMMAND_PRODUCT_FINALIZE:
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE:
    case COMMAND_UNSUBSCRIBE: return NULL;
    }
    return NULL;
}
