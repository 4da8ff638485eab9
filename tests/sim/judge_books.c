/* Books against books, and books against arithmetic. */
#include <string.h>

#include "tests/sim/judge.h"

struct comparison {
    struct sim *sim;
    uint16_t lane;
    const char *what;
    const struct memory_store *a;
    const struct memory_store *b;
};

static void differ(const struct comparison *c, const char *kind, size_t index) {
    sim_fail(c->sim, "lane %u: %s %zu is not as in %s", c->lane, kind, index, c->what);
}

static bool same_entry(const struct entry *a, const struct entry *b) {
    static const uint8_t none[COMMAND_HASH_LEN];
    bool hashes =
        memcmp(a->hash, none, sizeof none) != 0 && memcmp(b->hash, none, sizeof none) != 0;
    return journal_key_equal(&a->key, &b->key) && a->log_offset == b->log_offset &&
           a->type == b->type && a->outcome == b->outcome && strcmp(a->detail, b->detail) == 0 &&
           a->account_number == b->account_number && a->amount == b->amount &&
           a->balance == b->balance && a->held == b->held && a->version == b->version &&
           a->at_ms == b->at_ms && a->price == b->price && ident_equal(&a->counter, &b->counter) &&
           (!hashes || memcmp(a->hash, b->hash, sizeof a->hash) == 0);
}

static bool same_row(const struct journal_row *a, const struct journal_row *b) {
    return same_entry(&a->entry, &b->entry) && a->held_delta == b->held_delta &&
           a->counter_role == b->counter_role && a->counter_number == b->counter_number &&
           a->has_previous == b->has_previous &&
           (!a->has_previous || journal_key_equal(&a->previous, &b->previous));
}

static void compare_journals(const struct comparison *c) {
    const struct memory_store *a = c->a;
    const struct memory_store *b = c->b;
    if (a->journal_count != b->journal_count) {
        sim_fail(c->sim, "lane %u has %zu rows, %s %zu", c->lane, a->journal_count, c->what,
                 b->journal_count);
        return;
    }
    for (size_t i = 0; i < a->journal_count; i++) {
        if (!same_row(&a->journal[i], &b->journal[i]) ||
            !ident_equal(&a->texts[i].account, &b->texts[i].account) ||
            !asset_equal(&a->texts[i].asset, &b->texts[i].asset)) {
            sim_tell(c->sim, "%lld %s against %lld %s\n", (long long)a->journal[i].entry.log_offset,
                     outcome_word(a->journal[i].entry.outcome),
                     (long long)b->journal[i].entry.log_offset,
                     outcome_word(b->journal[i].entry.outcome));
            differ(c, "row", i);
            return;
        }
    }
}

static bool same_account(const struct account *a, const struct account *b) {
    return a->number == b->number && ident_equal(&a->id, &b->id) &&
           asset_equal(&a->currency, &b->currency) && a->balance == b->balance &&
           a->held == b->held && a->floor == b->floor && a->ceiling == b->ceiling &&
           a->version == b->version && a->state == b->state &&
           journal_key_equal(&a->last, &b->last);
}

static bool same_hold(const struct hold *a, const struct hold *b) {
    return uuid_equal(&a->id, &b->id) && a->origin == b->origin &&
           a->account_number == b->account_number && a->amount == b->amount &&
           a->expires_at_ms == b->expires_at_ms && a->state == b->state && a->kind == b->kind;
}

/* What finalize leaves for itself is its own business: the shares that follow are compared. */
static bool same_product(const struct product *a, const struct product *b) {
    return a->number == b->number && ident_equal(&a->id, &b->id) &&
           asset_equal(&a->currency, &b->currency) && ident_equal(&a->seller, &b->seller) &&
           a->price == b->price && a->stock == b->stock && a->sold == b->sold &&
           a->subscribed == b->subscribed && a->cap == b->cap &&
           a->cap_per_account == b->cap_per_account &&
           a->next_subscription == b->next_subscription && a->version == b->version &&
           a->mode == b->mode && a->state == b->state && a->allot_total == b->allot_total &&
           journal_key_equal(&a->last, &b->last);
}

static bool same_subscription(const struct subscription *a, const struct subscription *b) {
    return uuid_equal(&a->id, &b->id) && a->origin == b->origin && a->number == b->number &&
           a->product_number == b->product_number && ident_equal(&a->account, &b->account) &&
           a->quantity == b->quantity && a->price == b->price && a->allotted == b->allotted &&
           a->state == b->state;
}

static bool same_buyer(const struct buyer *a, const struct buyer *b) {
    return a->product_number == b->product_number && ident_equal(&a->account, &b->account) &&
           a->quantity == b->quantity;
}

