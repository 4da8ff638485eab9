#include "tests/sim/draft.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"

static uint64_t dice(const struct clients *clients, uint64_t sides) {
    return prng_below(clients->prng, sides);
}

static struct ident name(char kind, uint32_t number) {
    struct ident ident = {.len = 0};
    char text[16];
    int len = snprintf(text, sizeof text, "%c%u", kind, number);
    CHECK(ident_parse(text, (size_t)len, &ident));
    return ident;
}

static struct ident any_account(const struct clients *clients) {
    return name('a', (uint32_t)dice(clients, DRAFT_ACCOUNTS));
}

static struct ident any_product(const struct clients *clients) {
    return name('p', (uint32_t)dice(clients, DRAFT_PRODUCTS));
}

/* Mostly one asset, or nothing would ever match. */
static struct asset any_asset(const struct clients *clients) {
    struct asset asset = {.len = 0};
    CHECK(asset_parse(dice(clients, 12) == 0 ? "USD" : "EUR", 3, &asset));
    return asset;
}

/* Of this time, mostly; of tomorrow (beyond the id fence); or of no time at all. */
static struct uuid new_id(struct clients *clients) {
    uint8_t random[10];
    uint64_t bits = prng_next(clients->prng);
    memcpy(random, &bits, sizeof bits);
    random[8] = (uint8_t)(clients->ids >> 8);
    random[9] = (uint8_t)clients->ids++;
    int64_t ms = clients->now_ms;
    switch (dice(clients, 10)) {
    case 0: ms += INT64_C(2) * 24 * 3600 * 1000; break;
    case 1: ms -= (int64_t)dice(clients, 100000); break;
    case 2: ms = (int64_t)(bits >> 20); break;
    default: break;
    }
    return uuid_v7(ms, random);
}

const struct tape_record *draft_pick_past(struct clients *clients) {
    const struct tape *tape = &clients->tapes[dice(clients, clients->lanes)];
    return tape->count == 0 ? NULL : &tape->records[dice(clients, tape->count)];
}

static bool is_type(const struct tape_record *record, enum command_type a, enum command_type b) {
    return record != NULL && record->kind == TAPE_COMMAND &&
           (record->command.type == a || record->command.type == b);
}

/* An earlier command of one of these types; NULL: none found in a few tries. */
static const struct command *past_command(struct clients *clients, enum command_type a,
                                          enum command_type b) {
    for (int i = 0; i < 24; i++) {
        const struct tape_record *record = draft_pick_past(clients);
        if (is_type(record, a, b)) {
            return &record->command;
        }
    }
    return NULL;
}

static void start(struct clients *clients, struct command *command, enum command_type type,
                  struct ident entity) {
    const struct command_member *members = command->members;
    *command = (struct command){
        .type = type,
        .id = new_id(clients),
        .entity = entity,
        .ceiling = MONEY_MAX,
        .members = members,
    };
    if (type != COMMAND_ACCOUNT_OPEN && type != COMMAND_PRODUCT_CREATE && dice(clients, 12) == 0) {
        command->given |= GIVEN_CURRENCY;
        command->currency = any_asset(clients);
    }
    if (dice(clients, 16) == 0) {
        command->given |= GIVEN_EXPECTED_VERSION;
        command->expected_version = (int64_t)dice(clients, 8);
    }
}

static void give_amount(const struct clients *clients, struct command *command) {
    command->given |= GIVEN_AMOUNT;
    command->amount = 1 + (int64_t)dice(clients, 60);
    if (dice(clients, 64) == 0) {
        command->amount = MONEY_MAX - (int64_t)dice(clients, 3);
    }
}

void draft_opening(struct clients *clients, uint32_t account, struct command *command) {
    command->members = NULL;
    start(clients, command, COMMAND_ACCOUNT_OPEN, name('a', account));
    command->currency = any_asset(clients);
    if (dice(clients, 4) == 0) {
        command->given |= GIVEN_FLOOR;
        command->floor = -(int64_t)dice(clients, 50);
    }
    if (dice(clients, 6) == 0) {
        command->given |= GIVEN_CEILING;
        command->ceiling = 100 + (int64_t)dice(clients, 100);
    }
}

