#include "consumer/core/saga.h"

#include "common/check.h"
#include "common/partition.h"
#include "consumer/core/ledger.h"
#include "consumer/core/sale.h"

uint16_t apply_lane_of(const struct lane *lane, const struct ident *entity) {
    return partition_of(entity->text, entity->len, lane->intake.partitions);
}

/* ---- the first leg of a command ---- */

static void start_credit(const struct turn *turn, const struct entry *own, struct leg_task *task) {
    task->kind = LEG_CREDIT;
    task->step = STEP_CREDIT;
    task->body.target = own->counter;
    task->body.currency = turn->account->row.currency;
    task->body.amount = -own->amount;
}

static void start_sale(const struct turn *turn, struct leg_task *task) {
    const struct command *command = &turn->decoded->command;
    task->kind = LEG_SELL;
    task->step = STEP_SELL;
    task->body.target = command->product;
    task->body.currency = turn->account->row.currency;
    task->body.quantity = command->quantity;
    task->body.price = command->price;
}

static void start_cancel(const struct turn *turn, struct leg_task *task) {
    task->kind = LEG_CANCEL;
    task->step = STEP_CANCEL;
    task->body.target = turn->decoded->command.product;
    task->body.reference = turn->decoded->command.reference;
}

static bool start_chunks(const struct turn *turn, struct leg_task *task) {
    const struct product *product = &turn->product->row;
    task->kind = LEG_CHUNK;
    task->step = STEP_CHUNK;
    task->body.target = product->id;
    return product->mode == PRODUCT_SUBSCRIPTION && product->allot_total > 0;
}

bool saga_first(const struct turn *turn, const struct entry *own, struct leg_task *task) {
    const struct command *command = &turn->decoded->command;
    *task = (struct leg_task){.origin = turn->lane->intake.lane};
    task->body.id = command->id;
    task->body.type = command->type;
    task->body.client = command->entity;
    if (command->type == COMMAND_PRODUCT_FINALIZE && own->outcome == OUTCOME_APPLIED) {
        return start_chunks(turn, task);
    }
    if (own->outcome != OUTCOME_PENDING) {
        return false;
    }
    if (command->type == COMMAND_PURCHASE || command->type == COMMAND_SUBSCRIBE) {
        start_sale(turn, task);
    } else if (command->type == COMMAND_UNSUBSCRIBE) {
        start_cancel(turn, task);
    } else {
        start_credit(turn, own, task);
    }
    return true;
}

int32_t saga_deciding_step(int type) {
    if (type == COMMAND_PURCHASE) {
        return STEP_SETTLE;
    }
    if (type == COMMAND_SUBSCRIBE) {
        return STEP_SELL;
    }
    return type == COMMAND_UNSUBSCRIBE ? STEP_CANCEL : STEP_CREDIT;
}

/* ---- single steps ---- */

static struct journal_key key_of(const struct leg_task *task) {
    return (struct journal_key){.id = task->body.id, .origin = task->origin, .step = task->step};
}

static struct step_made made_of(const struct leg_task *task, enum outcome outcome,
                                const char *detail) {
    return (struct step_made){key_of(task), task->body.type, outcome, detail};
}

/* A transfer or capture may be refused by its receiver; what returns or settles may not. */
static bool may_refuse(enum command_type type) {
    return type == COMMAND_TRANSFER || type == COMMAND_CAPTURE;
}

static enum outcome may_credit(const struct account_slot *slot, const struct leg_body *body,
                               struct effect *effect) {
    enum outcome refusal = rule_standing(slot, COMMAND_TRANSFER);
    if (refusal == OUTCOME_APPLIED && !asset_equal(&body->currency, &slot->row.currency)) {
        refusal = OUTCOME_CURRENCY_MISMATCH;
    }
    return refusal == OUTCOME_APPLIED ? rule_add(&slot->row, body->amount, effect) : refusal;
}

static const struct entry *post_from_transit(struct turn *turn, struct account_slot *slot,
                                             const struct leg_task *task, const char *detail,
                                             struct effect *effect) {
    struct step_made made = made_of(task, OUTCOME_APPLIED, detail);
    effect->role = SYSTEM_TRANSIT;
    effect->counter = &task->body.client;
    return ledger_post(turn, slot, &made, effect);
}

