#include "consumer/core/trace.h"

static void add_id(struct strbuf *out, const struct uuid *id) {
    strbuf_printf(out, "%02x%02x", id->bytes[14], id->bytes[15]);
}

static void add_key(struct strbuf *out, const struct journal_key *key) {
    add_id(out, &key->id);
    strbuf_printf(out, "/%u/%d", key->origin, key->step);
}

void trace_wants(const struct wants *wants, struct strbuf *out) {
    for (size_t i = 0; i < wants->accounts_count; i++) {
        strbuf_printf(out, "want account %s\n", wants->accounts[i].text);
    }
    for (size_t i = 0; i < wants->numbers_count; i++) {
        strbuf_printf(out, "want account #%lld\n", (long long)wants->numbers[i]);
    }
    for (size_t i = 0; i < wants->keys_count; i++) {
        strbuf_add_text(out, "want key ");
        add_key(out, &wants->keys[i]);
        strbuf_add_char(out, '\n');
    }
    for (size_t i = 0; i < wants->reversed_count; i++) {
        strbuf_add_text(out, "want entries of ");
        add_id(out, &wants->reversed[i].id);
        strbuf_printf(out, " on #%lld\n", (long long)wants->reversed[i].account_number);
    }
    for (size_t i = 0; i < wants->holds_count; i++) {
        strbuf_add_text(out, "want hold ");
        add_id(out, &wants->holds[i]);
        strbuf_add_char(out, '\n');
    }
    for (size_t i = 0; i < wants->products_count; i++) {
        strbuf_printf(out, "want product %s\n", wants->products[i].text);
    }
    for (size_t i = 0; i < wants->subscriptions_count; i++) {
        strbuf_add_text(out, "want subscription ");
        add_id(out, &wants->subscriptions[i].id);
        strbuf_add_char(out, '\n');
    }
    for (size_t i = 0; i < wants->buyers_count; i++) {
        strbuf_printf(out, "want buyer %s\n", wants->buyers[i].account.text);
    }
    if (wants->shares_of != 0) {
        strbuf_printf(out, "want shares of #%lld\n", (long long)wants->shares_of);
    }
    if (wants->chunk_of != 0) {
        strbuf_printf(out, "want chunk of #%lld after %lld\n", (long long)wants->chunk_of,
                      (long long)wants->chunk_after);
    }
    if (wants->due) {
        strbuf_printf(out, "want holds due at %lld\n", (long long)wants->due_ms);
    }
}

static void add_row(struct strbuf *out, const struct journal_row *row) {
    const struct entry *entry = &row->entry;
    strbuf_printf(out, "journal @%lld ", (long long)entry->log_offset);
    add_key(out, &entry->key);
    strbuf_printf(out, " %s %s", command_type_word((enum command_type)entry->type),
                  outcome_word(entry->outcome));
    if (entry->detail[0] != '\0') {
        strbuf_printf(out, " (%s)", entry->detail);
    }
    if (entry->account_number == 0) {
        strbuf_printf(out, " account %s\n", row->account == NULL ? "?" : row->account->text);
        return;
    }
    strbuf_printf(out, " #%lld %+lld held %+lld -> balance %lld held %lld version %lld",
                  (long long)entry->account_number, (long long)entry->amount,
                  (long long)row->held_delta, (long long)entry->balance, (long long)entry->held,
                  (long long)entry->version);
    if (row->has_previous) {
        strbuf_add_text(out, " after ");
        add_key(out, &row->previous);
    }
    if (entry->price != 0) {
        strbuf_printf(out, " price %lld", (long long)entry->price);
    }
    if (entry->counter.len > 0) {
        strbuf_printf(out, " with %s", entry->counter.text);
    }
    strbuf_add_char(out, '\n');
}

static const char *state_word(enum account_state state) {
    switch (state) {
    case ACCOUNT_OPEN: return "open";
    case ACCOUNT_FROZEN: return "frozen";
    case ACCOUNT_CLOSED: return "closed";
    }
    return "?";
}

static const char *hold_word(enum hold_state state) {
    switch (state) {
    case HOLD_OPEN: return "open";
    case HOLD_CAPTURED: return "captured";
    case HOLD_RELEASED: return "released";
    case HOLD_EXPIRED: return "expired";
    }
    return "?";
}

static const char *role_word(enum system_role role) {
    switch (role) {
    case SYSTEM_NONE: return "nobody";
    case SYSTEM_WORLD: return "@world";
    case SYSTEM_TRANSIT: return "@transit";
    case SYSTEM_SALES: return "@sales";
    case SYSTEM_SUSPENSE: return "@suspense";
    }
    return "?";
}

