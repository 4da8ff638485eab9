/* What follows from the answer to a transaction: lanes whose batch is durable publish it; the
 * others leave the desk, and only a new take says where they stand. */
#ifndef TELLER_RUNTIME_SETTLE_H
#define TELLER_RUNTIME_SETTLE_H

#include <stdbool.h>
#include <stddef.h>

#include "consumer/runtime/desk.h"

/* The answer to the transaction with these parts: desk->parts, or desk->away_parts of batches that
 * were launched. Batches in hand that needed no transaction are settled with the former. On
 * PG_FENCED and PG_REFUSED the lanes are committed one by one, so that only the one that fails
 * alone is lost. Those that are durable are published at once, or if they were launched have
 * landed. */
void settle_answer(struct desk *desk, const struct parts *parts, enum pg_answer answer,
                   const struct pg_failure *failure);

/* Publishes what has landed. False: outputs of some lanes could not be sent; those are unsent. */
bool settle_landed(struct desk *desk);

/* Those leave; none of them may have a batch under way. */
void settle_all_unsent(struct desk *desk);

/* Lanes that have stopped leave; no batch of theirs may be open. */
void settle_stopped(struct desk *desk);

/* Outputs of the lane were not sent, or the broker will not have them: the lane goes back, and its
 * next tenure sends them again. */
void settle_unsent(struct desk *desk, struct held *held);

/* Loading failed, or there is no connection: all lanes go back. */
void settle_failed(struct desk *desk, const struct pg_failure *failure);

#endif
