/* What somebody with a superuser's hands may do to a ledger: every edit is made in a copy of the
 * same database, and must be found there by a verb of tellerd. */
#ifndef TELLER_TESTS_HARNESS_EDITED_H
#define TELLER_TESTS_HARNESS_EDITED_H

#include <stddef.h>

#include "tests/harness/ledger.h"

struct edit {
    const char *what;
    const char *sql;
    const char *named; /* must be in the report */
};

/* Makes each edit in turn and expects the verb ("verify", "replay") to end with 1 and to name it.
 * Nobody but ledger->db may be connected to the ledger's database. */
void edited_expect_found(struct ledger *ledger, const char *verb, const struct edit *edits,
                         size_t count);

#endif
