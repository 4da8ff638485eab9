/* A worker of the simulation: does with a lane machine what the runtime's writers do, and
 * everything that may happen to them on the way. */
#ifndef TELLER_SIM_ACTOR_H
#define TELLER_SIM_ACTOR_H

#include "tests/sim/sim.h"

/* The process begins: nothing is held. */
void actor_start(struct sim *sim, struct actor *actor);

/* Dies: what was fetched, applied or not yet said is gone. */
void actor_crash(struct sim *sim, struct actor *actor);

/* Has lost the lane: what is in memory of it counts no more. */
void actor_leave(struct sim *sim, struct actor *actor, uint16_t lane, const char *why);

/* Takes the lane from whoever holds it. */
void actor_take(struct sim *sim, struct actor *actor, uint16_t lane);

/* Goes on with a lane in hand, by one thing. */
void actor_step(struct sim *sim, struct actor *actor, uint16_t lane);

/* Sends something that waits to be said. False: there is nothing. */
bool actor_deliver(struct sim *sim, struct actor *actor, uint16_t lane);

#endif
