/* Turns what a batch has to say into records for the outbox: results, dead letters and legs after
 * the commit, ticks whenever a lane wants one. */
#ifndef TELLER_RUNTIME_PUBLISH_H
#define TELLER_RUNTIME_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/strbuf.h"
#include "consumer/adapters/outbox.h"
#include "consumer/core/batch.h"
#include "consumer/runtime/board.h"

struct publish {
    struct outbox *outbox;
    struct board *board; /* counts the answers */
    const struct leg_secrets *secrets;
    uint16_t partitions; /* of every topic */
    struct strbuf *text; /* scratch */
};

/* Sends all outputs of a committed batch. False: one could not be sent; its lane needs a new
 * tenure, which sends them again. */
bool publish_outputs(const struct publish *publish, const struct batch *batch);

/* Sends the lane a tick: a leg to itself that says "look at your lane time". */
bool publish_tick(const struct publish *publish, uint16_t number);

#endif
