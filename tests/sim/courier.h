/* What workers publish, on its way to the broker: late, out of order between partitions, twice, or
 * never when the worker dies first. Acknowledgements move the seat's published offset. */
#ifndef TELLER_SIM_COURIER_H
#define TELLER_SIM_COURIER_H

#include "tests/sim/sim.h"

/* A new tenure: marks of the old one count no more. */
void courier_begin(struct seat *seat, int64_t published);

void courier_post(struct sim *sim, struct seat *seat, const struct batch *batch,
                  const struct output *output);

/* All outputs of records below `offset` have been posted. */
void courier_mark(struct seat *seat, int64_t offset);

/* Sends one. False: nothing waits. */
bool courier_deliver(struct sim *sim, struct seat *seat, uint16_t lane);

/* A tick to the lane itself. */
void courier_tick(struct sim *sim, uint16_t lane);

#endif
