/* What must be true: of every commit, of everything that is said, and at the end. Failures go to
 * sim_fail. */
#ifndef TELLER_SIM_JUDGE_H
#define TELLER_SIM_JUDGE_H

#include "tests/sim/sim.h"

/* A batch that the store has just committed, and the lane behind it. */
void judge_batch(struct sim *sim, uint16_t lane, const struct batch *batch);

/* An output of a committed batch. */
void judge_output(struct sim *sim, uint16_t lane, const struct batch *batch,
                  const struct output *output);

/* After healing: nothing is pending, unsaid or in flight, and all books agree with the oracle's. */
void judge_end(struct sim *sim);

/* Whether two sets of books say the same; `what` they are, for the failure. Payload hashes are
 * compared only where both have them. */
void judge_books(struct sim *sim, uint16_t lane, const struct memory_store *store,
                 const struct memory_store *other, const char *what);

/* Sums that hold whatever the oracle says: zero sum, stock, caps, shares, versions. */
void judge_sums(struct sim *sim, uint16_t lane);

#endif
