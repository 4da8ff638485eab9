/* Exact replay: a lane's log from its beginning, into an empty store, in batches of other sizes,
 * leads to the same rows. */
#ifndef TELLER_SIM_REPLAY_H
#define TELLER_SIM_REPLAY_H

#include "tests/sim/sim.h"

void replay_lane(struct sim *sim, uint16_t lane);

#endif
