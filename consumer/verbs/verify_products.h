/* What a lane sells: every product against its journal, its subscriptions and its buyers.
 *
 * A product is followed through the journal like an account (verify_accounts: balance is its
 * stock, held what is sold); here is what an account does not have. Memory is about 400 bytes
 * per product. Quantities of subscriptions are in the journal of their account's lane:
 * verify_case looks there. */
#ifndef TELLER_VERBS_VERIFY_PRODUCTS_H
#define TELLER_VERBS_VERIFY_PRODUCTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/sale_rows.h"
#include "consumer/verbs/verify_accounts.h"
#include "consumer/verbs/verify_finding.h"

struct verify_product {
    struct product row; /* as announced, then as in the snapshot */
    int64_t price;      /* by the journal */
    bool finalized;     /* likewise */
    int64_t subscriptions;
    money_wide numbers;    /* sum of their numbers */
    money_wide subscribed; /* units of those that were not cancelled */
    money_wide shares;     /* what they get, or got, of an allotment */
    uint64_t buyers;       /* sketch: units by journal and subscriptions, less those of the rows */
};

struct verify_products {
    struct verify_product *items;
    size_t count;
    size_t room;
};

void verify_products_close(struct verify_products *products);

/* Before its first journal row. */
bool verify_products_announce(struct verify_products *products, struct verify_accounts *accounts,
                              const struct product *row, struct finding *finding);

/* A journal row that moves the product, whose chain and sums are right. */
bool verify_products_step(struct verify_products *products, const struct followed *followed,
                          const struct journal_row *row, struct finding *finding);

/* Rows of one snapshot, after the whole journal: all products, then the others. */
bool verify_products_row(struct verify_products *products, struct verify_accounts *accounts,
                         const struct product *row, struct finding *finding);
bool verify_products_subscription(struct verify_products *products,
                                  const struct verify_accounts *accounts,
                                  const struct subscription *row, struct finding *finding);
bool verify_products_buyer(struct verify_products *products, const struct verify_accounts *accounts,
                           const struct buyer *row, struct finding *finding);

/* Afterwards. */
bool verify_products_check(const struct verify_products *products, struct finding *finding);

/* True for steps that are about a product, where account_number is the product's. */
bool verify_products_is_step(const struct entry *entry);

#endif
