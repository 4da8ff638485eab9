/* Purchases and subscriptions in the account's lane: money is held before the product is asked. */
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

/* A price that does not fit 64 bits is more than any account has. */
static enum outcome hold_price(const struct account *account, const struct command *command,
                               struct effect *effect) {
    int64_t total;
    if (!money_multiply(command->price, command->quantity, &total)) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    return rule_hold(account, total, HOLD_NEVER, effect);
}

enum outcome apply_order(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    enum outcome refusal = rule_standing(turn->account, command->type);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct effect effect;
    refusal = hold_price(&turn->account->row, command, &effect);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    effect.hold_kind = command->type == COMMAND_PURCHASE ? HOLD_PURCHASE : HOLD_SUBSCRIPTION;
    effect.price = command->price;
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_PENDING);
    ledger_post(turn, turn->account, &made, &effect);
    return OUTCOME_PENDING;
}

/* Nothing of the account changes yet: the product's lane knows the subscription. */
enum outcome apply_unsubscribe(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    enum outcome refusal = rule_standing(turn->account, COMMAND_UNSUBSCRIBE);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_PENDING);
    ledger_note(turn, turn->account, &made, NULL);
    return OUTCOME_PENDING;
}
