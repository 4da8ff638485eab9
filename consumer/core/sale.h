/* The product's side of a sale, and the account's side of its settlement: single steps of sagas,
 * each posting one row and returning what is to be known of it. */
#ifndef TELLER_CORE_SALE_H
#define TELLER_CORE_SALE_H

#include "consumer/core/apply.h"

/* Sells or reserves units, or refuses. */
const struct entry *sale_sell(struct turn *turn, const struct leg_task *task);

/* Cancels a subscription, or refuses. */
const struct entry *sale_cancel(struct turn *turn, const struct leg_task *task);

/* Ends the hold of a purchase or subscription: captures the amount, releases the rest. */
const struct entry *sale_settle(struct turn *turn, const struct leg_task *task);

/* Fixes the share of an open subscription. Nothing is posted: the product has given the units away
 * when it was finalized, and the account's lane posts the money. */
void sale_allot(struct turn *turn, const struct product *product, struct subscription_slot *slot);

#endif
