#include "consumer/core/rules.h"

#include "common/check.h"

int64_t rule_available(const struct account *account) {
    money_wide available = (money_wide)account->balance - account->held - account->floor;
    CHECK(available >= 0 && available <= MONEY_MAX);
    return (int64_t)available;
}

/* Release, expiry, returns, settlement and close go on when frozen. */
static bool goes_on_when_frozen(enum command_type type) {
    switch (type) {
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_RELEASE:
    case COMMAND_UNSUBSCRIBE: return true;
    case COMMAND_ACCOUNT_OPEN:
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW:
    case COMMAND_HOLD:
    case COMMAND_CAPTURE:
    case COMMAND_REVERSE:
    case COMMAND_GROUP:
    case COMMAND_TRANSFER:
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE: return false;
    case COMMAND_PRODUCT_CREATE:
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE:
    case COMMAND_PRODUCT_FINALIZE: break;
    }
    CHECK(!"a command on accounts");
    return false;
}

enum outcome rule_standing(const struct account_slot *slot, enum command_type type) {
    CHECK(slot->slot.memory == SLOT_KNOWN || slot->slot.memory == SLOT_MISSING);
    if (slot->slot.memory == SLOT_MISSING) {
        return OUTCOME_NO_SUCH_ACCOUNT;
    }
    if (slot->row.state == ACCOUNT_CLOSED) {
        return OUTCOME_ACCOUNT_CLOSED;
    }
    if (slot->row.state == ACCOUNT_FROZEN && !goes_on_when_frozen(type)) {
        return OUTCOME_ACCOUNT_FROZEN;
    }
    return OUTCOME_APPLIED;
}

enum outcome rule_agreement(const struct account *account, const struct command *command) {
    if ((command->given & GIVEN_CURRENCY) && !asset_equal(&command->currency, &account->currency)) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    if ((command->given & GIVEN_EXPECTED_VERSION) &&
        command->expected_version != account->version) {
        return OUTCOME_VERSION_MISMATCH;
    }
    return OUTCOME_APPLIED;
}

enum outcome rule_add(const struct account *account, int64_t amount, struct effect *effect) {
    CHECK(amount > 0);
    money_wide balance = (money_wide)account->balance + amount;
    if (account->ceiling < MONEY_MAX && balance > account->ceiling) {
        return OUTCOME_CEILING_EXCEEDED;
    }
    if (balance > MONEY_MAX || balance - account->floor > MONEY_MAX) {
        return OUTCOME_OVERFLOW;
    }
    *effect = (struct effect){.amount = amount, .role = SYSTEM_WORLD};
    return OUTCOME_APPLIED;
}

bool rule_must_add(const struct account_slot *slot, const struct asset *currency, int64_t amount,
                   struct effect *effect) {
    const struct account *account = &slot->row;
    if (slot->slot.memory == SLOT_MISSING || account->state == ACCOUNT_CLOSED ||
        !asset_equal(currency, &account->currency)) {
        return false;
    }
    struct account open = *account;
    open.ceiling = MONEY_MAX;
    return rule_add(&open, amount, effect) == OUTCOME_APPLIED;
}

enum outcome rule_take(const struct account *account, int64_t amount, struct effect *effect) {
    CHECK(amount > 0);
    if (rule_available(account) < amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    *effect = (struct effect){.amount = -amount, .role = SYSTEM_WORLD};
    return OUTCOME_APPLIED;
}

enum outcome rule_hold(const struct account *account, int64_t amount, int64_t expires_at_ms,
                       struct effect *effect) {
    CHECK(amount > 0);
    if (rule_available(account) < amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    *effect = (struct effect){
        .held_delta = amount,
        .makes_hold = true,
        .hold_kind = HOLD_CLIENT,
        .hold_expires_at_ms = expires_at_ms,
    };
    return OUTCOME_APPLIED;
}

enum outcome rule_hold_standing(const struct account *account, const struct hold_slot *hold,
                                int64_t at_ms) {
    CHECK(hold->slot.memory == SLOT_KNOWN || hold->slot.memory == SLOT_MISSING);
    if (hold->slot.memory == SLOT_MISSING || hold->row.kind != HOLD_CLIENT ||
        hold->row.account_number != account->number) {
        return OUTCOME_NO_SUCH_HOLD;
    }
    switch (hold->row.state) {
    case HOLD_OPEN:
        return hold->row.expires_at_ms <= at_ms ? OUTCOME_HOLD_EXPIRED : OUTCOME_APPLIED;
    case HOLD_EXPIRED: return OUTCOME_HOLD_EXPIRED;
    case HOLD_CAPTURED:
    case HOLD_RELEASED: return OUTCOME_HOLD_SETTLED;
    }
    CHECK(!"hold state");
    return OUTCOME_NO_SUCH_HOLD;
}

enum outcome rule_capture(struct hold_slot *hold, int64_t amount, struct effect *effect) {
    if (amount > hold->row.amount) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    rule_release(hold, HOLD_CAPTURED, effect);
    effect->role = SYSTEM_WORLD;
    effect->amount = amount == 0 ? -hold->row.amount : -amount;
    return OUTCOME_APPLIED;
}

void rule_release(struct hold_slot *hold, enum hold_state ends_as, struct effect *effect) {
    CHECK(hold->slot.memory == SLOT_KNOWN && hold->row.state == HOLD_OPEN);
    *effect = (struct effect){.held_delta = -hold->row.amount, .ends = hold, .ends_as = ends_as};
}

int64_t rule_expiry(int64_t at_ms, int32_t expires_in_s) {
    return expires_in_s == 0 ? HOLD_NEVER : at_ms + (int64_t)expires_in_s * 1000;
}
