/* Groups: several members on one account, all or nothing. Every member is decided on a draft of the
 * account first; only when all of them pass is anything posted. */
#include <stdio.h>

#include "common/check.h"
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"

struct draft {
    struct account account; /* as the members so far would leave it */
    struct effect effects[COMMAND_GROUP_MAX];
    size_t count;
};

static bool ended_before(const struct draft *draft, const struct hold_slot *hold) {
    for (size_t i = 0; i < draft->count; i++) {
        if (draft->effects[i].ends == hold) {
            return true;
        }
    }
    return false;
}

/* A hold that an earlier member ends is settled for a later one. */
static enum outcome decide_end(const struct turn *turn, const struct draft *draft,
                               const struct command_member *member, struct effect *effect) {
    struct hold_slot *hold = holds_find(&turn->lane->holds, &member->hold);
    if (ended_before(draft, hold)) {
        return OUTCOME_HOLD_SETTLED;
    }
    enum outcome refusal = rule_hold_standing(&draft->account, hold, turn->at_ms);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    if (member->type == COMMAND_CAPTURE) {
        return rule_capture(hold, (member->given & GIVEN_AMOUNT) ? member->amount : 0, effect);
    }
    rule_release(hold, HOLD_RELEASED, effect);
    return OUTCOME_APPLIED;
}

static enum outcome decide_member(const struct turn *turn, const struct draft *draft,
                                  const struct command_member *member, struct effect *effect) {
    if (member->type == COMMAND_DEPOSIT) {
        return rule_add(&draft->account, member->amount, effect);
    }
    if (member->type == COMMAND_WITHDRAW) {
        return rule_take(&draft->account, member->amount, effect);
    }
    if (member->type == COMMAND_HOLD) {
        return rule_hold(&draft->account, member->amount,
                         rule_expiry(turn->at_ms, member->expires_in_s), effect);
    }
    CHECK(member->type == COMMAND_CAPTURE || member->type == COMMAND_RELEASE);
    return decide_end(turn, draft, member, effect);
}

static enum outcome draft_members(struct turn *turn, struct draft *draft) {
    const struct command *command = &turn->decoded->command;
    for (size_t i = 0; i < command->members_count; i++) {
        struct effect *effect = &draft->effects[i];
        enum outcome refusal = decide_member(turn, draft, &command->members[i], effect);
        if (refusal != OUTCOME_APPLIED) {
            snprintf(turn->detail, TURN_DETAIL_MAX, "commands[%zu]: %s", i, outcome_word(refusal));
            return OUTCOME_GROUP_FAILED;
        }
        draft->account.balance += effect->amount;
        draft->account.held += effect->held_delta;
        draft->account.version++;
        draft->count++;
    }
    return OUTCOME_APPLIED;
}

/* Step 0 carries the outcome and the state that the last member leaves; it moves nothing itself. */
static void post_members(struct turn *turn, const struct draft *draft) {
    const struct command *command = &turn->decoded->command;
    for (size_t i = 0; i < draft->count; i++) {
        struct step_made made = ledger_own(turn, STEP_MEMBER + (int32_t)i, OUTCOME_APPLIED);
        made.type = command->members[i].type;
        ledger_post(turn, turn->account, &made, &draft->effects[i]);
    }
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_APPLIED);
    ledger_note(turn, turn->account, &made, NULL);
}

enum outcome apply_group(struct turn *turn) {
    enum outcome refusal = rule_standing(turn->account, COMMAND_GROUP);
    if (refusal == OUTCOME_APPLIED) {
        refusal = rule_agreement(&turn->account->row, &turn->decoded->command);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct draft draft = {.account = turn->account->row};
    refusal = draft_members(turn, &draft);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    CHECK(draft.count == turn->decoded->command.members_count);
    post_members(turn, &draft);
    return OUTCOME_APPLIED;
}
