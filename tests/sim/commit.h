/* Transactions of the simulation, at once or under way while the lane goes on, with everything that
 * may become of them: they fail, are fenced, or lose their answer, or the worker dies. */
#ifndef TELLER_SIM_COMMIT_H
#define TELLER_SIM_COMMIT_H

#include "tests/sim/sim.h"

/* Commits the batch that is ready, or launches it. */
void commit_batch(struct sim *sim, struct actor *actor, uint16_t lane);

/* True while a batch is under way or not yet published. */
bool commit_is_open(const struct seat *seat);

/* Waits for what is under way and publishes it. False: the lane is lost, or the worker dead. */
bool commit_finish(struct sim *sim, struct actor *actor, uint16_t lane);

#endif
