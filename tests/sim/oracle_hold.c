/* Holds, the time that ends them, and groups, which may do all of it at once. */
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "tests/sim/page.h"

static void end_hold(struct page *page, struct hold *hold, enum hold_state state,
                     struct line *line) {
    struct account *account = NULL;
    for (size_t i = 0; i < page->books->accounts_count; i++) {
        if (page->books->accounts[i].number == hold->account_number) {
            account = &page->books->accounts[i];
        }
    }
    CHECK(account != NULL);
    hold->state = state;
    line->held_delta = -hold->amount;
    page_post(page, account, line);
}

void oracle_expire(struct page *page, struct hold *hold) {
    struct line line = {
        .key = {.id = hold->id, .origin = hold->origin, .step = STEP_EXPIRY},
        .type = COMMAND_HOLD,
        .outcome = OUTCOME_APPLIED,
        .detail = "",
    };
    end_hold(page, hold, HOLD_EXPIRED, &line);
}

static struct hold *earliest_due(const struct page *page) {
    struct hold *found = NULL;
    for (size_t i = 0; i < page->books->holds_count; i++) {
        struct hold *hold = &page->books->holds[i];
        bool due = hold->state == HOLD_OPEN && hold->expires_at_ms <= page->at_ms;
        if (due && (found == NULL || hold->expires_at_ms < found->expires_at_ms ||
                    (hold->expires_at_ms == found->expires_at_ms &&
                     uuid_compare(&hold->id, &found->id) < 0))) {
            found = hold;
        }
    }
    return found;
}

void oracle_tick(struct page *page) {
    for (int i = 0; i < WANTS_DUE_MAX; i++) {
        struct hold *hold = earliest_due(page);
        if (hold == NULL) {
            return;
        }
        oracle_expire(page, hold);
    }
}

static void make_hold(struct page *page, struct account *account, int64_t amount,
                      int32_t expires_in_s, struct line *line) {
    memory_store_add_hold(page->books,
                          &(struct hold){
                              .id = line->key.id,
                              .origin = page->lane,
                              .account_number = account->number,
                              .amount = amount,
                              .expires_at_ms = expires_in_s == 0
                                                   ? HOLD_NEVER
                                                   : page->at_ms + expires_in_s * INT64_C(1000),
                              .state = HOLD_OPEN,
                              .kind = HOLD_CLIENT,
                          });
    line->held_delta = amount;
    page_post(page, account, line);
}

static enum outcome may_end(const struct page *page, const struct account *account,
                            const struct hold *hold) {
    if (hold == NULL || hold->kind != HOLD_CLIENT || hold->account_number != account->number) {
        return OUTCOME_NO_SUCH_HOLD;
    }
    if (hold->state == HOLD_EXPIRED ||
        (hold->state == HOLD_OPEN && hold->expires_at_ms <= page->at_ms)) {
        return OUTCOME_HOLD_EXPIRED;
    }
    return hold->state == HOLD_OPEN ? OUTCOME_APPLIED : OUTCOME_HOLD_SETTLED;
}

static enum outcome capture(struct page *page, struct hold *hold) {
    const struct command *command = &page->record->command;
    bool has_to = (command->given & GIVEN_TO) != 0;
    int64_t amount = (command->given & GIVEN_AMOUNT) != 0 ? command->amount : hold->amount;
    enum outcome refusal = OUTCOME_APPLIED;
    page_object(&refusal, amount > hold->amount, OUTCOME_INSUFFICIENT_FUNDS);
    page_object(&refusal, has_to && ident_equal(&command->to, &command->entity),
                OUTCOME_SAME_ACCOUNT);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct line line = page_own(page, has_to ? OUTCOME_PENDING : OUTCOME_APPLIED);
    line.amount = -amount;
    line.role = has_to ? SYSTEM_TRANSIT : SYSTEM_WORLD;
    line.counter = has_to ? &command->to : NULL;
    end_hold(page, hold, HOLD_CAPTURED, &line);
    return line.outcome;
}

