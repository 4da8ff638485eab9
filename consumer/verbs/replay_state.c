#include "consumer/verbs/replay_state.h"

#include <inttypes.h>

#include "consumer/adapters/pg_audit.h"
#include "consumer/adapters/pg_audit_sales.h"
#include "consumer/verbs/replay_rows.h"
#include "consumer/verbs/verify_totals.h"

struct state {
    const struct replay_store *store;
    struct finding *finding;
    struct replay_counts seen;
};

static void never_made(struct state *state, const char *what, const char *name) {
    (void)finding_set(state->finding, 0, "%s %s: nothing in the log made it", what, name);
}

static void never_made_id(struct state *state, const char *what, const struct uuid *id) {
    char text[UUID_TEXT_LEN + 1];
    uuid_format(id, text);
    never_made(state, what, text);
}

static void on_account(void *context, const struct account *row) {
    struct state *state = context;
    const struct account *made = replay_store_account(state->store, &row->id);
    state->seen.accounts++;
    if (made == NULL) {
        never_made(state, "account", row->id.text);
    } else {
        (void)replay_rows_account(made, row, state->finding);
    }
}

static void on_hold(void *context, const struct hold *row) {
    struct state *state = context;
    const struct hold *made = replay_store_hold(state->store, &row->id);
    state->seen.holds++;
    if (made == NULL) {
        never_made_id(state, "hold", &row->id);
    } else {
        (void)replay_rows_hold(made, row, state->finding);
    }
}

static void on_system(void *context, enum system_role role, const struct asset *asset,
                      money_wide balance) {
    struct state *state = context;
    char texts[2][MONEY_TEXT_MAX];
    const struct system_change *made = replay_store_system(state->store, role, asset);
    const money_wide expected = made == NULL ? 0 : made->delta;
    state->seen.systems += made != NULL;
    money_wide_format(balance, texts[0]);
    money_wide_format(expected, texts[1]);
    if (balance != expected) {
        (void)finding_set(state->finding, 0, "%s %s: balance is %s, by the log %s",
                          verify_totals_role(role), asset->text, texts[0], texts[1]);
    }
}

static void on_product(void *context, const struct product *row) {
    struct state *state = context;
    const struct product *made = replay_store_product(state->store, &row->id);
    state->seen.products++;
    if (made == NULL) {
        never_made(state, "product", row->id.text);
    } else {
        (void)replay_rows_product(made, row, state->finding);
    }
}

static void on_subscription(void *context, const struct subscription *row) {
    struct state *state = context;
    const struct subscription *made =
        replay_store_subscription(state->store, &row->id, row->origin);
    state->seen.subscriptions++;
    if (made == NULL) {
        never_made_id(state, "subscription", &row->id);
    } else {
        (void)replay_rows_subscription(made, row, state->finding);
    }
}

static void on_buyer(void *context, const struct buyer *row) {
    struct state *state = context;
    const struct buyer *made = replay_store_buyer(state->store, row->product_number, &row->account);
    state->seen.buyers++;
    if (made == NULL) {
        never_made(state, "buyer", row->account.text);
    } else if (made->quantity != row->quantity) {
        (void)finding_set(state->finding, 0,
                          "buyer %s of product number %" PRId64 ": quantity is %" PRId64
                          ", by the log %" PRId64,
                          row->account.text, row->product_number, row->quantity, made->quantity);
    }
}

static void unreadable(void *context, const char *what, const char *which) {
    struct state *state = context;
    (void)finding_set(state->finding, 0, "%s %s: not a row of ours", what, which);
}

static bool check_count(struct state *state, const char *what, uint64_t found, uint64_t made) {
    return found == made ||
           finding_set(state->finding, 0, "%" PRIu64 " %s, by the log %" PRIu64, found, what, made);
}

/* Every row was found in memory, so with equal counts the other way round too. */
static void check_counts(struct state *state) {
    const struct replay_store *store = state->store;
    const struct replay_counts *seen = &state->seen;
    (void)(check_count(state, "accounts", seen->accounts, store->accounts.count) &&
           check_count(state, "holds", seen->holds, store->holds.count) &&
           check_count(state, "products", seen->products, store->products.count) &&
           check_count(state, "subscriptions", seen->subscriptions, store->subscriptions.count) &&
           check_count(state, "buyers", seen->buyers, store->buyers.count) &&
           check_count(state, "system accounts", seen->systems, store->systems.count));
}

static enum pg_answer stream_all(struct pg_conn *conn, uint16_t lane, struct state *state,
                                 struct pg_failure *failure) {
    const struct audit_each rows = {.context = state,
                                    .account = on_account,
                                    .hold = on_hold,
                                    .system = on_system,
                                    .unreadable = unreadable};
    const struct audit_sales sales = {.context = state,
                                      .product = on_product,
                                      .subscription = on_subscription,
                                      .buyer = on_buyer,
                                      .unreadable = unreadable};
    enum pg_answer answer = pg_audit_accounts(conn, lane, INT64_MIN, &rows, failure);
    if (answer == PG_DONE) {
        answer = pg_audit_holds(conn, lane, &rows, failure);
    }
    if (answer == PG_DONE) {
        answer = pg_audit_systems(conn, lane, &rows, failure);
    }
    if (answer == PG_DONE) {
        answer = pg_audit_sales_products(conn, lane, INT64_MIN, &sales, failure);
    }
    if (answer == PG_DONE) {
        answer = pg_audit_sales_subscriptions(conn, lane, &sales, failure);
    }
    return answer == PG_DONE ? pg_audit_sales_buyers(conn, lane, &sales, failure) : answer;
}

enum pg_answer replay_state_compare(struct pg_conn *conn, uint16_t lane,
                                    const struct replay_store *store, struct replay_counts *counts,
                                    struct finding *finding, struct pg_failure *failure) {
    struct state state = {.store = store, .finding = finding};
    const enum pg_answer answer = stream_all(conn, lane, &state, failure);
    if (answer == PG_DONE) {
        check_counts(&state);
    }
    counts->accounts += state.seen.accounts;
    counts->holds += state.seen.holds;
    counts->products += state.seen.products;
    counts->subscriptions += state.seen.subscriptions;
    counts->buyers += state.seen.buyers;
    counts->systems += state.seen.systems;
    return answer;
}