static void add_sales(struct strbuf *out, const struct batch *batch) {
    for (size_t i = 0; i < batch->products_count; i++) {
        const struct product *row = batch->products[i].row;
        strbuf_printf(
            out, "%s product #%lld %s %s price %lld stock %lld sold %lld subscribed %lld\n",
            batch->products[i].is_new ? "insert" : "update", (long long)row->number, row->id.text,
            row->state == PRODUCT_OPEN ? "open" : "finalized", (long long)row->price,
            (long long)row->stock, (long long)row->sold, (long long)row->subscribed);
    }
    for (size_t i = 0; i < batch->subscriptions_count; i++) {
        const struct subscription *row = batch->subscriptions[i].row;
        strbuf_printf(out, "%s subscription ",
                      batch->subscriptions[i].is_new ? "insert" : "update");
        add_id(out, &row->id);
        strbuf_printf(out, " no. %lld of %s: %lld units at %lld, state %d, allotted %lld\n",
                      (long long)row->number, row->account.text, (long long)row->quantity,
                      (long long)row->price, (int)row->state, (long long)row->allotted);
    }
    for (size_t i = 0; i < batch->buyers_count; i++) {
        const struct buyer *row = batch->buyers[i].row;
        strbuf_printf(out, "%s buyer %s has %lld\n", batch->buyers[i].is_new ? "insert" : "update",
                      row->account.text, (long long)row->quantity);
    }
}

static void add_changes(struct strbuf *out, const struct batch *batch) {
    for (size_t i = 0; i < batch->accounts_count; i++) {
        const struct account *row = batch->accounts[i].row;
        strbuf_printf(out, "%s account #%lld %s %s balance %lld held %lld version %lld\n",
                      batch->accounts[i].is_new ? "insert" : "update", (long long)row->number,
                      row->id.text, state_word(row->state), (long long)row->balance,
                      (long long)row->held, (long long)row->version);
    }
    for (size_t i = 0; i < batch->holds_count; i++) {
        const struct hold *row = batch->holds[i].row;
        strbuf_printf(out, "%s hold ", batch->holds[i].is_new ? "insert" : "update");
        add_id(out, &row->id);
        strbuf_printf(out, " #%lld %lld %s\n", (long long)row->account_number,
                      (long long)row->amount, hold_word(row->state));
    }
    for (size_t i = 0; i < batch->systems_count; i++) {
        char text[MONEY_TEXT_MAX];
        money_wide_format(batch->systems[i].delta, text);
        strbuf_printf(out, "add to %s %s %s\n", role_word(batch->systems[i].role),
                      batch->systems[i].asset.text, text);
    }
}

static void add_result(struct strbuf *out, const struct batch *batch, const struct output *output) {
    struct result result;
    batch_result(batch, output, &result);
    strbuf_printf(out, "result @%lld ", (long long)result.offset);
    if (result.has_id) {
        add_id(out, &result.id);
    } else {
        strbuf_add_text(out, "no id");
    }
    strbuf_printf(out, " %s", outcome_word(result.outcome));
    if (result.detail[0] != '\0') {
        strbuf_printf(out, " (%s)", result.detail);
    }
    if (result.has_balance) {
        strbuf_printf(out, " balance %lld available %lld version %lld", (long long)result.balance,
                      (long long)result.available, (long long)result.version);
    }
    strbuf_printf(out, " at %lld%s\n", (long long)result.at_ms,
                  result.duplicate ? " duplicate" : "");
}

static const char *leg_word(enum leg_kind kind) {
    switch (kind) {
    case LEG_TICK: return "tick";
    case LEG_CREDIT: return "credit";
    case LEG_RETURN: return "return";
    case LEG_SELL: return "sell";
    case LEG_SETTLE: return "settle";
    case LEG_CANCEL: return "cancel";
    case LEG_CHUNK: return "chunk";
    }
    return "?";
}

static void add_leg(struct strbuf *out, const struct leg_message *message) {
    strbuf_printf(out, "leg to %u: %s %d of ", message->partition,
                  leg_word((enum leg_kind)message->leg.kind), message->leg.step);
    add_id(out, &message->body.id);
    strbuf_printf(out, "/%u ", message->leg.origin);
    leg_body_encode(&message->body, out);
    strbuf_add_char(out, '\n');
}

static void add_outputs(struct strbuf *out, const struct batch *batch) {
    for (size_t i = 0; i < batch->outputs_count; i++) {
        const struct output *output = &batch->outputs[i];
        switch (output->kind) {
        case OUTPUT_RESULT: add_result(out, batch, output); break;
        case OUTPUT_LEG: add_leg(out, output->leg); break;
        case OUTPUT_DEAD_LETTER:
            strbuf_printf(out, "dead letter @%lld %s\n",
                          (long long)batch_record(batch, output)->offset,
                          outcome_word(output->outcome));
        }
    }
}

void trace_batch(const struct lane *lane, struct strbuf *out) {
    const struct batch *batch = lane_batch(lane);
    for (size_t i = 0; i < batch->rows_count; i++) {
        add_row(out, &batch->rows[i]);
    }
    add_changes(out, batch);
    add_sales(out, batch);
    for (size_t i = 0; i < batch->quarantine_count; i++) {
        strbuf_printf(out, "quarantine @%lld %s (%s)\n", (long long)batch->quarantine[i].log_offset,
                      outcome_word(batch->quarantine[i].reason), batch->quarantine[i].detail);
    }
    if (batch->has_seal) {
        strbuf_printf(out, "seal %lld over @%lld-%lld\n", (long long)batch->seal.number,
                      (long long)batch->seal.first_offset, (long long)batch->seal.last_offset);
    }
    strbuf_printf(out, "lane %lld -> %lld at %lld\n", (long long)batch->old_offset,
                  (long long)batch->after.next_offset, (long long)batch->after.lane_time_ms);
    add_outputs(out, batch);
}
