/* The writer's transaction under way: while the committer runs it, the writer reads, decodes and
 * applies what comes next, on top of it (lane_flight.h). At most one is under way; a load, a lane
 * that leaves, and everything else that asks what is true wait for its end.
 *
 * Only worth it with much to do: with little, the wait for the other thread costs more than is
 * won. */
#ifndef TELLER_RUNTIME_FLIGHT_H
#define TELLER_RUNTIME_FLIGHT_H

#include <stdbool.h>

#include "consumer/runtime/desk.h"

/* Commits the batches that are ready, as soon as the transaction before has ended well. True: they
 * were launched, and the records in desk->caught with them. False: nothing is under way, and the
 * batches that are still there are to be committed otherwise. */
bool flight_launch(struct desk *desk);

/* Waits for the end of what is under way, and publishes it. Lanes that failed have left. */
void flight_finish(struct desk *desk);

#endif