static const struct entry *credit(struct turn *turn, const struct leg_task *task) {
    const struct leg_body *body = &task->body;
    struct account_slot *slot = accounts_find(&turn->lane->accounts, &body->target);
    struct effect effect;
    if (may_refuse(body->type)) {
        enum outcome refusal = may_credit(slot, body, &effect);
        if (refusal != OUTCOME_APPLIED) {
            struct step_made made = made_of(task, refusal, "");
            return ledger_note(turn, slot, &made, &body->client);
        }
    } else if (!rule_must_add(slot, &body->currency, body->amount, &effect)) {
        struct step_made made = made_of(task, OUTCOME_APPLIED, "suspense");
        return ledger_suspend(turn, slot, task, &made);
    }
    return post_from_transit(turn, slot, task, "", &effect);
}

static const struct entry *take_back(struct turn *turn, const struct leg_task *task) {
    const struct leg_body *body = &task->body;
    struct account_slot *slot = accounts_find(&turn->lane->accounts, &body->target);
    const char *reason = outcome_word(body->reason);
    struct effect effect;
    if (rule_must_add(slot, &body->currency, body->amount, &effect)) {
        return post_from_transit(turn, slot, task, reason, &effect);
    }
    struct step_made made = made_of(task, OUTCOME_APPLIED, reason);
    return ledger_suspend(turn, slot, task, &made);
}

/* The chunk's own row; its settlements are legs. */
static const struct entry *allot_chunk(struct turn *turn, const struct leg_task *task) {
    struct lane *lane = turn->lane;
    struct product_slot *slot = products_find(&lane->products, &task->body.target);
    for (size_t i = 0; i < lane->chunk.count; i++) {
        if (lane->chunk.slots[i]->row.state == SUBSCRIPTION_OPEN) {
            sale_allot(turn, &slot->row, lane->chunk.slots[i]);
        }
    }
    struct step_made made = made_of(task, OUTCOME_APPLIED, "");
    return ledger_note_product(turn, slot, &made, NULL);
}

static const struct entry *take_step(struct turn *turn, const struct leg_task *task) {
    switch (task->kind) {
    case LEG_CREDIT: return credit(turn, task);
    case LEG_RETURN: return take_back(turn, task);
    case LEG_SELL: return sale_sell(turn, task);
    case LEG_SETTLE: return sale_settle(turn, task);
    case LEG_CANCEL: return sale_cancel(turn, task);
    case LEG_CHUNK: return allot_chunk(turn, task);
    case LEG_TICK: break;
    }
    CHECK(!"a tick is no step of a command");
    return NULL;
}

/* ---- what follows ---- */

static void go_on(struct turn *turn, const struct leg_task *next) {
    CHECK(!turn->has_next);
    turn->has_next = true;
    turn->next = *next;
}

static void end_with(struct turn *turn, enum outcome outcome, const struct entry *entry) {
    turn->is_final = true;
    turn->final = outcome;
    turn->end = entry;
}

static void after_credit(struct turn *turn, const struct leg_task *task,
                         const struct entry *entry) {
    enum command_type type = task->body.type;
    if (entry->outcome == OUTCOME_APPLIED) {
        if (may_refuse(type) || type == COMMAND_REVERSE) {
            end_with(turn, OUTCOME_APPLIED, entry);
        }
        return;
    }
    struct leg_task next = *task;
    next.kind = LEG_RETURN;
    next.step = STEP_RETURN;
    next.body.target = task->body.client;
    next.body.reason = entry->outcome;
    go_on(turn, &next);
}

static void after_sell(struct turn *turn, const struct leg_task *task, const struct entry *entry) {
    bool sold = entry->outcome == OUTCOME_APPLIED;
    if (sold && task->body.type == COMMAND_SUBSCRIBE) {
        end_with(turn, OUTCOME_APPLIED, entry);
        return;
    }
    struct leg_task next = *task;
    next.kind = LEG_SETTLE;
    next.step = STEP_SETTLE;
    next.body.target = task->body.client;
    next.body.reason = entry->outcome;
    if (sold) { /* at most what was held: the price is no higher than the buyer saw */
        const struct ident *id = &task->body.target;
        next.body.seller = products_find(&turn->lane->products, id)->row.seller;
        next.body.price = entry->price;
        CHECK(money_multiply(entry->price, task->body.quantity, &next.body.amount));
    }
    go_on(turn, &next);
}

static void after_settle(struct turn *turn, const struct leg_task *task,
                         const struct entry *entry) {
    const struct leg_body *body = &task->body;
    if (body->type == COMMAND_PURCHASE || body->reason != OUTCOME_APPLIED) {
        end_with(turn, body->reason, entry);
    }
    if (body->amount == 0 || body->seller.len == 0) {
        return;
    }
    struct leg_task next = *task;
    next.kind = LEG_CREDIT;
    next.step = STEP_CREDIT;
    next.body.target = body->seller;
    next.body.seller = (struct ident){.len = 0};
    go_on(turn, &next);
}

