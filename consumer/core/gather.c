/* Fetch before deciding: what a record needs, and whether it is in memory. */
#include <stddef.h>

#include "common/check.h"
#include "consumer/core/apply.h"

static bool is_resend(const struct lane *lane, const struct decoded *decoded) {
    return decoded->record.offset < lane->row.next_offset;
}

static enum gather need_account(struct lane *lane, const struct ident *id) {
    struct account_slot *slot = accounts_find(&lane->accounts, id);
    if (slot != NULL)
        return slot->memory == ACCOUNT_WANTED ? GATHER_WANTS : GATHER_READY;
    accounts_want(&lane->accounts, id);
    wants_add_account(&lane->wants, id);
    return GATHER_WANTS;
}

static enum gather need_hold(struct lane *lane, const struct uuid *id) {
    struct hold_slot *slot = holds_find(&lane->holds, id);
    if (slot != NULL)
        return slot->memory == HOLD_WANTED ? GATHER_WANTS : GATHER_READY;
    holds_want(&lane->holds, id);
    wants_add_hold(&lane->wants, id);
    return GATHER_WANTS;
}

/* The first answer, unless the id is new for certain. */
static enum gather need_answer(struct lane *lane, const struct command *command) {
    struct journal_key key = {
        .id = command->id,
        .origin = lane->intake.lane,
        .step = STEP_CLIENT,
    };
    if (fence_ask(&lane->fence, &key) == FENCE_NEW || entries_find(&lane->entries, &key) != NULL ||
        entries_asked(&lane->entries, &key))
        return GATHER_READY;
    entries_note_asked(&lane->entries, &key);
    wants_add_key(&lane->wants, &key);
    return GATHER_WANTS;
}

static enum gather need_entries(struct lane *lane, const struct uuid *id) {
    if (entries_asked_id(&lane->entries, id))
        return GATHER_READY;
    entries_note_asked_id(&lane->entries, id);
    wants_add_id(&lane->wants, id);
    return GATHER_WANTS;
}

static enum gather both(enum gather a, enum gather b) {
    return a == GATHER_READY ? b : a;
}

static enum gather need_members(struct lane *lane, const struct command *command) {
    enum gather all = GATHER_READY;
    for (size_t i = 0; i < command->members_count; i++) {
        const struct command_member *member = &command->members[i];
        if (member->type == COMMAND_CAPTURE || member->type == COMMAND_RELEASE)
            all = both(need_hold(lane, &member->hold), all);
    }
    return all;
}

static enum gather need_references(struct lane *lane, const struct command *command) {
    switch (command->type) {
    case COMMAND_CAPTURE:
    case COMMAND_RELEASE: return need_hold(lane, &command->reference);
    case COMMAND_REVERSE: return need_entries(lane, &command->reference);
    case COMMAND_GROUP: return need_members(lane, command);
    case COMMAND_ACCOUNT_OPEN:
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE:
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW:
    case COMMAND_HOLD: return GATHER_READY;
    }
    CHECK(!"command type");
    return GATHER_READY;
}

static bool has_room(const struct lane *lane) {
    return wants_buffer_has_room(&lane->wants) && lane->entries.ids_count < WANTS_IDS_MAX &&
           lane->holds.pinned + COMMAND_GROUP_MAX + 1 + WANTS_DUE_MAX <= lane->holds.capacity;
}

/* A tick that has work begins its own batch: only then is the database's idea of what is due exact,
 * whatever the batches are. */
static enum gather gather_tick(struct lane *lane, const struct decoded *decoded, int64_t at_ms) {
    if (is_resend(lane, decoded) || lane->earliest_due_ms > at_ms)
        return GATHER_READY;
    if (&lane->decoded[lane->done] != decoded)
        return GATHER_FULL;
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

/* Its needs have been noted in this batch: it takes no further room. */
static bool is_prepared(const struct lane *lane, const struct decoded *decoded) {
    return decoded - lane->decoded < (ptrdiff_t)lane->prepared;
}

enum gather gather_record(struct lane *lane, const struct decoded *decoded, int64_t at_ms) {
    if (decoded->kind == INTAKE_TICK)
        return gather_tick(lane, decoded, at_ms);
    if (decoded->kind != INTAKE_COMMAND)
        return GATHER_READY;
    if (!has_room(lane) && !is_prepared(lane, decoded))
        return GATHER_FULL;
    const struct command *command = &decoded->command;
    enum gather all = need_account(lane, &command->entity);
    all = both(need_answer(lane, command), all);
    return is_resend(lane, decoded) ? all : both(need_references(lane, command), all);
}
