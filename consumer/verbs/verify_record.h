/* The journal rows of one record of the log, against where their accounts stood before it. */
#ifndef TELLER_VERBS_VERIFY_RECORD_H
#define TELLER_VERBS_VERIFY_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "consumer/core/rows.h"
#include "consumer/verbs/verify_accounts.h"
#include "consumer/verbs/verify_finding.h"
#include "consumer/verbs/verify_products.h"

/* Where everything stands. */
struct verify_books {
    struct verify_accounts *accounts;
    struct verify_products *products;
};

/* All rows of one record, in any order (they are sorted here): each account's versions go up one by
 * one and point to the row before, every balance is the one before plus the amount, held likewise,
 * and rows that change nothing repeat the state at their version. Products likewise. Moves them. */
bool verify_record(const struct verify_books *books, const struct journal_row **rows, size_t count,
                   struct finding *finding);

#endif
