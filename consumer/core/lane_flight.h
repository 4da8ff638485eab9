/* A batch on its way: its transaction runs while the lane takes and applies what comes next.
 *
 *   lane_apply, lane_launch            batch 1 is written by whoever has been given it
 *   lane_offer ... lane_apply          batch 2, on top of what batch 1 will write
 *   lane_landed                        batch 1 is durable
 *   lane_launch                        batch 2 is written
 *   lane_landed_batch, lane_released   batch 1 is answered, and its memory free for batch 3
 *
 * Nothing can be loaded while a batch is on its way, since the database does not know its rows yet:
 * who finds rows missing waits for the landing and releases first. A failure takes everything
 * along, as lane_begin does. */
#ifndef TELLER_CORE_LANE_FLIGHT_H
#define TELLER_CORE_LANE_FLIGHT_H

#include "consumer/core/lane.h"

/* True when lane_launch may be called instead of lane_committed: the batch changes something and
 * covers all of the backlog, and no other one is on its way. */
bool lane_may_launch(const struct lane *lane);

/* The transaction begins, with the batch that is returned and stays there until it is released or
 * another one is launched. The lane takes records again, on top of what will be written: at once,
 * or once the batch that landed before is released. */
const struct batch *lane_launch(struct lane *lane);

/* The batch that was launched is durable. If it failed, so did all that came after: lane_begin. */
void lane_landed(struct lane *lane);

/* What landed, until its outputs are sent and it is released; NULL: nothing. */
const struct batch *lane_landed_batch(const struct lane *lane);
void lane_released(struct lane *lane);

#endif
