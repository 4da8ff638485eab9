/* A writer's desk: its Kafka consumer, its database connection and the lanes in its hands. All of
 * it belongs to the writer's thread.
 *
 * A lane comes by desk_hold and leaves by desk_leave, never while a transaction with a batch of it
 * is under way (flight.h); whatever was read of it and not committed is read again by whoever holds
 * it next. */
#ifndef TELLER_RUNTIME_DESK_H
#define TELLER_RUNTIME_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/strbuf.h"
#include "consumer/adapters/lane_source.h"
#include "consumer/adapters/pg_store.h"
#include "consumer/core/lane.h"
#include "consumer/runtime/board.h"
#include "consumer/runtime/committer.h"
#include "consumer/runtime/courier.h"
#include "consumer/runtime/mailbox.h"

/* What all writers of a worker share; it outlives them. */
struct desk_plan {
    struct lane_source_options source;
    struct pg_store_options store;
    struct courier *courier;
    struct board *board;
    struct mailbox *supervisor;
    const struct leg_secrets *secrets;
    uint16_t partitions;
    uint32_t batch;     /* most records of one round */
    size_t launch_from; /* records of a round from which on the next one does not wait for them */
    uint32_t rest_from; /* unacknowledged outputs of a lane from which on it is not read */
    uint32_t rest_to;   /* and below which it is read again */
};

/* Whether the broker still gives us a lane's records (sight.h). */
enum sight {
    SIGHT_CLEAR,   /* as far as is known */
    SIGHT_DOUBTED, /* there was trouble: it has to be asked for anew */
    SIGHT_ASKED,   /* it has been, and no answer has come yet */
};

/* A lane in this writer's hands. */
struct held {
    struct lane *lane;
    uint16_t number;
    int64_t read_to; /* behind the last record that the machine took */
    bool resting;    /* not read until the broker has taken more of its outputs */
    bool full;       /* has refused a record in this pass */
    bool applied;    /* its batch is ready and waits to be settled */
    bool away;       /* a batch of it is in the transaction under way: it must not leave the desk */
    bool landed;     /* a batch of it is durable and waits to be answered */
    bool unsent;     /* outputs of a landed batch could not be sent: it has to leave */
    enum sight sight;
    int64_t away_to;   /* read_to when the batch under way was launched */
    int64_t landed_to; /* and when the one that landed was */
};

/* The parts of a transaction, and the lanes that they are of. */
struct parts {
    struct pg_part *items;
    uint16_t *lanes;
    size_t count;
};

/* Records from Kafka, whose memory lives until they are released. */
struct catch {
    struct lane_source_record *records;
    size_t count;
};

struct desk {
    const struct desk_plan *plan;
    int writer; /* index, for notices */
    struct lane_source *source;
    struct pg_store *store;
    struct held *held; /* held_count of at most partitions */
    size_t held_count;
    uint16_t *places; /* by lane: its index in held, plus 1; 0: not held */
    bool cautious;    /* the last load was refused: ask lane by lane to find the bad one */

    struct committer *committer;
    bool away;                  /* a transaction is under way, with... */
    struct parts away_parts;    /* ...these parts, ... */
    struct catch away_caught;   /* ...of which these are the records, */
    struct catch landed_caught; /* and these those of batches that are durable */

    /* Scratch: one round's records, and one entry per held lane. */
    struct catch caught;
    uint32_t *waiting;   /* indexes of the records that no lane has taken yet */
    struct lane **lanes; /* that wait for rows, and... */
    uint16_t *numbers;   /* ...their numbers */
    struct parts parts;
    struct strbuf text;
};

/* False: *err says why; desk_close may be called then too. */
bool desk_init(struct desk *desk, const struct desk_plan *plan, int writer, struct err *err);
/* No lane may be held. */
void desk_close(struct desk *desk);

/* A new Kafka consumer in place of a dead one; no lane may be held. */
bool desk_renew_source(struct desk *desk, struct err *err);

/* Starts to read a lane whose tenure has begun. A lane that cannot be read goes back as lost. */
void desk_hold(struct desk *desk, struct lane *lane, uint16_t number);

/* NULL: not in this writer's hands. */
struct held *desk_find(struct desk *desk, uint16_t number);

/* Reads a lane of this writer anew, from where it stands; no batch of it may be under way. False:
 * it could not be, and has gone back as lost. */
bool desk_read(struct desk *desk, struct held *held);

/* Adds a lane's batch to a transaction. */
void desk_add_part(struct desk *desk, struct parts *parts, const struct batch *batch);

/* Gives a lane back to the supervisor, saying why: one of NOTICE_RETURNED, FENCED, LOST, STOPPED.
 * The last one of desk->held takes its place in the array: walk it downwards. */
void desk_leave(struct desk *desk, struct held *held, enum notice_kind why);
void desk_leave_all(struct desk *desk, enum notice_kind why);

/* Stops reading lanes of which too many outputs wait for the broker, and reads those again that may
 * go on. Without a backlog only: between rounds. */
void desk_rest(struct desk *desk);

#endif
