/* What follows from the answer to a transaction (design §7): lanes whose batch is durable publish
 * it; the others leave the desk, and only a new take says where they stand. */
#ifndef TELLER_RUNTIME_SETTLE_H
#define TELLER_RUNTIME_SETTLE_H

#include <stdbool.h>
#include <stddef.h>

#include "consumer/runtime/desk.h"

/* The answer to the transaction with the first `parts` of desk->parts. Batches that needed no
 * transaction are settled with it. On PG_FENCED and PG_REFUSED the lanes are committed one by one,
 * so that only the one that fails alone is lost. */
void settle_answer(struct desk *desk, enum pg_answer answer, size_t parts,
                   const struct pg_failure *failure);

/* Lanes that have stopped leave; no batch may be open. */
void settle_stopped(struct desk *desk);

/* Loading failed, or there is no connection: all lanes go back. */
void settle_failed(struct desk *desk, const struct pg_failure *failure);

#endif
