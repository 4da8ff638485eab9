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

static bool put_products(const PGresult *result, struct lane *lane) {
    struct product row;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_product(result, i, &row)) {
            return false;
        }
        lane_put_product(lane, &row);
    }
    return true;
}

static bool put_subscriptions(const PGresult *result, struct lane *lane) {
    struct subscription row;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_subscription(result, i, &row)) {
            return false;
        }
        lane_put_subscription(lane, &row);
    }
    return true;
}

static bool put_buyers(const PGresult *result, struct lane *lane) {
    struct buyer row;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_buyer(result, i, &row)) {
            return false;
        }
        lane_put_buyer(lane, &row);
    }
    return true;
}

static bool put_shares(const PGresult *result, struct lane *lane) {
    int64_t number;
    int64_t quantity;
    for (int i = 0; i < PQntuples(result); i++) {
        if (!pg_decode_share(result, i, &number, &quantity)) {
            return false;
        }
        lane_put_share(lane, number, quantity);
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
    case PG_ENTRY_REVERSED: return put_entries(result, lanes[sent->index]);
    case PG_HOLD_BY_ID:
    case PG_HOLD_DUE: return put_holds(result, lanes[sent->index]);
    case PG_HOLD_NEXT_DUE: return put_next_due(result, lanes[sent->index]);
    case PG_PRODUCT_BY_ID: return put_products(result, lanes[sent->index]);
    case PG_SUBSCRIPTION_BY_KEY:
    case PG_CHUNK: return put_subscriptions(result, lanes[sent->index]);
    case PG_BUYER_BY_KEY: return put_buyers(result, lanes[sent->index]);
    case PG_SHARES: return put_shares(result, lanes[sent->index]);
    case PG_LANE_STILL_OURS: return put_still_ours(result, lanes[sent->index], loading);
    case PG_JOURNAL_INSERT:
    case PG_ACCOUNT_INSERT:
    case PG_ACCOUNT_UPDATE:
    case PG_HOLD_INSERT:
    case PG_HOLD_UPDATE:
    case PG_PRODUCT_INSERT:
    case PG_PRODUCT_UPDATE:
    case PG_SUBSCRIPTION_INSERT:
    case PG_SUBSCRIPTION_UPDATE:
    case PG_BUYER_INSERT:
    case PG_BUYER_UPDATE:
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
    if (wants->reversed_count > 0) {
        struct pg_store *store = asking->store;
        pg_params_reset(params);
        pg_session_pick(store, wants->reversed, sizeof *wants->reversed, wants->reversed_count);
        pg_params_columns(params, &pg_columns_reversed, store->rows, wants->reversed_count);
        return ask(asking, PG_ENTRY_REVERSED);
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

static bool ask_sales(const struct asking *asking, const struct wants *wants) {
    struct pg_store *store = asking->store;
    if (wants->products_count > 0) {
        pg_params_reset(&store->params);
        pg_params_idents(&store->params, wants->products, wants->products_count);
        if (!ask(asking, PG_PRODUCT_BY_ID)) {
            return false;
        }
    }
    if (wants->subscriptions_count > 0) {
        pg_params_reset(&store->params);
        pg_session_pick(store, wants->subscriptions, sizeof *wants->subscriptions,
                        wants->subscriptions_count);
        pg_params_columns(&store->params, &pg_columns_subscription_key, store->rows,
                          wants->subscriptions_count);
        if (!ask(asking, PG_SUBSCRIPTION_BY_KEY)) {
            return false;
        }
    }
    if (wants->buyers_count > 0) {
        pg_params_reset(&store->params);
        pg_session_pick(store, wants->buyers, sizeof *wants->buyers, wants->buyers_count);
        pg_params_columns(&store->params, &pg_columns_buyer_key, store->rows, wants->buyers_count);
        return ask(asking, PG_BUYER_BY_KEY);
    }
    return true;
}

static bool ask_allotment(const struct asking *asking, const struct wants *wants) {
    struct pg_params *params = &asking->store->params;
    if (wants->shares_of != 0) {
        pg_params_reset(params);
        pg_params_int64(params, wants->shares_of);
        if (!ask(asking, PG_SHARES)) {
            return false;
        }
    }
    if (wants->chunk_of != 0) {
        pg_params_reset(params);
        pg_params_int64(params, wants->chunk_of);
        pg_params_int64(params, wants->chunk_after);
        pg_params_int64(params, WANTS_CHUNK_MAX);
        return ask(asking, PG_CHUNK);
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
           ask_sales(asking, wants) && ask_allotment(asking, wants) &&
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
