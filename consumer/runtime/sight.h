/* Whether the lanes in a writer's hands can still be read. The client tells of trouble, a broker
 * that is gone or a right that was taken away, but never that it is over, and an idle lane is as
 * silent as a dead broker. So a lane in doubt is read anew from where it stands: the broker's first
 * answer to that, a record or the word that there is none, ends the doubt. A doubt that lasts is
 * shown (not ready); one that a passing disconnect raises is over before. */
#ifndef TELLER_RUNTIME_SIGHT_H
#define TELLER_RUNTIME_SIGHT_H

#include <stdbool.h>

#include "consumer/adapters/lane_source.h"
#include "consumer/runtime/board.h"
#include "consumer/runtime/desk.h"

#define SIGHT_LOST_MS 2000 /* of doubt; a fetch that finds nothing is answered after 500 ms */

/* Raises a doubt about the event's lane, or about all of the writer's. The writer's thread. */
void sight_doubt(struct desk *desk, const struct lane_source_event *event);

/* Asks for the lanes in doubt, and takes note of answers. Between rounds; the writer's thread. */
void sight_look(struct desk *desk);

/* True: for a while already the lane could not be read. Any thread. */
bool sight_lost(const struct board_lane *lane);

#endif
