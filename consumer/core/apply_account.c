/* Commands on the account itself, and money in and out of it. */
#include "common/check.h"
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

/* A closed id is not opened again: an existing one is `account_exists` only while it lives. */
static enum outcome may_open(const struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    if (turn->account->slot.memory == SLOT_KNOWN) {
        return turn->account->row.state == ACCOUNT_CLOSED ? OUTCOME_ACCOUNT_CLOSED
                                                          : OUTCOME_ACCOUNT_EXISTS;
    }
    if ((command->given & GIVEN_EXPECTED_VERSION) && command->expected_version != 0) {
        return OUTCOME_VERSION_MISMATCH;
    }
    return OUTCOME_APPLIED;
}

enum outcome apply_open(struct turn *turn) {
    enum outcome refusal = may_open(turn);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    const struct command *command = &turn->decoded->command;
    struct account_slot *slot = turn->account;
    slot->row = (struct account){
        .number = turn->lane->next_number++,
        .id = command->entity,
        .currency = command->currency,
        .floor = command->floor,
        .ceiling = command->ceiling,
        .state = ACCOUNT_OPEN,
    };
    slot->slot.is_new = true;
    accounts_open(&turn->lane->accounts, slot);
    ledger_mark(turn, slot);
    return OUTCOME_APPLIED;
}

static enum account_state state_after(enum command_type type) {
    if (type == COMMAND_ACCOUNT_CLOSE) {
        return ACCOUNT_CLOSED;
    }
    return type == COMMAND_ACCOUNT_FREEZE ? ACCOUNT_FROZEN : ACCOUNT_OPEN;
}

enum outcome apply_account_state(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    struct account *account = &turn->account->row;
    enum outcome refusal = rule_standing(turn->account, command->type);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    if (command->type == COMMAND_ACCOUNT_CLOSE && (account->balance != 0 || account->held != 0)) {
        return OUTCOME_ACCOUNT_NOT_EMPTY;
    }
    refusal = rule_agreement(account, command);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    enum account_state state = state_after(command->type);
    if (account->state == state) {
        struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_APPLIED);
        ledger_note(turn, turn->account, &made, NULL);
        return OUTCOME_APPLIED;
    }
    account->state = state;
    ledger_mark(turn, turn->account);
    return OUTCOME_APPLIED;
}

enum outcome apply_movement(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    enum outcome refusal = rule_standing(turn->account, command->type);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct effect effect;
    refusal = command->type == COMMAND_DEPOSIT
                  ? rule_add(&turn->account->row, command->amount, &effect)
                  : rule_take(&turn->account->row, command->amount, &effect);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_APPLIED);
    ledger_post(turn, turn->account, &made, &effect);
    return OUTCOME_APPLIED;
}