static void after_cancel(struct turn *turn, const struct leg_task *task,
                         const struct entry *entry) {
    end_with(turn, entry->outcome, entry);
    if (entry->outcome != OUTCOME_APPLIED) {
        return;
    }
    struct leg_task next = *task;
    next.kind = LEG_SETTLE;
    next.step = STEP_SETTLE;
    next.body.id = task->body.reference;
    next.body.type = COMMAND_SUBSCRIBE;
    next.body.target = task->body.client;
    go_on(turn, &next);
}

static void send_leg(struct turn *turn, const struct leg_task *task) {
    struct builder *builder = &turn->lane->builder;
    struct leg_message *message = builder_add_leg(builder);
    message->leg = (struct leg){
        .kind = (uint8_t)task->kind,
        .origin = task->origin,
        .step = task->step,
    };
    message->partition = apply_lane_of(turn->lane, &task->body.target);
    message->body = task->body;
    struct output *output = builder_add_output(builder);
    output->kind = OUTPUT_LEG;
    output->record = (uint32_t)(turn->decoded - turn->lane->decoded);
    output->leg = message;
}

static void run_task(struct turn *turn, const struct leg_task *task);

/* Every subscriber of the chunk learns his share; then the next chunk, by way of the log. */
static void after_chunk(struct turn *turn, const struct leg_task *task) {
    const struct chunk *chunk = &turn->lane->chunk;
    struct product_slot *slot = products_find(&turn->lane->products, &task->body.target);
    for (size_t i = 0; i < chunk->count; i++) {
        const struct subscription *row = &chunk->slots[i]->row;
        if (row->state != SUBSCRIPTION_SETTLED) {
            continue;
        }
        struct leg_task settle = {.kind = LEG_SETTLE, .origin = row->origin, .step = STEP_SETTLE};
        settle.body.id = row->id;
        settle.body.type = COMMAND_SUBSCRIBE;
        settle.body.target = row->account;
        settle.body.client = row->account;
        settle.body.seller = slot->row.seller;
        settle.body.currency = slot->row.currency;
        settle.body.quantity = row->allotted;
        settle.body.price = row->price;
        CHECK(money_multiply(row->allotted, row->price, &settle.body.amount));
        go_on(turn, &settle);
        saga_run(turn);
    }
    if (chunk->count == WANTS_CHUNK_MAX) {
        struct leg_task next = *task;
        next.step++;
        next.body.chunk++;
        next.body.after = chunk->slots[chunk->count - 1]->row.number;
        send_leg(turn, &next);
    }
}

static void follow(struct turn *turn, const struct leg_task *task, const struct entry *entry) {
    switch (task->kind) {
    case LEG_CREDIT: after_credit(turn, task, entry); return;
    case LEG_RETURN: end_with(turn, task->body.reason, entry); return;
    case LEG_SELL: after_sell(turn, task, entry); return;
    case LEG_SETTLE: after_settle(turn, task, entry); return;
    case LEG_CANCEL: after_cancel(turn, task, entry); return;
    case LEG_CHUNK: after_chunk(turn, task); return;
    case LEG_TICK: break;
    }
    CHECK(!"a tick is no step of a command");
}

static void run_task(struct turn *turn, const struct leg_task *task) {
    struct journal_key key = key_of(task);
    const struct entry *entry = entries_find(&turn->lane->entries, &key);
    if (entry == NULL) {
        CHECK(!apply_is_resend(turn));
        entry = take_step(turn, task);
    }
    follow(turn, task, entry);
}

void saga_run(struct turn *turn) {
    while (turn->has_next) {
        const struct leg_task task = turn->next;
        turn->has_next = false;
        bool here = apply_lane_of(turn->lane, &task.body.target) == turn->lane->intake.lane;
        if (here && task.kind != LEG_CHUNK) {
            run_task(turn, &task);
        } else {
            send_leg(turn, &task);
        }
    }
}

void saga_take(struct turn *turn) {
    const struct decoded *decoded = turn->decoded;
    const struct leg_task task = {
        .kind = (enum leg_kind)decoded->leg.kind,
        .origin = decoded->leg.origin,
        .step = decoded->leg.step,
        .body = decoded->body,
    };
    struct journal_key key = key_of(&task);
    const struct entry *entry = entries_find(&turn->lane->entries, &key);
    if (entry != NULL && entry->log_offset != decoded->record.offset) {
        return; /* the same leg, sent twice */
    }
    run_task(turn, &task);
    saga_run(turn);
}
