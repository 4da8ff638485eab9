/* Rows of a page as structs. The columns are those of pg_audit_sql.h, in that order. */
#include <string.h>

#include "consumer/adapters/pg_audit.h"
#include "consumer/adapters/pg_audit_text.h"

enum journal_column {
    J_LOG_OFFSET,
    J_COMMAND_ID,
    J_ORIGIN,
    J_STEP,
    J_TYPE,
    J_OUTCOME,
    J_DETAIL,
    J_ACCOUNT_NUMBER,
    J_AMOUNT,
    J_BALANCE,
    J_HELD,
    J_VERSION,
    J_AT,
    J_HASH,
    J_HELD_DELTA,
    J_ACCOUNT,
    J_COUNTER_ROLE,
    J_COUNTER_NUMBER,
    J_COUNTER,
    J_ASSET,
    J_SOURCE,
    J_MEMO,
    J_PREVIOUS_ID,
    J_PREVIOUS_ORIGIN,
    J_PREVIOUS_STEP,
};

enum quarantine_column {
    Q_LOG_OFFSET,
    Q_AT,
    Q_REASON,
    Q_DETAIL,
    Q_ID,
    Q_KEY,
    Q_VALUE,
    Q_KEY_LENGTH,
    Q_VALUE_LENGTH,
    Q_DIGEST,
};

int64_t pg_audit_journal_offset(const struct pg_rows *page, int index) {
    return pg_rows_int(page, index, J_LOG_OFFSET);
}

static void read_key(const struct pg_rows *page, int index, struct entry *entry) {
    entry->log_offset = pg_rows_int(page, index, J_LOG_OFFSET);
    entry->key.origin = (uint16_t)pg_rows_int(page, index, J_ORIGIN);
    entry->key.step = (int32_t)pg_rows_int(page, index, J_STEP);
    (void)pg_audit_text_uuid(page, index, J_COMMAND_ID, &entry->key.id);
}

static void read_numbers(const struct pg_rows *page, int index, struct journal_row *row) {
    struct entry *entry = &row->entry;
    entry->account_number = pg_rows_int(page, index, J_ACCOUNT_NUMBER);
    entry->amount = pg_rows_int(page, index, J_AMOUNT);
    entry->balance = pg_rows_int(page, index, J_BALANCE);
    entry->held = pg_rows_int(page, index, J_HELD);
    entry->version = pg_rows_int(page, index, J_VERSION);
    entry->at_ms = pg_rows_int(page, index, J_AT);
    row->held_delta = pg_rows_int(page, index, J_HELD_DELTA);
    row->counter_number = pg_rows_int(page, index, J_COUNTER_NUMBER);
    row->source = pg_audit_text_slice(page, index, J_SOURCE);
    row->memo = pg_audit_text_slice(page, index, J_MEMO);
}

/* Numbers that stand for words, and texts that have a form. */
static const char *read_words(const struct pg_rows *page, int index, struct entry *entry) {
    const char *detail = pg_rows_text(page, index, J_DETAIL);
    enum command_type type;
    entry->type = (int)pg_rows_int(page, index, J_TYPE);
    if (!command_type_from_number(entry->type, &type)) {
        return "type";
    }
    if (!outcome_from_number((int)pg_rows_int(page, index, J_OUTCOME), &entry->outcome) ||
        outcome_state(entry->outcome) == STATE_QUARANTINED) {
        return "outcome";
    }
    if (strlen(detail) >= sizeof entry->detail) {
        return "detail";
    }
    memcpy(entry->detail, detail, strlen(detail) + 1);
    return pg_audit_text_exact_bytes(page, index, J_HASH, entry->hash, sizeof entry->hash) ? NULL
                                                                                           : "hash";
}

