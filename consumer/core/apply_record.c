/* One record in its place: new, repeated, conflicting, poison, or answered before and only to be
 * answered again. */
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/digest.h"
#include "consumer/core/apply.h"
#include "consumer/core/ledger.h"
#include "consumer/core/saga.h"

bool apply_is_resend(const struct turn *turn) {
    return turn->decoded->record.offset < turn->lane->row.next_offset;
}

static uint32_t index_of(const struct turn *turn) {
    return (uint32_t)(turn->decoded - turn->lane->decoded);
}

static void show_balance(struct output *output, const struct account *account, int64_t balance,
                         int64_t held, int64_t version) {
    output->has_balance = true;
    output->balance = balance;
    output->available = balance - held - account->floor;
    output->version = version;
}

void answer_client(struct turn *turn, const struct answer *answer) {
    struct output *output = builder_add_output(&turn->lane->builder);
    output->kind = OUTPUT_RESULT;
    output->record = index_of(turn);
    output->outcome = answer->outcome;
    output->detail = answer->detail;
    output->duplicate = answer->duplicate;
    output->at_ms = answer->first == NULL ? turn->at_ms : answer->first->at_ms;
    if (turn->account == NULL || turn->account->slot.memory != SLOT_KNOWN) {
        return;
    }
    const struct account *account = &turn->account->row;
    const struct entry *first = answer->first;
    if (first == NULL) {
        show_balance(output, account, account->balance, account->held, account->version);
    } else if (first->account_number != 0) {
        show_balance(output, account, first->balance, first->held, first->version);
    }
}

void answer_dead_letter(struct turn *turn, enum outcome reason, const char *detail) {
    struct output *output = builder_add_output(&turn->lane->builder);
    output->kind = OUTPUT_DEAD_LETTER;
    output->record = index_of(turn);
    output->outcome = reason;
    output->detail = detail;
    output->at_ms = turn->at_ms;
}

static void keep_bytes(struct turn *turn, enum outcome reason, const char *detail,
                       const struct uuid *id) {
    const struct record *record = &turn->decoded->record;
    struct quarantine_row *row = builder_add_quarantine(&turn->lane->builder);
    row->log_offset = record->offset;
    row->at_ms = turn->at_ms;
    row->reason = reason;
    row->detail = detail;
    row->has_id = id != NULL;
    if (id != NULL) {
        row->id = *id;
    }
    row->key = slice_first(record->key, QUARANTINE_BYTES_MAX);
    row->value = slice_first(record->value, QUARANTINE_BYTES_MAX);
    row->key_len = record->key.at == NULL ? -1 : (int64_t)record->key.len;
    row->value_len = record->value.at == NULL ? -1 : (int64_t)record->value.len;
    digest_sha256(record->value.at, record->value.len, row->digest);
}

/* Bytes are kept once, in the batch that first met them; outputs go out every time. */
static void apply_poison(struct turn *turn) {
    const struct refusal *refusal = &turn->decoded->refusal;
    if (!apply_is_resend(turn)) {
        keep_bytes(turn, refusal->reason, refusal->detail, refusal->has_id ? &refusal->id : NULL);
    }
    if (refusal->reason != OUTCOME_FORGED_LEG) {
        answer_client(turn, &(struct answer){refusal->reason, refusal->detail, false, NULL});
    }
    answer_dead_letter(turn, refusal->reason, refusal->detail);
}

static void apply_conflict(struct turn *turn, const struct entry *first) {
    static const char detail[] = "this id came before with another payload";
    if (!apply_is_resend(turn)) {
        keep_bytes(turn, OUTCOME_ID_CONFLICT, detail, &first->key.id);
    }
    turn->account = NULL; /* its balance is none of this answer's business */
    answer_client(turn, &(struct answer){OUTCOME_ID_CONFLICT, detail, false, NULL});
    answer_dead_letter(turn, OUTCOME_ID_CONFLICT, detail);
}

static const struct entry *step_here(const struct turn *turn, const struct entry *first,
                                     int32_t step) {
    struct journal_key key = first->key;
    key.step = step;
    return entries_find(&turn->lane->entries, &key);
}

/* Money came back, or was settled, on the client's own account: the row's detail is the word of the
 * refusal, if there was one. */
static void end_on_account(struct answer *answer, const struct entry *last) {
    answer->first = last;
    answer->detail = "";
    answer->outcome = OUTCOME_APPLIED;
    (void)outcome_parse(last->detail, strlen(last->detail), &answer->outcome);
}

