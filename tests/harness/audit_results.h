/* The part of the audit that looks at what clients were told. */
#ifndef TELLER_TESTS_HARNESS_AUDIT_RESULTS_H
#define TELLER_TESTS_HARNESS_AUDIT_RESULTS_H

#include <stdint.h>

#include "tests/harness/ledger.h"
#include "tests/harness/model.h"

/* Every record of the results topic must say what the model says of the record it answers, and
 * every client's record must be answered: waits for the last of them at most timeout_ms. */
void audit_results(const struct ledger *ledger, struct model *model, int64_t timeout_ms);

#endif