static const char *read_parties(const struct pg_rows *page, int index,
                                struct audit_journal_row *out) {
    const int64_t role = pg_rows_int(page, index, J_COUNTER_ROLE);
    if (role < SYSTEM_NONE || role > SYSTEM_SUSPENSE) {
        return "counter_role";
    }
    out->row.counter_role = (enum system_role)role;
    if (!pg_rows_null(page, index, J_ACCOUNT)) {
        if (!pg_audit_text_ident(page, index, J_ACCOUNT, &out->account)) {
            return "account";
        }
        out->row.account = &out->account;
    }
    if (!pg_rows_null(page, index, J_COUNTER)) {
        if (!pg_audit_text_ident(page, index, J_COUNTER, &out->counter)) {
            return "counter";
        }
        out->row.counter = &out->counter;
    }
    if (!pg_rows_null(page, index, J_ASSET)) {
        if (!pg_audit_text_asset(page, index, J_ASSET, &out->asset)) {
            return "asset";
        }
        out->row.asset = &out->asset;
    }
    return NULL;
}

static const char *read_previous(const struct pg_rows *page, int index, struct journal_row *row) {
    row->has_previous = !pg_rows_null(page, index, J_PREVIOUS_ID);
    if (!row->has_previous) {
        return NULL;
    }
    row->previous.origin = (uint16_t)pg_rows_int(page, index, J_PREVIOUS_ORIGIN);
    row->previous.step = (int32_t)pg_rows_int(page, index, J_PREVIOUS_STEP);
    return pg_audit_text_uuid(page, index, J_PREVIOUS_ID, &row->previous.id) ? NULL : "previous_id";
}

bool pg_audit_journal_row(const struct pg_rows *page, int index, struct audit_journal_row *out,
                          const char **unreadable) {
    memset(out, 0, sizeof *out);
    read_key(page, index, &out->row.entry);
    read_numbers(page, index, &out->row);
    *unreadable = read_words(page, index, &out->row.entry);
    if (*unreadable == NULL) {
        *unreadable = read_parties(page, index, out);
    }
    if (*unreadable == NULL) {
        *unreadable = read_previous(page, index, &out->row);
    }
    return *unreadable == NULL;
}

static bool read_cut(const struct pg_rows *page, int index, int column,
                     uint8_t bytes[QUARANTINE_BYTES_MAX], struct slice *out) {
    if (pg_rows_null(page, index, column)) {
        *out = (struct slice){.at = NULL, .len = 0};
        return true;
    }
    out->at = bytes;
    return pg_audit_text_bytes(page, index, column, bytes, QUARANTINE_BYTES_MAX, &out->len);
}

static const char *read_record(const struct pg_rows *page, int index,
                               struct audit_quarantine_row *out) {
    if (!read_cut(page, index, Q_KEY, out->key, &out->row.key)) {
        return "key";
    }
    if (!read_cut(page, index, Q_VALUE, out->value, &out->row.value)) {
        return "value";
    }
    const size_t len = sizeof out->row.digest;
    return pg_audit_text_exact_bytes(page, index, Q_DIGEST, out->row.digest, len) ? NULL : "digest";
}

bool pg_audit_quarantine_row(const struct pg_rows *page, int index,
                             struct audit_quarantine_row *out, const char **unreadable) {
    struct quarantine_row *row = &out->row;
    memset(row, 0, sizeof *row);
    row->log_offset = pg_rows_int(page, index, Q_LOG_OFFSET);
    row->at_ms = pg_rows_int(page, index, Q_AT);
    row->detail = pg_rows_null(page, index, Q_DETAIL) ? NULL : pg_rows_text(page, index, Q_DETAIL);
    row->key_len = pg_rows_int(page, index, Q_KEY_LENGTH);
    row->value_len = pg_rows_int(page, index, Q_VALUE_LENGTH);
    row->has_id = !pg_rows_null(page, index, Q_ID);
    *unreadable = read_record(page, index, out);
    if (!outcome_from_number((int)pg_rows_int(page, index, Q_REASON), &row->reason)) {
        *unreadable = "reason";
    } else if (row->has_id && !pg_audit_text_uuid(page, index, Q_ID, &row->id)) {
        *unreadable = "id";
    }
    return *unreadable == NULL;
}

bool pg_audit_seal(const struct pg_rows *page, int index, struct seal *out) {
    out->number = pg_rows_int(page, index, 0);
    out->first_offset = pg_rows_int(page, index, 1);
    out->last_offset = pg_rows_int(page, index, 2);
    return pg_audit_text_exact_bytes(page, index, 3, out->digest, sizeof out->digest);
}