void draft_funding(struct clients *clients, uint32_t account, struct command *command) {
    command->members = NULL;
    start(clients, command, COMMAND_DEPOSIT, name('a', account));
    give_amount(clients, command);
    if (command->amount < MONEY_MAX / 2) {
        command->amount += 40;
    }
}

static void give_cap(const struct clients *clients, struct command *command) {
    if (command->mode == PRODUCT_SUBSCRIPTION && dice(clients, 2) == 0) {
        command->given |= GIVEN_CAP;
        command->cap = 1 + (int64_t)dice(clients, 12);
    }
    if (dice(clients, 2) == 0) {
        command->given |= GIVEN_CAP_PER_ACCOUNT;
        command->cap_per_account = 1 + (int64_t)dice(clients, 5);
    }
    if (dice(clients, 2) == 0) {
        command->given |= GIVEN_SELLER;
        command->seller = any_account(clients);
    }
}

void draft_product(struct clients *clients, uint32_t product, struct command *command) {
    command->members = NULL;
    start(clients, command, COMMAND_PRODUCT_CREATE, name('p', product));
    command->currency = any_asset(clients);
    command->price = 1 + (int64_t)dice(clients, 12);
    command->stock = (int64_t)dice(clients, 16);
    command->mode = dice(clients, 2) == 0 ? PRODUCT_SALE : PRODUCT_SUBSCRIPTION;
    give_cap(clients, command);
}

static void draft_end(struct clients *clients, struct command *command, enum command_type type) {
    const struct command *hold = past_command(clients, COMMAND_HOLD, COMMAND_HOLD);
    if (hold == NULL || dice(clients, 10) == 0) {
        hold = past_command(clients, COMMAND_PURCHASE, COMMAND_GROUP);
    }
    start(clients, command, type, hold != NULL ? hold->entity : any_account(clients));
    command->reference = hold != NULL ? hold->id : new_id(clients);
    if (type == COMMAND_CAPTURE && dice(clients, 2) == 0) {
        give_amount(clients, command);
    }
    if (type == COMMAND_CAPTURE && dice(clients, 2) == 0) {
        command->given |= GIVEN_TO;
        command->to = any_account(clients);
    }
}

static void draft_reverse(struct clients *clients, struct command *command) {
    enum command_type wanted = dice(clients, 2) == 0 ? COMMAND_TRANSFER : COMMAND_DEPOSIT;
    const struct command *of = past_command(clients, wanted, COMMAND_WITHDRAW);
    struct ident entity = any_account(clients);
    if (of != NULL && dice(clients, 8) != 0) {
        entity = of->type == COMMAND_TRANSFER && dice(clients, 4) != 0 ? of->to : of->entity;
    }
    start(clients, command, COMMAND_REVERSE, entity);
    command->reference = of != NULL ? of->id : new_id(clients);
}

static void draft_order(struct clients *clients, struct command *command, enum command_type type) {
    start(clients, command, type, any_account(clients));
    command->product = any_product(clients);
    const struct command *create =
        past_command(clients, COMMAND_PRODUCT_CREATE, COMMAND_PRODUCT_PRICE);
    command->price = create != NULL ? create->price : 5;
    if (create != NULL && dice(clients, 4) != 0) {
        command->product = create->entity;
    }
    command->price += dice(clients, 3) == 0 ? (int64_t)dice(clients, 6) : 0;
    command->quantity = 1 + (int64_t)dice(clients, 4);
}

static void draft_unsubscribe(struct clients *clients, struct command *command) {
    const struct command *order = past_command(clients, COMMAND_SUBSCRIBE, COMMAND_SUBSCRIBE);
    start(clients, command, COMMAND_UNSUBSCRIBE,
          order != NULL ? order->entity : any_account(clients));
    command->product = order != NULL ? order->product : any_product(clients);
    command->reference = order != NULL ? order->id : new_id(clients);
}

