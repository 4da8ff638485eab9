/* One round of a writer: take what is queued, let the lanes apply it, commit, publish.
 *
 *   round_read     records from Kafka, what the source has to report
 *   round_offer    to the lanes, each taking what fits into its batch
 *   round_apply    load what they want, apply
 *   round_commit   one transaction for all lanes' batches
 *   flight_launch  instead of it, in a large round: begins the transaction and does not wait
 *   settle_*       after the answer: publish, or give lanes back (settle.h)
 *
 * A lane that fails leaves the desk; the others go on. */
#ifndef TELLER_RUNTIME_ROUND_H
#define TELLER_RUNTIME_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/runtime/desk.h"

/* Waits up to timeout_ms for a first record (not at all with a launch under way), and works until
 * all that came with it is committed, launched or given back. What is launched is settled by a
 * later round, or by flight_finish, which waits for it. False: the source is dead and no lane is
 * held any more: desk_renew_source. */
bool round_run(struct desk *desk, int timeout_ms);

#endif
