#include "consumer/core/ledger.h"

#include <string.h>

#include "common/check.h"

#define SOURCE_MAX 128 /* bytes of ce_source that are kept */

struct journal_key ledger_key(const struct turn *turn, int32_t step) {
    return (struct journal_key){
        .id = turn->decoded->command.id,
        .origin = turn->lane->intake.lane,
        .step = step,
    };
}

/* Printable ASCII of a length that fits; anything else is not kept, and counted (design §3). */
static struct slice source_to_keep(struct turn *turn) {
    struct slice source = turn->decoded->record.source;
    bool good = source.len <= SOURCE_MAX;
    for (size_t i = 0; good && i < source.len; i++)
        good = source.at[i] >= ' ' && source.at[i] <= '~';
    if (good)
        return source;
    turn->lane->counters.bad_sources++;
    return (struct slice){NULL, 0};
}

/* What a row says of the command that it belongs to. The end of a hold by lane time and the claim of
 * a reversal stand under another command's id: they carry no payload. */
static void describe_command(struct turn *turn, struct journal_row *row) {
    const struct decoded *decoded = turn->decoded;
    if (decoded->kind != INTAKE_COMMAND)
        return;
    if (!uuid_equal(&row->entry.key.id, &decoded->command.id))
        return;
    memcpy(row->entry.hash, decoded->hash, sizeof decoded->hash);
    row->source = source_to_keep(turn);
    row->memo = decoded->command.memo;
}

static struct journal_row *add_row(struct turn *turn, const struct journal_key *key,
                                   enum command_type type, enum outcome outcome) {
    struct journal_row *row = builder_add_row(&turn->lane->builder);
    row->entry.key = *key;
    row->entry.log_offset = turn->decoded->record.offset;
    row->entry.type = (int)type;
    row->entry.outcome = outcome;
    row->entry.at_ms = turn->at_ms;
    describe_command(turn, row);
    return row;
}

static void show_state(struct journal_row *row, const struct account *account) {
    row->entry.account_number = account->number;
    row->entry.balance = account->balance;
    row->entry.held = account->held;
    row->entry.version = account->version;
}

struct journal_row *ledger_note(struct turn *turn, const struct journal_key *key,
                                enum outcome outcome, const char *detail) {
    struct journal_row *row = add_row(turn, key, turn->decoded->command.type, outcome);
    size_t len = strlen(detail);
    CHECK(len < sizeof row->entry.detail);
    memcpy(row->entry.detail, detail, len + 1);
    if (turn->account->memory == ACCOUNT_KNOWN)
        show_state(row, &turn->account->row);
    else
        row->account = &turn->decoded->command.entity;
    return row;
}

/* Makes the row the newest of its account's history. */
static void chain_row(struct turn *turn, struct account_slot *slot, struct journal_row *row) {
    struct account *account = &slot->row;
    row->has_previous = account->version > 0;
    if (row->has_previous)
        row->previous = account->last;
    account->version++;
    account->last = row->entry.key;
    show_state(row, account);
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
    if (slot == NULL)
        slot = holds_want(&lane->holds, id);
    CHECK(slot->memory != HOLD_KNOWN);
    slot->memory = HOLD_KNOWN;
    slot->is_new = true;
    slot->row = (struct hold){
        .id = *id,
        .origin = lane->intake.lane,
        .account_number = account->number,
        .amount = effect->held_delta,
        .expires_at_ms = effect->hold_expires_at_ms,
        .state = HOLD_OPEN,
        .kind = HOLD_CLIENT,
    };
    builder_note_hold(&lane->builder, slot);
    if (slot->row.expires_at_ms < lane->earliest_due_ms)
        lane->earliest_due_ms = slot->row.expires_at_ms;
}

void ledger_post(struct turn *turn, struct account_slot *slot, const struct journal_key *key,
                 enum command_type type, const struct effect *effect) {
    struct account *account = &slot->row;
    struct journal_row *row = add_row(turn, key, type, OUTCOME_APPLIED);
    CHECK(money_add(account->balance, effect->amount, &account->balance));
    CHECK(money_add(account->held, effect->held_delta, &account->held));
    CHECK(account->held >= 0 && rule_available(account) >= 0);
    row->entry.amount = effect->amount;
    row->held_delta = effect->held_delta;
    if (effect->amount != 0) {
        row->counter_role = SYSTEM_WORLD;
        builder_add_system(&turn->lane->builder, SYSTEM_WORLD, &account->currency, -effect->amount);
    }
    if (effect->makes_hold)
        make_hold(turn, account, &key->id, effect);
    if (effect->ends != NULL)
        end_hold(turn, effect->ends, effect->ends_as);
    chain_row(turn, slot, row);
}

void ledger_mark(struct turn *turn, struct account_slot *slot) {
    struct journal_key key = ledger_key(turn, STEP_CLIENT);
    struct journal_row *row = add_row(turn, &key, turn->decoded->command.type, OUTCOME_APPLIED);
    chain_row(turn, slot, row);
}
