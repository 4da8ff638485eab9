#include "consumer/core/ledger.h"

#include <string.h>

#include "common/check.h"

#define SOURCE_MAX 128 /* bytes of ce_source that are kept */

struct step_made ledger_own(const struct turn *turn, int32_t step, enum outcome outcome) {
    const struct command *command = &turn->decoded->command;
    return (struct step_made){
        .key = {.id = command->id, .origin = turn->lane->intake.lane, .step = step},
        .type = command->type,
        .outcome = outcome,
        .detail = "",
    };
}

/* Printable ASCII of a length that fits, as schemas/asyncapi.yaml has it for ce_source; anything
 * else is not kept, but counted. */
static struct slice source_to_keep(const struct turn *turn) {
    struct slice source = turn->decoded->record.source;
    bool good = source.len <= SOURCE_MAX;
    for (size_t i = 0; good && i < source.len; i++) {
        good = source.at[i] >= ' ' && source.at[i] <= '~';
    }
    return good ? source : (struct slice){NULL, 0};
}

/* The client's payload belongs to its own row, source and memo to the members of a group too. Other
 * steps are ours: they carry no payload. An order names its product, whatever becomes of it. */
static void describe_command(struct turn *turn, struct journal_row *row) {
    const struct decoded *decoded = turn->decoded;
    int32_t step = row->entry.key.step;
    bool is_member = step >= STEP_MEMBER && step < STEP_MEMBER + COMMAND_GROUP_MAX;
    if (decoded->kind != INTAKE_COMMAND || (step != STEP_CLIENT && !is_member)) {
        return;
    }
    memcpy(row->entry.hash, decoded->hash, sizeof decoded->hash);
    row->source = source_to_keep(turn);
    if (step == STEP_CLIENT && decoded->record.source.at != NULL && row->source.at == NULL) {
        turn->lane->builder.sources_dropped++;
    }
    row->memo = decoded->command.memo;
    if (decoded->command.product.len > 0) {
        row->entry.counter = decoded->command.product;
    }
}

static struct journal_row *add_row(struct turn *turn, const struct step_made *made,
                                   const struct ident *counter) {
    struct journal_row *row = builder_add_row(&turn->lane->builder);
    size_t len = strlen(made->detail);
    CHECK(len < sizeof row->entry.detail);
    memcpy(row->entry.detail, made->detail, len);
    row->entry.key = made->key;
    row->entry.log_offset = turn->decoded->record.offset;
    row->entry.type = (int)made->type;
    row->entry.outcome = made->outcome;
    row->entry.at_ms = turn->at_ms;
    if (counter != NULL) {
        row->entry.counter = *counter;
    }
    describe_command(turn, row);
    return row;
}

static void show_account(struct journal_row *row, const struct account *account) {
    row->entry.account_number = account->number;
    row->entry.balance = account->balance;
    row->entry.held = account->held;
    row->entry.version = account->version;
}

static void show_product(struct journal_row *row, const struct product *product) {
    row->entry.account_number = product->number;
    row->entry.balance = product->stock;
    row->entry.held = product->sold;
    row->entry.version = product->version;
}

const struct entry *ledger_note(struct turn *turn, const struct account_slot *slot,
                                const struct step_made *made, const struct ident *counter) {
    struct journal_row *row = add_row(turn, made, counter);
    if (slot->slot.memory == SLOT_KNOWN) {
        show_account(row, &slot->row);
    } else {
        row->account = builder_keep_ident(&turn->lane->builder, &slot->row.id);
    }
    return &row->entry;
}

const struct entry *ledger_note_product(struct turn *turn, const struct product_slot *slot,
                                        const struct step_made *made, const struct ident *counter) {
    struct journal_row *row = add_row(turn, made, counter);
    if (slot->slot.memory == SLOT_KNOWN) {
        show_product(row, &slot->row);
    } else {
        row->account = builder_keep_ident(&turn->lane->builder, &slot->row.id);
    }
    return &row->entry;
}

/* Makes the row the newest of its account's history. */
static void chain_account(struct turn *turn, struct account_slot *slot, struct journal_row *row) {
    struct account *account = &slot->row;
    row->has_previous = account->version > 0;
    if (row->has_previous) {
        row->previous = account->last;
    }
    account->version++;
    account->last = row->entry.key;
    show_account(row, account);
    builder_note_account(&turn->lane->builder, slot);
}

