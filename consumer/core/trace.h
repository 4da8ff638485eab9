/* The lane machine's story as text, for golden traces and for reading a failed simulation: one line
 * for each thing asked for, written or published. Ids are shortened to their last four digits. */
#ifndef TELLER_CORE_TRACE_H
#define TELLER_CORE_TRACE_H

#include "common/strbuf.h"
#include "consumer/core/lane.h"

void trace_wants(const struct wants *wants, struct strbuf *out);

/* The open batch of a lane whose lane_apply has answered. */
void trace_batch(const struct lane *lane, struct strbuf *out);

#endif
