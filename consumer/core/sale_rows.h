/* The rows of products and of what is sold: see rows.h, and schemas/db for the same in SQL. */
#ifndef TELLER_CORE_SALE_ROWS_H
#define TELLER_CORE_SALE_ROWS_H

#include "consumer/core/rows.h"

enum product_state { PRODUCT_OPEN = 1, PRODUCT_FINALIZED = 2 };

/* stock + sold = everything that was ever created and restocked. */
struct product {
    int64_t number; /* within the lane, from the same sequence as accounts */
    struct ident id;
    struct asset currency;
    struct ident seller;       /* len 0: the @sales of the buyer's lane */
    int64_t price;             /* minor units of one piece */
    int64_t stock;             /* units that can be sold or allotted */
    int64_t sold;              /* units; of a subscription: allotted */
    int64_t subscribed;        /* units of open subscriptions */
    int64_t cap;               /* of subscribed; 0: none */
    int64_t cap_per_account;   /* 0: none */
    int64_t next_subscription; /* number that the next one gets; from 1 */
    int64_t version;           /* steps that changed this row; from 1 */
    enum product_mode mode;
    enum product_state state;
    /* Set when a subscription is finalized. The share of a subscription is its quantity * sold /
     * allot_total, rounded down, plus one if its remainder is above allot_remainder, or equal to it
     * and its number is at most allot_number. */
    int64_t allot_total;
    int64_t allot_remainder;
    int64_t allot_number;
    struct journal_key last; /* the journal row that made this version */
};

enum subscription_state {
    SUBSCRIPTION_OPEN = 1,
    SUBSCRIPTION_CANCELLED = 2,
    SUBSCRIPTION_SETTLED = 3,
};

/* In the product's lane. */
struct subscription {
    struct uuid id; /* the command that made it */
    uint16_t origin;
    int64_t number; /* order of acceptance within the product; from 1 */
    int64_t product_number;
    struct ident account;
    int64_t quantity;
    int64_t price;    /* of one piece, fixed when it was accepted */
    int64_t allotted; /* units, once settled */
    enum subscription_state state;
};

/* Units that one account has of a product; kept where the product has a cap per account. */
struct buyer {
    int64_t product_number;
    struct ident account;
    int64_t quantity;
};

#endif