static void draft_members(struct clients *clients, struct command *command,
                          struct command_member *members) {
    static const enum command_type types[] = {COMMAND_DEPOSIT, COMMAND_WITHDRAW, COMMAND_CAPTURE,
                                              COMMAND_RELEASE, COMMAND_HOLD};
    bool has_hold = false;
    const struct command *hold = past_command(clients, COMMAND_HOLD, COMMAND_HOLD);
    start(clients, command, COMMAND_GROUP, hold != NULL ? hold->entity : any_account(clients));
    command->members_count = 1 + dice(clients, TAPE_MEMBERS_MAX);
    for (size_t i = 0; i < command->members_count; i++) {
        enum command_type type = types[dice(clients, has_hold ? 4 : 5)];
        has_hold = has_hold || type == COMMAND_HOLD;
        members[i] = (struct command_member){.type = type};
        if (type == COMMAND_CAPTURE || type == COMMAND_RELEASE) {
            members[i].hold = hold != NULL ? hold->id : new_id(clients);
        } else {
            members[i].given = GIVEN_AMOUNT;
            members[i].amount = 1 + (int64_t)dice(clients, 40);
        }
    }
    command->members = members;
}

static void draft_transfer(struct clients *clients, struct command *command) {
    start(clients, command, COMMAND_TRANSFER, any_account(clients));
    command->to = any_account(clients);
    command->given |= GIVEN_TO;
    give_amount(clients, command);
}

static void draft_hold(struct clients *clients, struct command *command) {
    start(clients, command, COMMAND_HOLD, any_account(clients));
    give_amount(clients, command);
    if (dice(clients, 2) == 0) {
        command->given |= GIVEN_EXPIRES;
        command->expires_in_s = 1 + (int32_t)dice(clients, 6);
    }
}

static void draft_product_change(struct clients *clients, struct command *command) {
    static const enum command_type types[] = {COMMAND_PRODUCT_RESTOCK, COMMAND_PRODUCT_PRICE,
                                              COMMAND_PRODUCT_FINALIZE};
    start(clients, command, types[dice(clients, 3)], any_product(clients));
    if (command->type == COMMAND_PRODUCT_RESTOCK) {
        command->quantity = (int64_t)dice(clients, 12) - 4;
        command->quantity += command->quantity >= 0;
    }
    command->price = command->type == COMMAND_PRODUCT_PRICE ? 1 + (int64_t)dice(clients, 12) : 0;
}

static void draft_account(struct clients *clients, struct command *command) {
    static const enum command_type types[] = {COMMAND_ACCOUNT_CLOSE, COMMAND_ACCOUNT_FREEZE,
                                              COMMAND_ACCOUNT_UNFREEZE, COMMAND_ACCOUNT_UNFREEZE};
    start(clients, command, types[dice(clients, 4)], any_account(clients));
}

void draft_command(struct clients *clients, struct command *command,
                   struct command_member *members) {
    uint64_t what = dice(clients, 32);
    command->members = NULL;
    if (what < 8) {
        draft_transfer(clients, command);
    } else if (what < 13) {
        draft_order(clients, command, COMMAND_PURCHASE);
    } else if (what < 18) {
        draft_order(clients, command, COMMAND_SUBSCRIBE);
    } else if (what < 19) {
        draft_unsubscribe(clients, command);
    } else if (what < 21) {
        draft_hold(clients, command);
    } else if (what < 23) {
        draft_end(clients, command, dice(clients, 3) == 0 ? COMMAND_RELEASE : COMMAND_CAPTURE);
    } else if (what < 24) {
        draft_members(clients, command, members);
    } else if (what < 26) {
        draft_reverse(clients, command);
    } else if (what < 28) {
        draft_product_change(clients, command);
    } else if (what < 29) {
        draft_account(clients, command);
    } else if (what < 30 && dice(clients, 3) == 0) {
        draft_product(clients, (uint32_t)dice(clients, DRAFT_PRODUCTS), command);
    } else if (what < 30) {
        draft_opening(clients, (uint32_t)dice(clients, DRAFT_ACCOUNTS), command);
    } else {
        draft_funding(clients, (uint32_t)dice(clients, DRAFT_ACCOUNTS), command);
        command->type = what == 30 ? COMMAND_WITHDRAW : COMMAND_DEPOSIT;
    }
}
