/* Single needs: is it in memory? If not, it is asked for, in lane->wants. */
#ifndef TELLER_CORE_NEED_H
#define TELLER_CORE_NEED_H

#include "consumer/core/apply.h"

enum gather {
    GATHER_READY,
    GATHER_WANTS, /* something was asked for: in lane->wants */
    GATHER_FULL,  /* the record belongs into the next batch */
};

/* Each answers GATHER_READY or GATHER_WANTS. */
enum gather need_account(struct lane *lane, const struct ident *id);
enum gather need_product(struct lane *lane, const struct ident *id);
enum gather need_hold(struct lane *lane, const struct uuid *id);
enum gather need_subscription(struct lane *lane, const struct subscription_key *key);
enum gather need_buyer(struct lane *lane, const struct buyer_key *key);
enum gather need_key(struct lane *lane, const struct journal_key *key);
enum gather need_reversed(struct lane *lane, const struct reversed *reversed);

/* The first that is not ready. */
enum gather need_both(enum gather a, enum gather b);

/* Everything that a step needs, with the steps that follow from it in this lane. `resend`: it
 * was applied before; only keys are asked for. `here`: an earlier step of this record makes its
 * hold. */
enum gather need_task(struct lane *lane, const struct leg_task *task, bool resend, bool here);

#endif
