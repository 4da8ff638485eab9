/* The question after every scenario and every fault: is the ledger what the log says it must be? */
#ifndef TELLER_TESTS_HARNESS_AUDIT_H
#define TELLER_TESTS_HARNESS_AUDIT_H

#include <stdint.h>

#include "tests/harness/ledger.h"

/* Waits (at most timeout_ms) until the log is applied to its end and every record that a client
 * sent has a result, then aborts at the first of these that is not true:
 * - `tellerd verify` finds nothing, and `tellerd replay` makes the same ledger of the log;
 * - no money is on its way, and no leg is missing in the log or in it without a reason;
 * - every account, product, outcome and quarantined record is what the reference model makes of the
 *   log, and there is no other;
 * - every result says what the database says, and none answers a record that is not applied.
 * Needs a running worker. Returns the number of commands in the log. */
int64_t audit_ledger(const struct ledger *ledger, int64_t timeout_ms);

#endif