/* How a pending command has ended, as far as this lane knows: docs/decisions/0008. */
static void look_for_end(const struct turn *turn, const struct entry *first,
                         struct answer *answer) {
    const struct entry *back = step_here(turn, first, STEP_RETURN);
    const struct entry *settled = step_here(turn, first, STEP_SETTLE);
    const struct entry *last = step_here(turn, first, saga_deciding_step(first->type));
    if (back != NULL || first->type == COMMAND_PURCHASE) {
        settled = back != NULL ? back : settled;
        last = NULL;
    }
    if (last != NULL && (last->outcome == OUTCOME_APPLIED || last->key.step == STEP_CANCEL)) {
        answer->outcome = last->outcome;
    } else if (settled != NULL) {
        end_on_account(answer, settled);
    }
}

static struct answer answer_of(const struct turn *turn, const struct entry *first) {
    struct answer answer = {.outcome = first->outcome, .detail = first->detail, .first = first};
    if (first->outcome == OUTCOME_PENDING) {
        look_for_end(turn, first, &answer);
    }
    return answer;
}

/* The steps that this record took in this lane come out again, with their legs. */
static void go_on_again(struct turn *turn, const struct entry *first) {
    turn->has_next = saga_first(turn, first, &turn->next);
    saga_run(turn);
}

/* Asking again returns the first answer. The record that got it first is no duplicate of itself. */
static void apply_repeated(struct turn *turn, const struct entry *first) {
    if (memcmp(first->hash, turn->decoded->hash, sizeof first->hash) != 0) {
        apply_conflict(turn, first);
        return;
    }
    struct answer answer = answer_of(turn, first);
    answer.duplicate = first->log_offset != turn->decoded->record.offset;
    answer_client(turn, &answer);
    if (apply_is_resend(turn) && !answer.duplicate) {
        go_on_again(turn, first);
    }
}

static enum outcome dispatch(struct turn *turn) {
    switch (turn->decoded->command.type) {
    case COMMAND_ACCOUNT_OPEN: return apply_open(turn);
    case COMMAND_ACCOUNT_CLOSE:
    case COMMAND_ACCOUNT_FREEZE:
    case COMMAND_ACCOUNT_UNFREEZE: return apply_account_state(turn);
    case COMMAND_DEPOSIT:
    case COMMAND_WITHDRAW: return apply_movement(turn);
    case COMMAND_HOLD:
    case COMMAND_CAPTURE:
    case COMMAND_RELEASE: return apply_hold(turn);
    case COMMAND_REVERSE: return apply_reverse(turn);
    case COMMAND_GROUP: return apply_group(turn);
    case COMMAND_TRANSFER: return apply_transfer(turn);
    case COMMAND_PRODUCT_CREATE:
    case COMMAND_PRODUCT_RESTOCK:
    case COMMAND_PRODUCT_PRICE:
    case COMMAND_PRODUCT_FINALIZE: return apply_product(turn);
    case COMMAND_PURCHASE:
    case COMMAND_SUBSCRIBE: return apply_order(turn);
    case COMMAND_UNSUBSCRIBE: return apply_unsubscribe(turn);
    }
    CHECK(!"command type");
    return OUTCOME_APPLIED;
}

/* The client's own row, of those from `first` on. */
static const struct entry *own_row(const struct turn *turn, uint32_t first) {
    const struct builder *builder = &turn->lane->builder;
    for (uint32_t i = first; i < builder->rows_count; i++) {
        const struct entry *entry = &builder->rows[i].entry;
        if (entry->key.step == STEP_CLIENT &&
            uuid_equal(&entry->key.id, &turn->decoded->command.id)) {
            return entry;
        }
    }
    CHECK(!"every new command has its own row");
    return NULL;
}

static void note_refusal(struct turn *turn, enum outcome refusal) {
    struct step_made made = ledger_own(turn, STEP_CLIENT, refusal);
    made.detail = turn->detail;
    if (turn->product != NULL) {
        ledger_note_product(turn, turn->product, &made, NULL);
    } else {
        ledger_note(turn, turn->account, &made, NULL);
    }
}

/* The row that ended the command, where it is on the client's own account: steps behind it, like
 * the credit of a seller who buys his own, are not part of the answer. */
