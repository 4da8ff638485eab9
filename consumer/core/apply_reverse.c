/* Reversal: the money of one earlier command goes back, once. */
#include "common/check.h"
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

/* What the journal of this lane says of the command to be reversed. */
struct target {
    const struct entry *entry; /* its one row on this account; NULL: none */
    bool several;              /* more than one row on this account */
    bool claimed;              /* reversed before */
};

static struct target find_target(const struct turn *turn) {
    const struct entries *entries = &turn->lane->entries;
    const struct uuid *of = &turn->decoded->command.reference;
    struct target target = {.entry = NULL};
    struct slot_probe probe;
    for (const struct entry *e = entries_first(entries, of, &probe); e != NULL;
         e = entries_next(entries, of, &probe)) {
        if (e->account_number != turn->account->row.number) {
            continue;
        }
        if (e->key.step == STEP_REVERSAL) {
            target.claimed = true;
        } else {
            target.several = target.entry != NULL;
            target.entry = e;
        }
    }
    return target;
}

/* The sender of a transfer gets the money back, through the lane's @transit. */
static enum outcome decide_transfer(const struct account *account, const struct entry *credit,
                                    struct effect *effect) {
    enum outcome refusal = rule_take(account, credit->amount, effect);
    effect->role = SYSTEM_TRANSIT;
    effect->counter = &credit->counter;
    return refusal;
}

static enum outcome decide(const struct turn *turn, const struct target *target,
                           struct effect *effect) {
    const struct account *account = &turn->account->row;
    const struct entry *entry = target->entry;
    if (entry == NULL || (!target->several && entry->outcome == OUTCOME_PENDING)) {
        return OUTCOME_NO_SUCH_COMMAND;
    }
    if (target->claimed) {
        return OUTCOME_ALREADY_REVERSED;
    }
    if (target->several || entry->outcome != OUTCOME_APPLIED) {
        return OUTCOME_NOT_REVERSIBLE;
    }
    if (entry->type == COMMAND_DEPOSIT) {
        return rule_take(account, entry->amount, effect);
    }
    if (entry->type == COMMAND_WITHDRAW) {
        return rule_add(account, -entry->amount, effect);
    }
    if (entry->type == COMMAND_TRANSFER && entry->key.step == STEP_CREDIT) {
        return decide_transfer(account, entry, effect);
    }
    return OUTCOME_NOT_REVERSIBLE;
}

enum outcome apply_reverse(struct turn *turn) {
    enum outcome refusal = rule_standing(turn->account, COMMAND_REVERSE);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, &turn->decoded->command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct target target = find_target(turn);
    struct effect effect = {.amount = 0};
    refusal = decide(turn, &target, &effect);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    enum outcome outcome = effect.role == SYSTEM_TRANSIT ? OUTCOME_PENDING : OUTCOME_APPLIED;
    struct step_made made = ledger_own(turn, STEP_CLIENT, outcome);
    ledger_post(turn, turn->account, &made, &effect);
    struct step_made claim = ledger_own(turn, STEP_REVERSAL, OUTCOME_APPLIED);
    claim.key.id = target.entry->key.id;
    claim.key.origin = target.entry->key.origin;
    ledger_note(turn, turn->account, &claim, NULL);
    return outcome;
}
