/* Records of clients that were quarantined in a row. No client can stop a lane, however much it
 * sends that nobody understands; but somebody has to look, so a long streak is an alarm ("Not
 * ready" in docs/operations.md). Legs do not count, since workers write them; forged ones do.
 * Nothing is kept: a worker that starts counts anew. */
#ifndef TELLER_RUNTIME_STREAK_H
#define TELLER_RUNTIME_STREAK_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/batch.h"
#include "consumer/runtime/board.h"

#define STREAK_ALARM 20 /* records: from here on it is an alarm */

/* The streak after a batch that is durable, if it was `before` ahead of it. What the batch only
 * answers again was counted when it was applied. */
uint64_t streak_after(const struct batch *batch, uint64_t before);

/* Counts the batch for its lane, and says when an alarm begins or ends. The thread that holds the
 * lane. */
void streak_note(struct board *board, const struct batch *batch);

/* The lane is not ours any more: so is its streak. */
void streak_end(struct board *board, uint16_t lane);

/* Any thread. */
bool streak_alarm(const struct board_lane *lane);

#endif