/* Every row of one list is in the other, which is as long. */
#define COMPARE(c, name, same)                                                                     \
    do {                                                                                           \
        bool all = (c)->a->name##_count == (c)->b->name##_count;                                   \
        for (size_t i = 0; all && i < (c)->a->name##_count; i++) {                                 \
            bool found = false;                                                                    \
            for (size_t j = 0; !found && j < (c)->b->name##_count; j++) {                          \
                found = same(&(c)->a->name[i], &(c)->b->name[j]);                                  \
            }                                                                                      \
            if (!found) {                                                                          \
                differ((c), #name, i);                                                             \
                all = false;                                                                       \
            }                                                                                      \
        }                                                                                          \
        if ((c)->a->name##_count != (c)->b->name##_count) {                                        \
            differ((c), "number of " #name, (c)->a->name##_count);                                 \
        }                                                                                          \
    } while (0)

static money_wide system_sum(const struct memory_store *store, const struct system_change *of) {
    for (size_t i = 0; i < store->systems_count; i++) {
        if (store->systems[i].role == of->role &&
            asset_equal(&store->systems[i].asset, &of->asset)) {
            return store->systems[i].delta;
        }
    }
    return 0;
}

static void compare_systems(const struct comparison *c) {
    for (size_t i = 0; i < c->a->systems_count; i++) {
        if (system_sum(c->b, &c->a->systems[i]) != c->a->systems[i].delta) {
            differ(c, "system account", i);
        }
    }
    for (size_t i = 0; i < c->b->systems_count; i++) {
        if (system_sum(c->a, &c->b->systems[i]) != c->b->systems[i].delta) {
            differ(c, "system account", i);
        }
    }
}

void judge_books(struct sim *sim, uint16_t lane, const struct memory_store *store,
                 const struct memory_store *other, const char *what) {
    const struct comparison comparison = {sim, lane, what, store, other};
    const struct comparison *c = &comparison;
    compare_journals(c);
    COMPARE(c, accounts, same_account);
    COMPARE(c, holds, same_hold);
    COMPARE(c, products, same_product);
    COMPARE(c, subscriptions, same_subscription);
    COMPARE(c, buyers, same_buyer);
    compare_systems(c);
}

/* ---- arithmetic ---- */

static bool sums_to_zero(const struct memory_store *store, const struct asset *asset) {
    money_wide sum = 0;
    for (size_t i = 0; i < store->accounts_count; i++) {
        const struct account *row = &store->accounts[i];
        sum += asset_equal(&row->currency, asset) ? row->balance : 0;
    }
    for (size_t i = 0; i < store->systems_count; i++) {
        const struct system_change *row = &store->systems[i];
        sum += asset_equal(&row->asset, asset) ? row->delta : 0;
    }
    return sum == 0;
}

/* Balance and version are what the account's own rows add up to. */
static bool account_adds_up(const struct memory_store *store, const struct account *account) {
    money_wide balance = 0;
    money_wide held = 0;
    int64_t versions = 0;
    int64_t sum = 0; /* of 1 .. versions, if none is missing or there twice */
    for (size_t i = 0; i < store->journal_count; i++) {
        const struct journal_row *row = &store->journal[i];
        if (row->entry.account_number != account->number) {
            continue;
        }
        balance += row->entry.amount;
        held += row->held_delta;
        bool chained = row->has_previous || row->entry.type == COMMAND_ACCOUNT_OPEN;
        bool counts =
            row->entry.outcome == OUTCOME_APPLIED || row->entry.outcome == OUTCOME_PENDING;
        versions += chained && counts;
        sum += chained && counts ? row->entry.version : 0;
    }
    return balance == account->balance && held == account->held && versions == account->version &&
           sum == versions * (versions + 1) / 2 && account->held >= 0 &&
           balance - held >= account->floor;
}

/* Stock and sold are what its rows add up to, and nobody has more than he may. */
static bool product_adds_up(const struct memory_store *store, const struct product *product) {
    int64_t made = 0;
    int64_t stock = 0;
    int64_t subscribed = 0;
    int64_t allotted = 0;
    bool is_settled = product->allot_total > 0;
    for (size_t i = 0; i < store->journal_count; i++) {
        const struct entry *entry = &store->journal[i].entry;
        bool own = entry->account_number == product->number;
        bool makes =
            entry->type == COMMAND_PRODUCT_CREATE || entry->type == COMMAND_PRODUCT_RESTOCK;
        stock += own ? entry->amount : 0;
        made += own && makes ? entry->amount : 0;
    }
    for (size_t i = 0; i < store->subscriptions_count; i++) {
        const struct subscription *row = &store->subscriptions[i];
        bool own = row->product_number == product->number;
        subscribed += own && row->state != SUBSCRIPTION_CANCELLED ? row->quantity : 0;
        allotted += own ? row->allotted : 0;
        is_settled = is_settled && !(own && row->state == SUBSCRIPTION_OPEN);
    }
    for (size_t i = 0; i < store->buyers_count; i++) {
        const struct buyer *row = &store->buyers[i];
        if (row->product_number == product->number && row->quantity > product->cap_per_account) {
            return false;
        }
    }
    return stock == product->stock && product->stock + product->sold == made &&
           subscribed == product->subscribed && (product->cap == 0 || subscribed <= product->cap) &&
           (!is_settled || allotted == product->sold);
}

void judge_sums(struct sim *sim, uint16_t lane) {
    const struct memory_store *store = &sim->stores[lane];
    for (size_t i = 0; i < store->systems_count; i++) {
        if (!sums_to_zero(store, &store->systems[i].asset)) {
            sim_fail(sim, "lane %u has made or lost %s", lane, store->systems[i].asset.text);
        }
    }
    for (size_t i = 0; i < store->accounts_count; i++) {
        if (!account_adds_up(store, &store->accounts[i])) {
            sim_fail(sim, "lane %u: %s is not the sum of its rows", lane,
                     store->accounts[i].id.text);
        }
    }
    for (size_t i = 0; i < store->products_count; i++) {
        if (!product_adds_up(store, &store->products[i])) {
            sim_fail(sim, "lane %u: %s does not add up", lane, store->products[i].id.text);
        }
    }
}