enum outcome oracle_hold_command(struct page *page) {
    const struct command *command = &page->record->command;
    struct account *account = page_account(page, &command->entity);
    enum outcome refusal = page_standing(account, command->type);
    if (refusal == OUTCOME_APPLIED) {
        refusal = page_agreement(command, &account->currency, account->version);
    }
    struct hold *hold = page_hold(page, &command->reference);
    if (refusal == OUTCOME_APPLIED) {
        refusal = command->type == COMMAND_HOLD ? page_may_take(account, command->amount)
                                                : may_end(page, account, hold);
        if (refusal == OUTCOME_HOLD_EXPIRED && hold->state == HOLD_OPEN) {
            oracle_expire(page, hold);
        }
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    if (command->type == COMMAND_CAPTURE) {
        return capture(page, hold);
    }
    struct line line = page_own(page, OUTCOME_APPLIED);
    if (command->type == COMMAND_HOLD) {
        make_hold(page, account, command->amount, command->expires_in_s, &line);
    } else {
        end_hold(page, hold, HOLD_RELEASED, &line);
    }
    return OUTCOME_APPLIED;
}

/* ---- groups ---- */

static enum outcome may_member(const struct page *page, const struct account *account,
                               const struct command_member *member) {
    if (member->type == COMMAND_DEPOSIT) {
        return page_may_add(account, member->amount);
    }
    if (member->type == COMMAND_WITHDRAW || member->type == COMMAND_HOLD) {
        return page_may_take(account, member->amount);
    }
    const struct hold *hold = page_hold(page, &member->hold);
    enum outcome refusal = may_end(page, account, hold);
    if (refusal == OUTCOME_APPLIED && member->type == COMMAND_CAPTURE &&
        (member->given & GIVEN_AMOUNT) != 0 && member->amount > hold->amount) {
        refusal = OUTCOME_INSUFFICIENT_FUNDS;
    }
    return refusal;
}

static void do_member(struct page *page, struct account *account, size_t index) {
    const struct command_member *member = &page->record->command.members[index];
    struct line line = page_own(page, OUTCOME_APPLIED);
    line.key.step = STEP_MEMBER + (int32_t)index;
    line.type = member->type;
    line.role = SYSTEM_WORLD;
    struct hold *hold = page_hold(page, &member->hold);
    if (member->type == COMMAND_HOLD) {
        make_hold(page, account, member->amount, member->expires_in_s, &line);
    } else if (member->type == COMMAND_RELEASE) {
        end_hold(page, hold, HOLD_RELEASED, &line);
    } else if (member->type == COMMAND_CAPTURE) {
        line.amount = -((member->given & GIVEN_AMOUNT) != 0 ? member->amount : hold->amount);
        end_hold(page, hold, HOLD_CAPTURED, &line);
    } else {
        line.amount = member->type == COMMAND_DEPOSIT ? member->amount : -member->amount;
        page_post(page, account, &line);
    }
}

/* Does what it can in the books, and takes them back as they were when one member fails. */
enum outcome oracle_group(struct page *page, char detail[64]) {
    const struct command *command = &page->record->command;
    struct account *account = page_account(page, &command->entity);
    enum outcome refusal = page_standing(account, command->type);
    if (refusal == OUTCOME_APPLIED) {
        refusal = page_agreement(command, &account->currency, account->version);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct memory_store *before = &page->oracle->scratch;
    memory_store_copy(before, page->books);
    for (size_t i = 0; i < command->members_count; i++) {
        refusal = may_member(page, account, &command->members[i]);
        if (refusal != OUTCOME_APPLIED) {
            snprintf(detail, 64, "commands[%zu]: %s", i, outcome_word(refusal));
            memory_store_copy(page->books, before);
            return OUTCOME_GROUP_FAILED;
        }
        do_member(page, account, i);
    }
    struct line line = page_own(page, OUTCOME_APPLIED);
    page_note(page, &command->entity, &line);
    return OUTCOME_APPLIED;
}
