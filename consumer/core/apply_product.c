/* Commands on a product itself. A finalized product never changes. */
#include "common/check.h"
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

static enum outcome agreement(const struct product *product, const struct command *command) {
    if ((command->given & GIVEN_CURRENCY) != 0 &&
        !asset_equal(&command->currency, &product->currency)) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    if ((command->given & GIVEN_EXPECTED_VERSION) != 0 &&
        command->expected_version != product->version) {
        return OUTCOME_VERSION_MISMATCH;
    }
    return OUTCOME_APPLIED;
}

static enum outcome create(struct turn *turn, struct product_effect *effect) {
    const struct command *command = &turn->decoded->command;
    struct product_slot *slot = turn->product;
    if ((command->given & GIVEN_EXPECTED_VERSION) != 0 && command->expected_version != 0) {
        return OUTCOME_VERSION_MISMATCH;
    }
    if (slot->slot.memory == SLOT_KNOWN) {
        return OUTCOME_PRODUCT_EXISTS;
    }
    slot->slot.memory = SLOT_KNOWN;
    slot->slot.is_new = true;
    slot->row = (struct product){
        .number = turn->lane->next_number++,
        .id = command->entity,
        .currency = command->currency,
        .seller = command->seller,
        .price = command->price,
        .cap = command->cap,
        .cap_per_account = command->cap_per_account,
        .next_subscription = 1,
        .mode = command->mode,
        .state = PRODUCT_OPEN,
    };
    *effect = (struct product_effect){.stock_delta = command->stock, .price = command->price};
    return OUTCOME_APPLIED;
}

/* Everything that was ever in stock must fit 64 bits, sold units included. */
static enum outcome restock(const struct product *product, const struct command *command,
                            struct product_effect *effect) {
    money_wide stock = (money_wide)product->stock + command->quantity;
    if (stock + product->sold > INT64_MAX) {
        return OUTCOME_OVERFLOW;
    }
    if (stock < 0) {
        return OUTCOME_OUT_OF_STOCK;
    }
    *effect = (struct product_effect){.stock_delta = command->quantity};
    return OUTCOME_APPLIED;
}

/* What is subscribed is allotted at once, in one sum; chunks tell each subscriber his share. */
static void finalize(struct turn *turn, struct product_effect *effect) {
    struct product *product = &turn->product->row;
    *effect = (struct product_effect){.price = product->price};
    product->state = PRODUCT_FINALIZED;
    if (product->mode == PRODUCT_SALE || product->subscribed == 0) {
        return;
    }
    CHECK(turn->lane->allotment.product_number == product->number);
    int64_t units = product->stock < product->subscribed ? product->stock : product->subscribed;
    struct allotment_limit limit =
        allotment_find_limit(&turn->lane->allotment, units, product->subscribed);
    product->allot_total = product->subscribed;
    product->allot_remainder = limit.remainder;
    product->allot_number = limit.number;
    effect->stock_delta = -units;
    effect->sold_delta = units;
}

static enum outcome change(struct turn *turn, struct product_effect *effect) {
    const struct command *command = &turn->decoded->command;
    struct product *product = &turn->product->row;
    if (turn->product->slot.memory == SLOT_MISSING) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    enum outcome refusal = agreement(product, command);
    if (refusal == OUTCOME_APPLIED && command->type == COMMAND_PRODUCT_RESTOCK) {
        refusal = restock(product, command, effect);
    }
    if (refusal == OUTCOME_APPLIED && product->state == PRODUCT_FINALIZED) {
        refusal = OUTCOME_ALREADY_FINALIZED;
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    if (command->type == COMMAND_PRODUCT_PRICE) {
        product->price = command->price;
        *effect = (struct product_effect){.price = command->price};
    } else if (command->type == COMMAND_PRODUCT_FINALIZE) {
        finalize(turn, effect);
    }
    return OUTCOME_APPLIED;
}

enum outcome apply_product(struct turn *turn) {
    struct product_effect effect = {.price = 0};
    enum outcome refusal = turn->decoded->command.type == COMMAND_PRODUCT_CREATE
                               ? create(turn, &effect)
                               : change(turn, &effect);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_APPLIED);
    ledger_post_product(turn, turn->product, &made, &effect);
    return OUTCOME_APPLIED;
}