static void end_hold(struct turn *turn, struct hold_slot *hold, enum hold_state ends_as) {
    CHECK(hold->row.state == HOLD_OPEN);
    hold->row.state = ends_as;
    builder_note_hold(&turn->lane->builder, hold);
}

static void make_hold(struct turn *turn, const struct account *account, const struct uuid *id,
                      const struct effect *effect) {
    struct lane *lane = turn->lane;
    struct hold_slot *slot = holds_find(&lane->holds, id);
    if (slot == NULL) {
        slot = holds_want(&lane->holds, id);
    }
    CHECK(slot->slot.memory != SLOT_KNOWN);
    slot->slot.memory = SLOT_KNOWN;
    slot->slot.is_new = true;
    slot->row = (struct hold){
        .id = *id,
        .origin = lane->intake.lane,
        .account_number = account->number,
        .amount = effect->held_delta,
        .expires_at_ms = effect->hold_expires_at_ms,
        .state = HOLD_OPEN,
        .kind = effect->hold_kind,
    };
    builder_note_hold(&lane->builder, slot);
    if (slot->row.expires_at_ms < lane->earliest_due_ms) {
        lane->earliest_due_ms = slot->row.expires_at_ms;
    }
}

const struct entry *ledger_post(struct turn *turn, struct account_slot *slot,
                                const struct step_made *made, const struct effect *effect) {
    struct account *account = &slot->row;
    struct journal_row *row = add_row(turn, made, effect->counter);
    CHECK(slot->slot.memory == SLOT_KNOWN);
    CHECK(money_add(account->balance, effect->amount, &account->balance));
    CHECK(money_add(account->held, effect->held_delta, &account->held));
    CHECK(account->held >= 0 && rule_available(account) >= 0);
    row->entry.amount = effect->amount;
    row->entry.price = effect->price;
    row->held_delta = effect->held_delta;
    if (effect->amount != 0) {
        CHECK(effect->role != SYSTEM_NONE);
        row->counter_role = effect->role;
        (void)builder_add_system(&turn->lane->builder, effect->role, &account->currency,
                                 -effect->amount);
    }
    if (effect->makes_hold) {
        make_hold(turn, account, &made->key.id, effect);
    }
    if (effect->ends != NULL) {
        end_hold(turn, effect->ends, effect->ends_as);
    }
    chain_account(turn, slot, row);
    return &row->entry;
}

const struct entry *ledger_mark(struct turn *turn, struct account_slot *slot) {
    struct step_made made = ledger_own(turn, STEP_CLIENT, OUTCOME_APPLIED);
    struct journal_row *row = add_row(turn, &made, NULL);
    chain_account(turn, slot, row);
    return &row->entry;
}

const struct entry *ledger_suspend(struct turn *turn, const struct account_slot *slot,
                                   const struct leg_task *task, const struct step_made *made) {
    struct builder *builder = &turn->lane->builder;
    const struct leg_body *body = &task->body;
    struct journal_row *row = add_row(turn, made, &body->client);
    row->account = builder_keep_ident(builder, &slot->row.id);
    row->entry.amount = body->amount;
    row->counter_role = SYSTEM_TRANSIT;
    row->asset = builder_add_system(builder, SYSTEM_TRANSIT, &body->currency, -body->amount);
    (void)builder_add_system(builder, SYSTEM_SUSPENSE, &body->currency, body->amount);
    return &row->entry;
}

const struct entry *ledger_post_product(struct turn *turn, struct product_slot *slot,
                                        const struct step_made *made,
                                        const struct product_effect *effect) {
    struct product *product = &slot->row;
    struct journal_row *row = add_row(turn, made, effect->counter);
    CHECK(slot->slot.memory == SLOT_KNOWN);
    CHECK(money_add(product->stock, effect->stock_delta, &product->stock));
    CHECK(money_add(product->sold, effect->sold_delta, &product->sold));
    CHECK(product->stock >= 0 && product->sold >= 0 && product->subscribed >= 0);
    row->entry.amount = effect->stock_delta;
    row->held_delta = effect->sold_delta;
    row->entry.price = effect->price;
    row->has_previous = product->version > 0;
    if (row->has_previous) {
        row->previous = product->last;
    }
    product->version++;
    product->last = row->entry.key;
    show_product(row, product);
    builder_note_product(&turn->lane->builder, slot);
    return &row->entry;
}
