/* How the worker's threads talk: small notices, in order, from any thread to one reader.
 *
 * Whatever a notice points to belongs to the reader once it was posted: a lane machine is touched
 * by one thread at a time without a lock of its own. The room is fixed: the senders' protocol
 * bounds what can be under way (a lane is in one place only), so a full mailbox is a bug. */
#ifndef TELLER_RUNTIME_MAILBOX_H
#define TELLER_RUNTIME_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lane;

enum notice_kind {
    /* supervisor to writer */
    NOTICE_HOLD,   /* apply this lane from now on */
    NOTICE_RECALL, /* give this lane back between two batches; answered by one of those below */
    NOTICE_QUIT,   /* give all lanes back and end the thread */
    /* writer to supervisor: the lane's machine comes back, the writer no longer reads it */
    NOTICE_RETURNED, /* as recalled, everything committed that was begun */
    NOTICE_FENCED,   /* another owner has it */
    NOTICE_LOST,     /* a transaction failed or its end is not known: only a new take can tell */
    NOTICE_STOPPED,  /* halted; the machine says why */
    NOTICE_ENDED,    /* the writer's thread ends; no lane */
};

struct notice {
    enum notice_kind kind;
    int writer;        /* index of the writer that it comes from or goes to */
    uint16_t number;   /* of the lane */
    struct lane *lane; /* the machine, where it changes hands; else NULL */
};

struct mailbox;

/* NULL when out of memory. */
struct mailbox *mailbox_new(size_t room);
void mailbox_free(struct mailbox *mailbox);

/* Any thread; never blocks for long. */
void mailbox_post(struct mailbox *mailbox, struct notice notice);

/* The reader's thread only: the oldest notice, waiting for one up to timeout_ms (0: not at all).
 * False: none came. */
bool mailbox_take(struct mailbox *mailbox, struct notice *notice, int64_t timeout_ms);

#endif
