#include "consumer/verbs/verify_products.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/check.h"
#include "consumer/core/allotment.h"
#include "consumer/verbs/verify_sketch.h"

void verify_products_close(struct verify_products *products) {
    free(products->items);
    *products = (struct verify_products){.items = NULL};
}

bool verify_products_is_step(const struct entry *entry) {
    const int32_t step = entry->key.step;
    if (step == STEP_CLIENT) {
        return command_type_is_on_product((enum command_type)entry->type);
    }
    return step == STEP_SELL || step == STEP_CANCEL || step >= STEP_CHUNK;
}

static struct verify_product *find(const struct verify_products *products,
                                   const struct verify_accounts *accounts, int64_t number) {
    const struct followed *followed = verify_accounts_find(accounts, number);
    return followed == NULL || followed->product == 0 ? NULL
                                                      : &products->items[followed->product - 1];
}

bool verify_products_announce(struct verify_products *products, struct verify_accounts *accounts,
                              const struct product *row, struct finding *finding) {
    if (find(products, accounts, row->number) != NULL) {
        return true; /* beyond what was dealt out: it is met again */
    }
    if (verify_accounts_find(accounts, row->number) != NULL) {
        return finding_set(finding, 0, "product %s: its number is an account's", row->id.text);
    }
    struct followed *followed = verify_accounts_place(accounts, row->number, &row->id, finding);
    if (followed == NULL) {
        return false;
    }
    if (products->count == products->room) {
        products->room = 2 * products->room + 16;
        products->items = realloc(products->items, products->room * sizeof *products->items);
        CHECK(products->items != NULL);
    }
    products->items[products->count++] = (struct verify_product){.row = *row};
    followed->product = products->count;
    return true;
}

static uint64_t buyer_of(const struct verify_product *product, const struct ident *account) {
    uint64_t hash = verify_sketch_number(0, product->row.number);
    return product->row.cap_per_account > 0 ? verify_sketch_ident(hash, account) : 0;
}

/* ---- the journal ---- */

static bool check_price(const struct verify_product *product, const struct journal_row *row,
                        struct finding *finding) {
    const struct entry *entry = &row->entry;
    return entry->price == product->price ||
           finding_at(finding, entry, "price %" PRId64 ", but the product's is %" PRId64,
                      entry->price, product->price);
}

/* Sold is never made and stock never lost: only creation and restocking change their sum. */
static bool check_units(const struct journal_row *row, struct finding *finding) {
    const struct entry *entry = &row->entry;
    const bool adds = entry->key.step == STEP_CLIENT && (entry->type == COMMAND_PRODUCT_CREATE ||
                                                         entry->type == COMMAND_PRODUCT_RESTOCK);
    if (adds ? row->held_delta != 0 : (money_wide)entry->amount + row->held_delta != 0) {
        return finding_at(finding, entry, "stock changes by %" PRId64 " and sold by %" PRId64,
                          entry->amount, row->held_delta);
    }
    return (entry->balance >= 0 && entry->held >= 0) ||
           finding_at(finding, entry, "less than nothing in stock, or sold");
}

bool verify_products_step(struct verify_products *products, const struct followed *followed,
                          const struct journal_row *row, struct finding *finding) {
    struct verify_product *product = &products->items[followed->product - 1];
    const struct entry *entry = &row->entry;
    if (product->finalized) {
        return finding_at(finding, entry, "changes a product that was finalized");
    }
    if (!check_units(row, finding)) {
        return false;
    }
    if (entry->key.step == STEP_SELL) {
        product->buyers += (uint64_t)row->held_delta * buyer_of(product, &entry->counter);
        return check_price(product, row, finding);
    }
    if (entry->type == COMMAND_PRODUCT_CREATE || entry->type == COMMAND_PRODUCT_PRICE) {
        product->price = entry->price;
    }
    product->finalized = entry->type == COMMAND_PRODUCT_FINALIZE;
    return true;
}

/* ---- the rows ---- */

static bool differs(const struct verify_product *product, const char *what, int64_t found,
                    int64_t expected, struct finding *finding) {
    return finding_set(finding, 0, "product %s: %s %" PRId64 ", but its journal ends at %" PRId64,
                       product->row.id.text, what, found, expected);
}

static bool check_state(const struct verify_product *product, const struct followed *followed,
                        struct finding *finding) {
    const struct product *row = &product->row;
    if (row->version != followed->version) {
        return differs(product, "version", row->version, followed->version, finding);
    }
    if (row->stock != followed->balance) {
        return differs(product, "stock", row->stock, followed->balance, finding);
    }
    if (row->sold != followed->held) {
        return differs(product, "sold", row->sold, followed->held, finding);
    }
    if (row->price != product->price) {
        return differs(product, "price", row->price, product->price, finding);
    }
    const enum product_state state = product->finalized ? PRODUCT_FINALIZED : PRODUCT_OPEN;
    if (row->state != state) {
        return differs(product, "state", (int64_t)row->state, (int64_t)state, finding);
    }
    return journal_key_equal(&row->last, &followed->last) ||
           finding_set(finding, 0, "product %s: its last key is not that of its last journal row",
                       row->id.text);
}

