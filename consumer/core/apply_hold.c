/* Holds: made, captured, released, and ended by lane time. */
#include <stdlib.h>

#include "common/check.h"
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

/* A hold that is due ends in the lane's own name: the step belongs to the hold's command. */
static void expire(struct turn *turn, struct account_slot *account, struct hold_slot *hold) {
    struct effect effect;
    rule_release(hold, HOLD_EXPIRED, &effect);
    struct step_made made = {
        .key = {.id = hold->row.id, .origin = hold->row.origin, .step = STEP_EXPIRY},
        .type = COMMAND_HOLD,
        .outcome = OUTCOME_APPLIED,
        .detail = "",
    };
    ledger_post(turn, account, &made, &effect);
}

static enum outcome decide_capture(const struct command *command, struct hold_slot *hold,
                                   struct effect *effect) {
    int64_t amount = (command->given & GIVEN_AMOUNT) != 0 ? command->amount : 0;
    enum outcome refusal = rule_capture(hold, amount, effect);
    if (refusal != OUTCOME_APPLIED || (command->given & GIVEN_TO) == 0) {
        return refusal;
    }
    if (ident_equal(&command->to, &command->entity)) {
        return OUTCOME_SAME_ACCOUNT;
    }
    effect->role = SYSTEM_TRANSIT;
    effect->counter = &command->to;
    return OUTCOME_APPLIED;
}

static enum outcome decide(struct turn *turn, struct hold_slot *hold, struct effect *effect) {
    const struct command *command = &turn->decoded->command;
    const struct account *account = &turn->account->row;
    if (command->type == COMMAND_HOLD) {
        return rule_hold(account, command->amount, rule_expiry(turn->at_ms, command->expires_in_s),
                         effect);
    }
    enum outcome refusal = rule_hold_standing(account, hold, turn->at_ms);
    if (refusal == OUTCOME_HOLD_EXPIRED && hold->row.state == HOLD_OPEN) {
        expire(turn, turn->account, hold);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    if (command->type == COMMAND_CAPTURE) {
        return decide_capture(command, hold, effect);
    }
    rule_release(hold, HOLD_RELEASED, effect);
    return OUTCOME_APPLIED;
}

enum outcome apply_hold(struct turn *turn) {
    const struct command *command = &turn->decoded->command;
    enum outcome refusal = rule_standing(turn->account, command->type);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct hold_slot *hold =
        command->type == COMMAND_HOLD ? NULL : holds_find(&turn->lane->holds, &command->reference);
    struct effect effect;
    refusal = decide(turn, hold, &effect);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    enum outcome outcome = effect.role == SYSTEM_TRANSIT ? OUTCOME_PENDING : OUTCOME_APPLIED;
    struct step_made made = ledger_own(turn, STEP_CLIENT, outcome);
    ledger_post(turn, turn->account, &made, &effect);
    return outcome;
}

static int compare_due(const void *a, const void *b) {
    const struct hold *first = &(*(struct hold_slot *const *)a)->row;
    const struct hold *second = &(*(struct hold_slot *const *)b)->row;
    if (first->expires_at_ms != second->expires_at_ms) {
        return first->expires_at_ms < second->expires_at_ms ? -1 : 1;
    }
    return uuid_compare(&first->id, &second->id);
}

/* The due holds, in order, into lane->due. The database was asked for the first WANTS_DUE_MAX of
 * them with no batch open, so they are all in memory; others that are due may be too, and come
 * later in the order. */
uint32_t apply_collect_due(struct lane *lane, int64_t at_ms) {
    const struct slot_table *holds = &lane->holds;
    uint32_t count = 0;
    for (uint32_t i = 0; i < holds->capacity; i++) {
        struct hold_slot *slot = slot_table_at(holds, i);
        if (slot->slot.memory == SLOT_KNOWN && slot->row.state == HOLD_OPEN &&
            slot->row.expires_at_ms <= at_ms) {
            lane->due[count++] = slot;
        }
    }
    qsort(lane->due, count, sizeof lane->due[0], compare_due);
    return count < WANTS_DUE_MAX ? count : WANTS_DUE_MAX;
}

void apply_tick(struct turn *turn) {
    struct lane *lane = turn->lane;
    uint32_t first = lane->builder.rows_count;
    uint32_t count = apply_collect_due(lane, turn->at_ms);
    for (uint32_t i = 0; i < count; i++) {
        struct hold_slot *hold = holds_find(&lane->holds, &lane->due[i]->row.id);
        int64_t number = hold->row.account_number;
        struct account_slot *account = accounts_find_number(&lane->accounts, number);
        CHECK(account != NULL);
        expire(turn, account, hold);
    }
    builder_sort_from(&lane->builder, first);
    lane->earliest_due_ms = count < WANTS_DUE_MAX ? lane->next_due_ms : turn->at_ms;
}
