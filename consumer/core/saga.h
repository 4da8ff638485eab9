/* Multi-lane commands: which step follows from which.
 *
 * Each lane changes only its own rows; a step asks for the next one by a leg. A step for the own
 * lane is taken at once, in the same record, so that with one partition every command ends where it
 * began; allotments alone always go by way of the log, chunk by chunk.
 *
 *   transfer, capture with `to`, reverse of a transfer:  0 -> CREDIT [-> RETURN if refused]
 *   purchase:     0 -> SELL -> SETTLE [-> CREDIT of the seller]
 *   subscribe:    0 -> SELL [-> SETTLE if refused]
 *   unsubscribe:  0 -> CANCEL [-> SETTLE of the subscription]
 *   finalize:     0 -> CHUNK -> CHUNK ...; each: SETTLE [-> CREDIT] per subscription
 *
 * The same functions answer a record again after a crash: then every step of it is in the journal
 * already, nothing is posted, and the same legs and answers come out. */
#ifndef TELLER_CORE_SAGA_H
#define TELLER_CORE_SAGA_H

#include "consumer/core/apply.h"

/* The first leg of a client's command whose own row is `own`. False: there is none. */
bool saga_first(const struct turn *turn, const struct entry *own, struct leg_task *task);

/* The step, in whichever lane, that alone can end a command of that type (an enum command_type) as
 * applied; where it refuses, the money must come back first. */
int32_t saga_deciding_step(int type);

/* Takes turn->next and what follows from it, as far as it lies in this lane; sends the rest. */
void saga_run(struct turn *turn);

/* Takes a leg that was read from the log. A leg that was taken before does nothing. */
void saga_take(struct turn *turn);

#endif