bool verify_products_row(struct verify_products *products, struct verify_accounts *accounts,
                         const struct product *row, struct finding *finding) {
    struct verify_product *product = find(products, accounts, row->number);
    struct followed *followed = verify_accounts_find(accounts, row->number);
    if (product == NULL || product->row.cap_per_account != row->cap_per_account ||
        product->row.mode != row->mode) {
        return finding_set(finding, 0, "product %s: not there when the journal was read",
                           row->id.text);
    }
    product->row = *row;
    followed->rows++;
    return check_state(product, followed, finding);
}

static bool check_share(struct verify_product *product, const struct subscription *row,
                        struct finding *finding) {
    const struct product *of = &product->row;
    const struct allotment_limit limit = {of->allot_remainder, of->allot_number};
    char id[UUID_TEXT_LEN + 1];
    uuid_format(&row->id, id);
    if (of->allot_total <= 0) {
        return row->state != SUBSCRIPTION_SETTLED ||
               finding_set(finding, 0, "subscription %s is settled, but its product is not", id);
    }
    const int64_t share =
        allotment_share(row->quantity, row->number, of->sold, of->allot_total, &limit);
    product->shares += share;
    return row->state != SUBSCRIPTION_SETTLED || row->allotted == share ||
           finding_set(finding, 0, "subscription %s: %" PRId64 " allotted, its share is %" PRId64,
                       id, row->allotted, share);
}

bool verify_products_subscription(struct verify_products *products,
                                  const struct verify_accounts *accounts,
                                  const struct subscription *row, struct finding *finding) {
    struct verify_product *product = find(products, accounts, row->product_number);
    if (product == NULL) {
        return finding_set(finding, 0,
                           "a subscription of product number %" PRId64 ", which is none",
                           row->product_number);
    }
    product->subscriptions++;
    product->numbers += row->number;
    if (row->state == SUBSCRIPTION_CANCELLED) {
        return true;
    }
    product->subscribed += row->quantity;
    product->buyers += (uint64_t)row->quantity * buyer_of(product, &row->account);
    return check_share(product, row, finding);
}

bool verify_products_buyer(struct verify_products *products, const struct verify_accounts *accounts,
                           const struct buyer *row, struct finding *finding) {
    struct verify_product *product = find(products, accounts, row->product_number);
    if (product == NULL || product->row.cap_per_account == 0) {
        return finding_set(finding, 0, "a buyer of product number %" PRId64 ", which counts none",
                           row->product_number);
    }
    product->buyers -= (uint64_t)row->quantity * buyer_of(product, &row->account);
    return (row->quantity >= 0 && row->quantity <= product->row.cap_per_account) ||
           finding_set(finding, 0, "product %s: %s has %" PRId64 ", the cap is %" PRId64,
                       product->row.id.text, row->account.text, row->quantity,
                       product->row.cap_per_account);
}

/* ---- all together ---- */

static bool check_subscriptions(const struct verify_product *product, struct finding *finding) {
    const struct product *row = &product->row;
    const money_wide count = row->next_subscription - 1;
    if (product->subscribed != row->subscribed) {
        return finding_set(
            finding, 0, "product %s: subscribed %" PRId64 ", but its subscriptions have %" PRId64,
            row->id.text, row->subscribed, (int64_t)product->subscribed);
    }
    if (product->subscriptions != count || 2 * product->numbers != count * (count + 1)) {
        return finding_set(finding, 0,
                           "product %s: its subscriptions are not numbers 1 to %" PRId64,
                           row->id.text, (int64_t)count);
    }
    return row->cap == 0 || row->subscribed <= row->cap ||
           finding_set(finding, 0, "product %s: subscribed %" PRId64 ", the cap is %" PRId64,
                       row->id.text, row->subscribed, row->cap);
}

/* As much as there was, or as was asked for: by largest remainder, so that shares sum exactly. */
static bool check_allotment(const struct verify_product *product, struct finding *finding) {
    const struct product *row = &product->row;
    const bool allotted =
        row->mode == PRODUCT_SUBSCRIPTION && row->state == PRODUCT_FINALIZED && row->subscribed > 0;
    if (row->allot_total != (allotted ? row->subscribed : 0)) {
        return finding_set(finding, 0, "product %s: %" PRId64 " units allotted among %" PRId64,
                           row->id.text, row->subscribed, row->allot_total);
    }
    if (allotted && row->stock > 0 && row->sold < row->subscribed) {
        return finding_set(finding, 0, "product %s: units left over by its allotment",
                           row->id.text);
    }
    return !allotted || product->shares == row->sold ||
           finding_set(finding, 0,
                       "product %s: shares sum to %" PRId64 ", but %" PRId64 " are sold",
                       row->id.text, (int64_t)product->shares, row->sold);
}

bool verify_products_check(const struct verify_products *products, struct finding *finding) {
    for (size_t i = 0; i < products->count; i++) {
        const struct verify_product *product = &products->items[i];
        if (!check_subscriptions(product, finding) || !check_allotment(product, finding)) {
            return false;
        }
        if (product->buyers != 0) {
            return finding_set(finding, 0, "product %s: its buyers are not those of its sales",
                               product->row.id.text);
        }
    }
    return true;
}
