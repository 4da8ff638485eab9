/* Accounts and their histories for people, pipes and programs: what `teller balance` and
 * `teller history` print. */
#ifndef TELLER_PRODUCER_ENTRIES_H
#define TELLER_PRODUCER_ENTRIES_H

#include "common/ident.h"
#include "producer/query.h"
#include "producer/render.h"

struct libscols_table;

struct entries {
    struct render *render;
    const struct ident *account;
    const struct asset *currency;
    struct libscols_table *table; /* of the text form; NULL in the others */
};

/* Prints one account. */
void entries_account(struct render *render, const struct ident *account,
                     const struct query_account *found);

/* Begins a list; what is given is borrowed until entries_close, which prints a table. */
void entries_init(struct entries *entries, struct render *render, const struct ident *account,
                  const struct asset *currency);
void entries_close(struct entries *entries);

/* Adds one entry; `context` is a struct entries. */
void entries_add(void *context, const struct query_entry *entry);

#endif
