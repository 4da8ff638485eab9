/* The inside of pg_store_commit: what both write paths queue, and the path for large transactions.
 * Only the pg_store files include it. */
#ifndef TELLER_ADAPTERS_PG_COMMIT_H
#define TELLER_ADAPTERS_PG_COMMIT_H

#include "consumer/adapters/pg_session.h"

/* Queues teller.advance for all parts: always the first statement of a transaction. */
enum pg_answer pg_commit_fence(struct pg_store *store, const struct pg_part *parts, size_t count,
                               struct pg_failure *failure);

/* Queues all rows of one part but those of the journal. */
enum pg_answer pg_commit_rows(struct pg_store *store, const struct pg_part *part,
                              struct pg_failure *failure);

/* BEGIN, fence and rows in a pipeline; their answers; the journal by COPY; COMMIT. Parts are sorted
 * by lane, and prepared. */
enum pg_answer pg_commit_by_copy(struct pg_store *store, const struct pg_part *parts, size_t count,
                                 struct pg_failure *failure);

/* Tells pg_store_options.passed that the commit has come this far. The server has then got all that
 * was queued before, so that a process that stops or dies here leaves it exactly there. */
void pg_commit_pass(struct pg_store *store, const char *point);

#endif
