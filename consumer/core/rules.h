/* The rules of money: what a command may do to an account and its holds. Pure functions of rows;
 * they decide and change nothing. An answer other than OUTCOME_APPLIED refuses, and where
 * several rules refuse, the one that stands first in common/outcome.h is the answer.
 *
 * Rules about amounts apply only where there is an amount to move: a hold that is over, or a
 * command that was reversed before, has none left. */
#ifndef TELLER_CORE_RULES_H
#define TELLER_CORE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/accounts.h"
#include "consumer/core/holds.h"

/* What a step does to an account. */
struct effect {
    int64_t amount;              /* change of balance */
    int64_t held_delta;          /* change of held */
    enum system_role role;       /* the lane's own account on the other side of the amount */
    const struct ident *counter; /* the account behind it; NULL: none */
    struct hold_slot *ends;      /* the hold that is over by it; NULL: none */
    enum hold_state ends_as;
    bool makes_hold; /* of held_delta, under the command's id */
    enum hold_kind hold_kind;
    int64_t hold_expires_at_ms;
    int64_t price; /* of one piece, where a product is concerned; 0: none */
};

/* balance - held - floor: what may leave. Never overflows, see rule_add. */
int64_t rule_available(const struct account *account);

/* Whether an account takes this command at all: it exists, is not closed, and is not frozen or the
 * command is one that goes on when frozen. */
enum outcome rule_standing(const struct account_slot *slot, enum command_type type);

/* Whether currency and expected version, where given, are the account's. */
enum outcome rule_agreement(const struct account *account, const struct command *command);

/* `overflow` is for what 64 bits cannot hold; the default ceiling is no ceiling. */
enum outcome rule_add(const struct account *account, int64_t amount, struct effect *effect);
enum outcome rule_take(const struct account *account, int64_t amount, struct effect *effect);
enum outcome rule_hold(const struct account *account, int64_t amount, int64_t expires_at_ms,
                       struct effect *effect);

/* Money that returns or settles is not refused: neither freeze nor ceiling apply. False: it cannot
 * be credited (no such account, closed, another currency, overflow) and goes to @suspense. */
bool rule_must_add(const struct account_slot *slot, const struct asset *currency, int64_t amount,
                   struct effect *effect);

/* The hold that a client names, at this lane time. `hold` may be SLOT_MISSING. */
enum outcome rule_hold_standing(const struct account *account, const struct hold_slot *hold,
                                int64_t at_ms);

/* amount 0: all of the hold. The rest of a partial capture is released. */
enum outcome rule_capture(struct hold_slot *hold, int64_t amount, struct effect *effect);
void rule_release(struct hold_slot *hold, enum hold_state ends_as, struct effect *effect);

/* The lane time at which a hold made now ends; HOLD_NEVER for 0 seconds. */
int64_t rule_expiry(int64_t at_ms, int32_t expires_in_s);

#endif
