/* A scripted world: a log, a store, and one lane between them. Golden traces and tests of the lane
 * machine tell it what happens, line by line. */
#ifndef TELLER_FAKES_WORLD_H
#define TELLER_FAKES_WORLD_H

#include "common/strbuf.h"

struct world;

struct world *world_new(void);
void world_free(struct world *world);

/* Does what one script line says, and appends the story of it. The lines:
 *   at MS KEY JSON     a client's record is appended to the log ($N in JSON is the id ending in N)
 *   tick MS            a tick leg is appended
 *   forged MS KEY JSON a record with a leg envelope that nobody signed
 *   take               the lane is taken and starts from the store
 *   run                offer all that is not offered yet, load, apply; the batch is shown
 *   commit             the store commits the batch
 *   fail               the commit fails: the lane begins again from the store
 *   steal              another owner takes the lane in the store */
void world_do(struct world *world, const char *line, struct strbuf *story);

#endif
