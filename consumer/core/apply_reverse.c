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
        if (e->account_number != turn->account->row.number)
            continue;
        if (e->key.step == STEP_REVERSAL) {
            target.claimed = true;
        } else {
            target.several = target.entry != NULL;
            target.entry = e;
        }
    }
    return target;
}

static enum outcome decide(const struct turn *turn, const struct target *target,
                           struct effect *effect) {
    const struct account *account = &turn->account->row;
    if (target->entry == NULL)
        return OUTCOME_NO_SUCH_COMMAND;
    if (target->claimed)
        return OUTCOME_ALREADY_REVERSED;
    if (target->several || target->entry->outcome != OUTCOME_APPLIED)
        return OUTCOME_NOT_REVERSIBLE;
    if (target->entry->type == COMMAND_DEPOSIT)
        return rule_take(account, target->entry->amount, effect);
    if (target->entry->type == COMMAND_WITHDRAW)
        return rule_add(account, -target->entry->amount, effect);
    return OUTCOME_NOT_REVERSIBLE;
}

enum outcome apply_reverse(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    enum outcome refusal = rule_standing(turn->account, command->type);
    if (refusal == OUTCOME_APPLIED)
        refusal = rule_agreement(&turn->account->row, command);
    if (refusal != OUTCOME_APPLIED)
        return refusal;
    struct target target = find_target(turn);
    struct effect effect;
    refusal = decide(turn, &target, &effect);
    if (refusal != OUTCOME_APPLIED)
        return refusal;
    struct journal_key key = ledger_key(turn, STEP_CLIENT);
    ledger_post(turn, turn->account, &key, command->type, &effect);
    struct journal_key claim = {
        .id = target.entry->key.id,
        .origin = target.entry->key.origin,
        .step = STEP_REVERSAL,
    };
    ledger_note(turn, &claim, OUTCOME_APPLIED, "");
    return OUTCOME_APPLIED;
}
