/* Postings: the only place that changes balance, held, stock, sold or version, and it never does so
 * without a journal row and the other side of the money. What moves none of them (state, price,
 * limits, subscriptions) its handler sets, and then calls here for the journal row. */
#ifndef TELLER_CORE_LEDGER_H
#define TELLER_CORE_LEDGER_H

#include "consumer/core/apply.h"

/* A journal row in the making: which step of which command, and how it ended. */
struct step_made {
    struct journal_key key;
    enum command_type type;
    enum outcome outcome;
    const char *detail; /* "" for none */
};

/* The client's own step, and further steps that its command makes in this lane. */
struct step_made ledger_own(const struct turn *turn, int32_t step, enum outcome outcome);

/* The functions below append one row and return what is to be known of it, in its place until the
 * record is closed. */

/* Nothing changes: a refusal, a claim, an answer that was true already. It repeats the state of the
 * account or product; of one that does not exist, its name. */
const struct entry *ledger_note(struct turn *turn, const struct account_slot *slot,
                                const struct step_made *made, const struct ident *counter);
const struct entry *ledger_note_product(struct turn *turn, const struct product_slot *slot,
                                        const struct step_made *made, const struct ident *counter);

/* Applies an effect to an account: one more version, and the other side in effect->role. */
const struct entry *ledger_post(struct turn *turn, struct account_slot *slot,
                                const struct step_made *made, const struct effect *effect);

/* The account's own row changed (opened, closed, frozen): one more version, no money. */
const struct entry *ledger_mark(struct turn *turn, struct account_slot *slot);

/* Money on its way that cannot be credited to its account goes to the lane's @suspense. */
const struct entry *ledger_suspend(struct turn *turn, const struct account_slot *slot,
                                   const struct leg_task *task, const struct step_made *made);

/* What a step does to a product: one more version. */
struct product_effect {
    int64_t stock_delta;
    int64_t sold_delta;
    int64_t price;               /* of one piece; 0: none concerned */
    const struct ident *counter; /* the account that buys; NULL: none */
};

const struct entry *ledger_post_product(struct turn *turn, struct product_slot *slot,
                                        const struct step_made *made,
                                        const struct product_effect *effect);

#endif
