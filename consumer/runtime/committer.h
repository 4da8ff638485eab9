/* A thread that runs one transaction at a time for its writer, so that the writer can decode and
 * apply the next batch meanwhile. The store is in one hand at any moment: the committer's from
 * committer_begin until committer_wait has returned, the writer's otherwise. */
#ifndef TELLER_RUNTIME_COMMITTER_H
#define TELLER_RUNTIME_COMMITTER_H

#include <stddef.h>

#include "consumer/adapters/pg_store.h"
#include "consumer/runtime/board.h"

struct committer;

/* Starts the thread. *store and *board, where transactions are counted, outlive it. NULL: out of
 * memory. */
struct committer *committer_new(struct pg_store *store, struct board *board);

/* Ends the thread. Nothing may be under way. */
void committer_free(struct committer *committer);

/* Has pg_store_commit called for these parts, which must stay as they are until the answer. */
void committer_begin(struct committer *committer, const struct pg_part *parts, size_t count);

/* Waits for the answer to committer_begin. */
enum pg_answer committer_wait(struct committer *committer, struct pg_failure *failure);

/* Both in one, in the caller's own thread. */
enum pg_answer committer_run(struct committer *committer, const struct pg_part *parts, size_t count,
                             struct pg_failure *failure);

#endif
