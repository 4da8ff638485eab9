#include <stdio.h>
#include <string.h>

#include "consumer/adapters/pg_decode.h"
#include "consumer/adapters/pg_session.h"
#include "consumer/adapters/pg_store.h"

/* ---- what lanes want ---- */

static bool put_accounts(const PGresult *result, struct lane *lane) {
    struct account row;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_account(result, i, &row)) {
            return false;
        }
        lane_put_account(lane, &row);
    }
    return true;
}

static bool put_entries(const PGresult *result, struct lane *lane) {
    struct entry row;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_entry(result, i, &row)) {
            return false;
        }
        lane_put_entry(lane, &row);
    }
    return true;
}

static bool put_holds(const PGresult *result, struct lane *lane) {
    struct hold row;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_hold(result, i, &row)) {
            return false;
        }
        lane_put_hold(lane, &row);
    }
    return true;
}

static bool put_next_due(const PGresult *result, struct lane *lane) {
    lane_put_next_due(lane, pg_decode_due(result));
    return true;
}

/* The lanes of one load, in the order of pg_sent.index. */
struct loading {
    struct lane *const *lanes;
    char lost[PG_DETAIL_MAX]; /* "3,17": lanes that have moved on without us */
};

static bool put_still_ours(const PGresult *result, struct lane *lane, struct loading *loading) {
    size_t len = strlen(loading->lost);
    if (PQntuples(result) == 0) {
        snprintf(loading->lost + len, sizeof loading->lost - len, "%s%d", len == 0 ? "" : ",",
                 lane_row(lane)->lane);
    }
    return true;
}

static bool put_result(const PGresult *result, const struct pg_sent *sent, void *context) {
    struct loading *loading = context;
    struct lane *const *lanes = loading->lanes;
    switch (sent->statement) {
    case PG_ACCOUNT_BY_ID:
    case PG_ACCOUNT_BY_NUMBER: return put_accounts(result, lanes[sent->index]);
    case PG_ENTRY_BY_KEY:
    case PG_ENTRY_BY_ID: return put_entries(result, lanes[sent->index]);
    case PG_HOLD_BY_ID:
    case PG_HOLD_DUE: return put_holds(result, lanes[sent->index]);
    case PG_HOLD_NEXT_DUE: return put_next_due(result, lanes[sent->index]);
    case PG_LANE_STILL_OURS: return put_still_ours(result, lanes[sent->index], loading);
    case PG_JOURNAL_INSERT:
    case PG_ACCOUNT_INSERT:
    case PG_ACCOUNT_UPDATE:
    case PG_HOLD_INSERT:
    case PG_HOLD_UPDATE:
    case PG_SYSTEM_ADD:
    case PG_QUARANTINE_INSERT:
    case PG_SEAL_INSERT:
    case PG_START_DUE:
    case PG_START_KEYS:
    case PG_STATEMENTS_COUNT: break;
    }
    return false;
}

/* A lane's share of the round trip: one statement for each kind of want. */
struct asking {
    struct pg_store *store;
    uint16_t lane;
    size_t index;
    struct pg_failure *failure;
};

static bool ask(const struct asking *asking, enum pg_statement statement) {
    return pg_session_send(asking->store, statement, asking->lane, asking->index,
                           asking->failure) == PG_DONE;
}

static bool ask_accounts(const struct asking *asking, const struct wants *wants) {
    struct pg_params *params = &asking->store->params;
    if (wants->accounts_count > 0) {
        pg_params_reset(params);
        pg_params_idents(params, wants->accounts, wants->accounts_count);
        if (!ask(asking, PG_ACCOUNT_BY_ID)) {
            return false;
        }
    }
    if (wants->numbers_count > 0) {
        pg_params_reset(params);
        pg_params_int64s(params, wants->numbers, wants->numbers_count);
        return ask(asking, PG_ACCOUNT_BY_NUMBER);
    }
    return true;
}

static bool ask_entries(const struct asking *asking, const struct wants *wants) {
    struct pg_params *params = &asking->store->params;
    if (wants->keys_count > 0) {
        pg_params_reset(params);
        pg_session_pick(asking->store, wants->keys, sizeof *wants->keys, wants->keys_count);
        pg_params_columns(params, &pg_columns_key, asking->store->rows, wants->keys_count);
        if (!ask(asking, PG_ENTRY_BY_KEY)) {
            return false;
        }
    }
    if (wants->ids_count > 0) {
        pg_params_reset(params);
        pg_params_uuids(params, wants->ids, wants->ids_count);
        pg_params_int64(params, WANTS_ENTRIES_PER_ID);
        return ask(asking, PG_ENTRY_BY_ID);
    }
    return true;
}

static bool ask_holds(const struct asking *asking, const struct wants *wants) {
    struct pg_params *params = &asking->store->params;
    if (wants->holds_count > 0) {
        pg_params_reset(params);
        pg_params_uuids(params, wants->holds, wants->holds_count);
        if (!ask(asking, PG_HOLD_BY_ID)) {
            return false;
        }
    }
    if (wants->due) {
        pg_params_reset(params);
        pg_params_time(params, wants->due_ms);
        pg_params_int64(params, WANTS_DUE_MAX);
        if (!ask(asking, PG_HOLD_DUE)) {
            return false;
        }
        pg_params_reset(params);
        pg_params_time(params, wants->due_ms);
        return ask(asking, PG_HOLD_NEXT_DUE);
    }
    return true;
}

/* Asked behind all the rows, in a snapshot of its own: whoever owns the lane now had not begun to
 * write when they were read. A worker that slept would else see rows from ahead of its position. */
static bool ask_still_ours(const struct asking *asking, const struct lane_row *row) {
    struct pg_params *params = &asking->store->params;
    pg_params_reset(params);
    pg_params_uuid(params, &row->owner);
    pg_params_int64(params, row->epoch);
    pg_params_int64(params, row->next_offset);
    return ask(asking, PG_LANE_STILL_OURS);
}

static bool ask_wants(const struct asking *asking, const struct lane *lane) {
    const struct wants *wants = lane_wants(lane);
    return ask_accounts(asking, wants) && ask_entries(asking, wants) && ask_holds(asking, wants) &&
           ask_still_ours(asking, lane_row(lane));
}

enum pg_answer pg_store_load(struct pg_store *store, struct lane *const *lanes, size_t count,
                             struct pg_failure *failure) {
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    for (size_t i = 0; i < count; i++) {
        if (pg_session_prepare(store, lane_row(lanes[i])->lane, failure) != PG_DONE) {
            return failure->answer;
        }
    }
    if (pg_session_begin(store, failure) != PG_DONE) {
        return failure->answer;
    }
    for (size_t i = 0; i < count; i++) {
        const struct asking asking = {store, lane_row(lanes[i])->lane, i, failure};
        if (!ask_wants(&asking, lanes[i])) {
            return failure->answer;
        }
    }
    struct loading loading = {.lanes = lanes, .lost = ""};
    if (pg_session_end(store, put_result, &loading, failure) != PG_DONE) {
        return failure->answer;
    }
    if (loading.lost[0] != '\0') {
        return pg_failure_set(failure, PG_STATE_FENCED, "lanes have another owner or position",
                              loading.lost);
    }
    for (size_t i = 0; i < count; i++) {
        lane_loaded(lanes[i]);
    }
    return PG_DONE;
}
