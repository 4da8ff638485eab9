/* A scripted world: lanes, each between its log and its store. Golden traces and tests of the lane
 * machine tell it what happens, line by line. */
#ifndef TELLER_FAKES_WORLD_H
#define TELLER_FAKES_WORLD_H

#include "common/strbuf.h"

struct world;

struct world *world_new(void);
void world_free(struct world *world);

/* Does what one script line says, and appends the story of it. The lines:
 *   lanes N            start over with N lanes (else there is one)
 *   at MS KEY JSON     a client's record goes into the log of its lane ($N is the id ending in N)
 *   tick MS            a tick leg goes into the log of lane 0
 *   forged MS          a leg with a MAC that is not ours goes there
 *   take [LANE]        the lane is taken and starts from the store; LANE is 0 if not given
 *   run [LANE]         offer what is not offered yet, as much as fits, load, apply; the batch is
 *                      shown
 *   commit [LANE]      the store commits the batch; its legs go into the logs of their lanes
 *   fail [LANE]        the commit fails: the lane begins again from the store
 *   steal [LANE]       another owner takes the lane in the store
 *   settle             run and commit, lane by lane, until no record is left; a lane that gets no
 *                      further (stopped, fenced) is a mistake in the script */
void world_do(struct world *world, const char *line, struct strbuf *story);

#endif
