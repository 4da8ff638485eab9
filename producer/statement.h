/* Accounts, their histories, and products, for people, pipes and programs: what `teller balance`,
 * `teller history` and `teller product` print. */
#ifndef TELLER_PRODUCER_STATEMENT_H
#define TELLER_PRODUCER_STATEMENT_H

#include "common/ident.h"
#include "producer/query.h"
#include "producer/render.h"

struct libscols_table;

struct statement {
    struct render *render;
    const struct ident *account;
    const struct asset *currency;
    struct libscols_table *table; /* of the text form; NULL in the others */
};

/* Prints one account. */
void statement_account(struct render *render, const struct ident *account,
                       const struct query_account *found);

/* Prints one product: what `teller product` shows. */
void statement_product(struct render *render, const struct ident *product,
                       const struct query_product *found);

/* Begins a list; what is given is borrowed until statement_close, which prints a table. */
void statement_init(struct statement *statement, struct render *render, const struct ident *account,
                    const struct asset *currency);
void statement_close(struct statement *statement);

/* Adds one entry; `context` is a struct statement. */
void statement_add(void *context, const struct query_entry *entry);

#endif
