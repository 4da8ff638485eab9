#include "consumer/core/gather.h"

#include <stddef.h>

#include "common/check.h"
#include "consumer/core/saga.h"

static bool is_resend(const struct lane *lane, const struct decoded *decoded) {
    return decoded->record.offset < lane->row.next_offset;
}

static bool is_first(const struct lane *lane, const struct decoded *decoded) {
    return &lane->decoded[lane->done] == decoded;
}

/* ---- what commands name ---- */

static enum gather need_members(struct lane *lane, const struct command *command) {
    enum gather all = GATHER_READY;
    for (size_t i = 0; i < command->members_count; i++) {
        const struct command_member *member = &command->members[i];
        if (member->type == COMMAND_CAPTURE || member->type == COMMAND_RELEASE) {
            all = need_both(need_hold(lane, &member->hold), all);
        }
    }
    return all;
}

/* Of the few reversed commands that a batch may ask for, the last is kept for its first record:
 * what is asked for while rows are loaded must not leave that one without. */
static bool may_ask_reversed(const struct lane *lane, const struct decoded *decoded,
                             const struct reversed *reversed) {
    return is_first(lane, decoded) || entries_asked_reversed(&lane->entries, reversed) ||
           (lane->wants.view.reversed_count + 1 < WANTS_REVERSED_MAX &&
            lane->entries.reversed_count + 1 < WANTS_REVERSED_MAX);
}

/* The sender of a transfer, who gets the money back, if he is here. */
static enum gather need_sender(struct lane *lane, const struct command *command,
                               const struct entry *credit) {
    struct leg_task task = {.kind = LEG_CREDIT, .origin = lane->intake.lane};
    if (credit->counter.len == 0 || apply_lane_of(lane, &credit->counter) != lane->intake.lane) {
        return GATHER_READY;
    }
    task.body.id = command->id;
    task.body.type = COMMAND_REVERSE;
    task.body.target = credit->counter;
    return need_task(lane, &task, false, true);
}

/* The reversed command on this account, which is in memory. Others may have used its id as well,
 * on other accounts and in any number. */
static enum gather need_target(struct lane *lane, const struct decoded *decoded) {
    const struct command *command = &decoded->command;
    const struct account_slot *slot = accounts_find(&lane->accounts, &command->entity);
    if (slot->slot.memory != SLOT_KNOWN) {
        return GATHER_READY;
    }
    const struct reversed reversed = {command->reference, slot->row.number};
    if (!may_ask_reversed(lane, decoded, &reversed)) {
        return GATHER_FULL;
    }
    enum gather all = need_reversed(lane, &reversed);
    struct slot_probe probe;
    for (const struct entry *e = entries_first(&lane->entries, &reversed.id, &probe); e != NULL;
         e = entries_next(&lane->entries, &reversed.id, &probe)) {
        if (e->account_number == reversed.account_number && e->key.step == STEP_CREDIT) {
            all = need_both(need_sender(lane, command, e), all);
        }
    }
    return all;
}

/* The first leg of the command, where it goes to this lane. */
static enum gather need_leg(struct lane *lane, const struct command *command, enum leg_kind kind,
                            const struct ident *target, bool resend) {
    struct leg_task task = {.kind = kind, .origin = lane->intake.lane};
    if (apply_lane_of(lane, target) != lane->intake.lane) {
        return GATHER_READY;
    }
    task.body.id = command->id;
    task.body.type = command->type;
    task.body.target = *target;
    task.body.client = command->entity;
    task.body.reference = command->reference;
    return need_task(lane, &task, resend, true);
}

