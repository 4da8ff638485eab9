/* Postings: the only place that changes a row, and it never does so without its journal row and the
 * other side of the money. */
#ifndef TELLER_CORE_LEDGER_H
#define TELLER_CORE_LEDGER_H

#include "consumer/core/apply.h"

/* The key of the client's own step, and of other steps that this lane begins. */
struct journal_key ledger_key(const struct turn *turn, int32_t step);

/* A row that changes nothing: a refusal, a claim, an answer that was true already. It repeats the
 * state of the account. */
struct journal_row *ledger_note(struct turn *turn, const struct journal_key *key,
                                enum outcome outcome, const char *detail);

/* Applies an effect to an account: one row, one more version, and the other side at @world. */
void ledger_post(struct turn *turn, struct account_slot *slot, const struct journal_key *key,
                 enum command_type type, const struct effect *effect);

/* The account's own row changed (opened, closed, frozen): one row, one more version, no money. */
void ledger_mark(struct turn *turn, struct account_slot *slot);

#endif
