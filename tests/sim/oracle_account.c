/* Commands on one account: money in and out, states, holds, reversals, groups. */
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "tests/sim/page.h"

static enum outcome may_start(const struct page *page, const struct account *account) {
    const struct command *command = &page->record->command;
    enum outcome refusal = page_standing(account, command->type);
    return refusal != OUTCOME_APPLIED
               ? refusal
               : page_agreement(command, &account->currency, account->version);
}

static enum outcome open_account(struct page *page) {
    const struct command *command = &page->record->command;
    const struct account *old = page_account(page, &command->entity);
    if (old != NULL) {
        return old->state == ACCOUNT_CLOSED ? OUTCOME_ACCOUNT_CLOSED : OUTCOME_ACCOUNT_EXISTS;
    }
    if ((command->given & GIVEN_EXPECTED_VERSION) != 0 && command->expected_version != 0) {
        return OUTCOME_VERSION_MISMATCH;
    }
    memory_store_add_account(page->books, &(struct account){
                                              .number = page->books->row.next_number++,
                                              .id = command->entity,
                                              .currency = command->currency,
                                              .floor = command->floor,
                                              .ceiling = command->ceiling,
                                              .state = ACCOUNT_OPEN,
                                          });
    struct line line = page_own(page, OUTCOME_APPLIED);
    page_post(page, page_account(page, &command->entity), &line);
    return OUTCOME_APPLIED;
}

static enum outcome change_state(struct page *page, struct account *account,
                                 enum account_state state) {
    const struct command *command = &page->record->command;
    enum outcome refusal = may_start(page, account);
    if (account != NULL && state == ACCOUNT_CLOSED) {
        page_object(&refusal, account->balance != 0 || account->held != 0,
                    OUTCOME_ACCOUNT_NOT_EMPTY);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct line line = page_own(page, OUTCOME_APPLIED);
    if (account->state == state) {
        page_note(page, &command->entity, &line);
    } else {
        account->state = state;
        page_post(page, account, &line);
    }
    return OUTCOME_APPLIED;
}

static enum outcome move(struct page *page, struct account *account, int64_t amount) {
    enum outcome refusal = may_start(page, account);
    if (refusal == OUTCOME_APPLIED) {
        refusal = amount > 0 ? page_may_add(account, amount) : page_may_take(account, -amount);
    }
    if (refusal == OUTCOME_APPLIED) {
        struct line line = page_own(page, OUTCOME_APPLIED);
        line.amount = amount;
        line.role = SYSTEM_WORLD;
        page_post(page, account, &line);
    }
    return refusal;
}

enum outcome oracle_account_command(struct page *page) {
    const struct command *command = &page->record->command;
    struct account *account = page_account(page, &command->entity);
    if (command->type == COMMAND_ACCOUNT_OPEN) {
        return open_account(page);
    }
    if (command->type == COMMAND_ACCOUNT_CLOSE) {
        return change_state(page, account, ACCOUNT_CLOSED);
    }
    if (command->type == COMMAND_ACCOUNT_FREEZE) {
        return change_state(page, account, ACCOUNT_FROZEN);
    }
    if (command->type == COMMAND_ACCOUNT_UNFREEZE) {
        return change_state(page, account, ACCOUNT_OPEN);
    }
    return move(page, account,
                command->type == COMMAND_DEPOSIT ? command->amount : -command->amount);
}

enum outcome oracle_transfer(struct page *page) {
    const struct command *command = &page->record->command;
    struct account *account = page_account(page, &command->entity);
    enum outcome refusal = may_start(page, account);
    if (refusal == OUTCOME_APPLIED) {
        refusal = page_may_take(account, command->amount);
        page_object(&refusal, ident_equal(&command->to, &command->entity), OUTCOME_SAME_ACCOUNT);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct line line = page_own(page, OUTCOME_PENDING);
    line.amount = -command->amount;
    line.role = SYSTEM_TRANSIT;
    line.counter = &command->to;
    page_post(page, account, &line);
    return OUTCOME_PENDING;
}

/* What the journal knows of the command to be reversed, on this account. */
static enum outcome find_reversed(const struct page *page, const struct account *account,
                                  const struct journal_row **found) {
    const struct uuid *of = &page->record->command.reference;
    size_t rows = 0;
    bool reversed = false;
    for (size_t i = 0; i < page->books->journal_count; i++) {
        const struct journal_row *row = &page->books->journal[i];
        if (!uuid_equal(&row->entry.key.id, of) || row->entry.account_number != account->number) {
            continue;
        }
        if (row->entry.key.step == STEP_REVERSAL) {
            reversed = true;
        } else {
            *found = row;
            rows++;
        }
    }
    enum outcome refusal = OUTCOME_APPLIED;
    page_object(&refusal, rows == 0, OUTCOME_NO_SUCH_COMMAND);
    page_object(&refusal, rows == 1 && (*found)->entry.outcome == OUTCOME_PENDING,
                OUTCOME_NO_SUCH_COMMAND);
    page_object(&refusal, reversed, OUTCOME_ALREADY_REVERSED);
    page_object(&refusal, rows > 1 || (rows == 1 && (*found)->entry.outcome != OUTCOME_APPLIED),
                OUTCOME_NOT_REVERSIBLE);
    return refusal;
}

static enum outcome may_reverse(const struct account *account, const struct entry *of) {
    switch (of->type) {
    case COMMAND_DEPOSIT: return page_may_take(account, of->amount);
    case COMMAND_WITHDRAW: return page_may_add(account, -of->amount);
    case COMMAND_TRANSFER:
        return of->key.step == STEP_CREDIT ? page_may_take(account, of->amount)
                                           : OUTCOME_NOT_REVERSIBLE;
    default: return OUTCOME_NOT_REVERSIBLE;
    }
}

enum outcome oracle_reverse(struct page *page) {
    struct account *account = page_account(page, &page->record->command.entity);
    const struct journal_row *found = NULL;
    enum outcome refusal = may_start(page, account);
    if (refusal == OUTCOME_APPLIED) {
        refusal = find_reversed(page, account, &found);
    }
    if (refusal == OUTCOME_APPLIED) {
        refusal = may_reverse(account, &found->entry);
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    const struct entry of = found->entry;
    bool is_transfer = of.type == COMMAND_TRANSFER;
    struct line line = page_own(page, is_transfer ? OUTCOME_PENDING : OUTCOME_APPLIED);
    line.amount = -of.amount;
    line.role = is_transfer ? SYSTEM_TRANSIT : SYSTEM_WORLD;
    line.counter = is_transfer ? &of.counter : NULL;
    page_post(page, account, &line);
    struct line claim = page_own(page, OUTCOME_APPLIED);
    claim.key = of.key;
    claim.key.step = STEP_REVERSAL;
    page_note(page, &account->id, &claim);
    return line.outcome;
}