/* Allotting wants all subscriptions in one read, and so an empty batch: as a tick. */
static enum gather need_shares(struct lane *lane, const struct decoded *decoded) {
    const struct product_slot *slot = products_find(&lane->products, &decoded->command.entity);
    const struct product *product = &slot->row;
    if (slot->slot.memory != SLOT_KNOWN || product->mode != PRODUCT_SUBSCRIPTION ||
        product->state == PRODUCT_FINALIZED || product->subscribed == 0) {
        return GATHER_READY;
    }
    if (!is_first(lane, decoded)) {
        return GATHER_FULL;
    }
    if (lane->allotment.product_number == product->number) {
        return GATHER_READY;
    }
    allotment_begin(&lane->allotment, 0);
    wants_set_shares(&lane->wants, product->number);
    return GATHER_WANTS;
}

static enum gather need_references(struct lane *lane, const struct decoded *decoded, bool resend) {
    const struct command *command = &decoded->command;
    enum gather all = GATHER_READY;
    switch (command->type) {
    case COMMAND_CAPTURE:
        all = resend ? GATHER_READY : need_hold(lane, &command->reference);
        return command->to.len == 0
                   ? all
                   : need_both(need_leg(lane, command, LEG_CREDIT, &command->to, resend), all);
    case COMMAND_RELEASE: return resend ? all : need_hold(lane, &command->reference);
    case COMMAND_REVERSE: return resend ? all : need_target(lane, decoded);
    case COMMAND_GROUP: return resend ? all : need_members(lane, command);
    case COMMAND_TRANSFER: return need_leg(lane, command, LEG_CREDIT, &command->to, resend);
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE: return need_leg(lane, command, LEG_SELL, &command->product, resend);
    case COMMAND_UNSUBSCRIBE: return need_leg(lane, command, LEG_CANCEL, &command->product, resend);
    case COMMAND_PRODUCT_FINALIZE: return resend ? all : need_shares(lane, decoded);
    case COMMAND_ACCOUNT_OPEN:
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW:
    case COMMAND_HOLD:
    case COMMAND_PRODUCT_CREATE:
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE: return GATHER_READY;
    }
    CHECK(!"command type");
    return GATHER_READY;
}

/* ---- records ---- */

static enum gather need_entity(struct lane *lane, const struct command *command) {
    return command_type_is_on_product(command->type) ? need_product(lane, &command->entity)
                                                     : need_account(lane, &command->entity);
}

static enum gather need_step(struct lane *lane, const struct entry *first, int32_t step) {
    struct journal_key key = first->key;
    key.step = step;
    return need_key(lane, &key);
}

/* An id that came before: of a pending command, the steps that may have ended it in this lane. Of
 * the same record again, a reverse alone does not name who is credited next. */
static enum gather need_history(struct lane *lane, const struct entry *first,
                                const struct decoded *decoded) {
    if (first->outcome != OUTCOME_PENDING) {
        return GATHER_READY;
    }
    enum gather all = need_step(lane, first, STEP_RETURN);
    all = need_both(need_step(lane, first, STEP_SETTLE), all);
    all = need_both(need_step(lane, first, saga_deciding_step(first->type)), all);
    bool own_resend = is_resend(lane, decoded) && first->log_offset == decoded->record.offset;
    if (own_resend && decoded->command.type == COMMAND_REVERSE && first->counter.len > 0) {
        all = need_both(need_leg(lane, &decoded->command, LEG_CREDIT, &first->counter, true), all);
    }
    return all;
}

static enum gather gather_command(struct lane *lane, const struct decoded *decoded) {
    const struct command *command = &decoded->command;
    bool resend = is_resend(lane, decoded);
    struct journal_key key = {.id = command->id, .origin = lane->intake.lane, .step = STEP_CLIENT};
    enum gather all = need_both(need_key(lane, &key), need_entity(lane, command));
    const struct entry *first = entries_find(&lane->entries, &key);
    if (first != NULL) {
        all = need_both(need_history(lane, first, decoded), all);
    }
    if (first != NULL && !resend) {
        return all;
    }
    if (all != GATHER_READY &&
        (command->type == COMMAND_PRODUCT_FINALIZE || command->type == COMMAND_REVERSE)) {
        return all; /* the rest depends on the product, or the account */
    }
    enum gather more = need_references(lane, decoded, resend);
    return more == GATHER_FULL ? more : need_both(more, all);
}