static const struct entry *own_end(const struct turn *turn) {
    bool is_own = turn->end != NULL && turn->account != NULL &&
                  turn->end->account_number == turn->account->row.number;
    return is_own ? turn->end : NULL;
}

/* A command that ends in this lane is answered with its end, and never with `pending`. */
static void apply_new(struct turn *turn) {
    uint32_t first = turn->lane->builder.rows_count;
    enum outcome outcome = dispatch(turn);
    if (outcome != OUTCOME_APPLIED && outcome != OUTCOME_PENDING) {
        note_refusal(turn, outcome);
    }
    turn->has_next = saga_first(turn, own_row(turn, first), &turn->next);
    saga_run(turn);
    if (outcome == OUTCOME_PENDING && turn->is_final) {
        answer_client(turn, &(struct answer){.outcome = turn->final, .first = own_end(turn)});
        builder_sort_from(&turn->lane->builder, first);
    } else {
        builder_sort_from(&turn->lane->builder, first);
        const char *detail = own_row(turn, first)->detail;
        answer_client(turn, &(struct answer){.outcome = outcome, .detail = detail});
    }
}

/* A command that was applied before must be in the journal: else this database is another one. */
static bool apply_command(struct turn *turn) {
    struct lane *lane = turn->lane;
    const struct command *command = &turn->decoded->command;
    struct journal_key key = {.id = command->id, .origin = lane->intake.lane, .step = STEP_CLIENT};
    if (command_type_is_on_product(command->type)) {
        turn->product = products_find(&lane->products, &command->entity);
        CHECK(turn->product != NULL);
    } else {
        turn->account = accounts_find(&lane->accounts, &command->entity);
        CHECK(turn->account != NULL);
    }
    const struct entry *first = entries_find(&lane->entries, &key);
    if (first != NULL) {
        apply_repeated(turn, first);
        return true;
    }
    if (apply_is_resend(turn)) {
        return false;
    }
    apply_new(turn);
    return true;
}

/* A step for another lane's client ends his command: he is answered from here. Where the step is on
 * his own account, with its balance then, which may be long ago. */
static void apply_leg(struct turn *turn) {
    uint32_t first = turn->lane->builder.rows_count;
    const struct leg_body *body = &turn->decoded->body;
    saga_take(turn);
    if (turn->is_final) {
        if (apply_lane_of(turn->lane, &body->client) == turn->lane->intake.lane) {
            turn->account = accounts_find(&turn->lane->accounts, &body->client);
        }
        answer_client(turn, &(struct answer){.outcome = turn->final, .first = turn->end});
    }
    builder_sort_from(&turn->lane->builder, first);
}

/* The lane stops before this record; what waits behind it is given up. */
static void stop_before(struct lane *lane, const struct record *record) {
    snprintf(lane->stop_detail, sizeof lane->stop_detail,
             "the journal does not know the record applied at offset %lld",
             (long long)record->offset);
    lane->closed = true;
    lane->halt = LANE_STOP_IDENTITY;
    lane->count = lane->applied;
}

/* Lane time when this record was applied, of one that is only answered again: by now the lane's own
 * time is past it. If a clock had gone back before the first record of the tenure, what it had been
 * is not known any more, and this is earlier than the time of the quarantine row. */
static int64_t time_again(struct lane *lane, const struct record *record) {
    if (record->timestamp_ms > lane->again_ms) {
        lane->again_ms = record->timestamp_ms;
    }
    return lane->again_ms;
}

bool apply_record(struct lane *lane, uint32_t index, int64_t at_ms) {
    char detail[TURN_DETAIL_MAX] = "";
    struct turn turn = {
        .lane = lane,
        .decoded = &lane->decoded[index],
        .at_ms = at_ms,
        .detail = detail,
    };
    if (apply_is_resend(&turn)) {
        turn.at_ms = time_again(lane, &turn.decoded->record);
    }
    switch (turn.decoded->kind) {
    case INTAKE_COMMAND:
        if (apply_command(&turn)) {
            return true;
        }
        stop_before(lane, &turn.decoded->record);
        return false;
    case INTAKE_POISON: apply_poison(&turn); return true;
    case INTAKE_LEG: apply_leg(&turn); return true;
    case INTAKE_TICK:
        if (lane->due_loaded) {
            apply_tick(&turn);
        }
        lane->due_loaded = false;
        return true;
    case INTAKE_NEWER: break;
    }
    CHECK(!"a record that stops the lane is never taken");
    return false;
}
