/* Money to another account: debited here, on its way in this lane's @transit until the receiver's
 * lane has said whether it takes it. */
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

enum outcome apply_transfer(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    enum outcome refusal = rule_standing(turn->account, COMMAND_TRANSFER);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct effect effect;
    refusal = rule_take(&turn->account->row, command->amount, &effect);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    if (ident_equal(&command->to, &command->entity)) {
        return OUTCOME_SAME_ACCOUNT;
    }
    effect.role = SYSTEM_TRANSIT;
    effect.counter = &command->to;
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_PENDING);
    ledger_post(turn, turn->account, &made, &effect);
    return OUTCOME_PENDING;
}