static enum gather gather_leg(struct lane *lane, const struct decoded *decoded) {
    const struct leg_task task = {
        .kind = (enum leg_kind)decoded->leg.kind,
        .origin = decoded->leg.origin,
        .step = decoded->leg.step,
        .body = decoded->body,
    };
    if (task.kind == LEG_CHUNK && !is_first(lane, decoded)) {
        return GATHER_FULL;
    }
    return need_task(lane, &task, is_resend(lane, decoded), false);
}

/* A tick that has work begins its own batch: only then is the database's idea of what is due exact,
 * whatever the batches are. */
static enum gather gather_tick(struct lane *lane, const struct decoded *decoded, int64_t at_ms) {
    if (is_resend(lane, decoded) || lane->earliest_due_ms > at_ms) {
        return GATHER_READY;
    }
    if (!is_first(lane, decoded)) {
        return GATHER_FULL;
    }
    if (!lane->due_loaded) {
        wants_set_due(&lane->wants, at_ms);
        return GATHER_WANTS;
    }
    enum gather all = GATHER_READY;
    uint32_t count = apply_collect_due(lane, at_ms);
    for (uint32_t i = 0; i < count; i++) {
        int64_t number = lane->due[i]->row.account_number;
        if (accounts_find_number(&lane->accounts, number) == NULL) {
            wants_add_number(&lane->wants, number);
            all = GATHER_WANTS;
        }
    }
    return all;
}

static bool table_has_room(const struct slot_table *table, uint32_t more) {
    return table->pinned + more <= table->capacity;
}

/* Room for one more record's wants; rows that prepared records are still to make are counted in. */
static bool has_room(const struct lane *lane) {
    uint32_t records = lane->limits.records;
    return wants_buffer_has_room(&lane->wants, WANTS_PER_RECORD) &&
           entries_has_room(&lane->entries, WANTS_PER_RECORD) &&
           table_has_room(&lane->accounts.table, WANTS_PER_RECORD) &&
           table_has_room(&lane->holds, records + WANTS_PER_RECORD) &&
           table_has_room(&lane->products, WANTS_PER_RECORD) &&
           table_has_room(&lane->subscriptions, records + WANTS_PER_RECORD) &&
           table_has_room(&lane->buyers, WANTS_PER_RECORD);
}

bool gather_is_alone(const struct lane *lane, const struct decoded *decoded, int64_t at_ms) {
    if (decoded->kind == INTAKE_TICK) {
        return !is_resend(lane, decoded) && lane->earliest_due_ms <= at_ms;
    }
    return decoded->kind == INTAKE_LEG && decoded->leg.kind == LEG_CHUNK;
}

/* The batch begins with a record that wants to be alone, and it is still to be applied. */
static bool is_behind_one_alone(const struct lane *lane, const struct decoded *decoded) {
    const struct decoded *first = &lane->decoded[lane->done];
    int64_t at_ms = first->record.timestamp_ms;
    if (at_ms < lane->lane_time_ms) {
        at_ms = lane->lane_time_ms;
    }
    return decoded != first && lane->applied == lane->done && gather_is_alone(lane, first, at_ms);
}

enum gather gather_record(struct lane *lane, const struct decoded *decoded, int64_t at_ms) {
    if (is_behind_one_alone(lane, decoded)) {
        return GATHER_FULL;
    }
    if (decoded->kind == INTAKE_TICK) {
        return gather_tick(lane, decoded, at_ms);
    }
    if (decoded->kind == INTAKE_POISON || decoded->kind == INTAKE_NEWER) {
        return GATHER_READY;
    }
    bool prepared = decoded - lane->decoded < (ptrdiff_t)lane->prepared;
    if (!prepared && !is_first(lane, decoded) && !has_room(lane)) {
        return GATHER_FULL;
    }
    return decoded->kind == INTAKE_COMMAND ? gather_command(lane, decoded)
                                           : gather_leg(lane, decoded);
}
