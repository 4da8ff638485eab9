/* Inside the lane machine: for the files of consumer/core that make it up, and for nobody else. */
#ifndef TELLER_CORE_LANE_STATE_H
#define TELLER_CORE_LANE_STATE_H

#include "common/arena.h"
#include "common/digest.h"
#include "consumer/core/accounts.h"
#include "consumer/core/allotment.h"
#include "consumer/core/builder.h"
#include "consumer/core/entries.h"
#include "consumer/core/fence.h"
#include "consumer/core/holds.h"
#include "consumer/core/intake.h"
#include "consumer/core/lane.h"
#include "consumer/core/wants_buffer.h"

#define LANE_DETAIL_MAX 160

/* What decoding one record may take from the arena. */
#define LANE_ARENA_RESERVE (2 * COMMAND_JSON_MAX + 2048)

/* The life of a tenure. What moves from one phase to another checks the one that it is called in;
 * what only reads does not. */
enum lane_phase {
    PHASE_IDLE,     /* no tenure */
    PHASE_STARTING, /* lane_begin .. lane_started */
    PHASE_FILLING,  /* taking records, loading, applying */
    PHASE_READY,    /* lane_apply has closed the batch: it is the caller's to commit */
    PHASE_LANDED,   /* the batch is durable, the next one is on its way: outputs are to be sent */
};

enum flight_state {
    FLIGHT_NONE,
    FLIGHT_AWAY,   /* its transaction is under way */
    FLIGHT_LANDED, /* durable; its outputs are to be sent */
};

/* A batch that was launched, with all that it borrows. */
struct flight {
    enum flight_state state;
    struct decoded *decoded;
    struct arena arena;
    struct builder builder;
    struct batch batch;
};

struct lane {
    struct lane_limits limits;
    struct intake intake;
    enum lane_phase phase;
    enum lane_stop stop;
    char stop_detail[LANE_DETAIL_MAX];

    /* Position. The row is as committed; the rest runs ahead of it with the open batch. */
    struct lane_row row;
    int64_t position;  /* first offset that is still accepted */
    bool compare_last; /* the log must still hold the last record that was applied */
    int64_t lane_time_ms;
    int64_t again_ms; /* highest timestamp of the records of this tenure that are answered again */
    int64_t next_number;

    /* Records: [done, applied) are in the open batch, [applied, count) wait. */
    struct decoded *decoded;
    uint32_t count;
    uint32_t done;
    uint32_t applied;
    uint32_t prepared;   /* what records before this one need has been asked for */
    bool closed;         /* the lane stops behind the last record here: nothing more is taken */
    enum lane_stop halt; /* why */
    struct arena arena;  /* texts of the decoded commands */

    /* Memory. */
    struct accounts accounts;
    struct slot_table holds;
    struct slot_table products;
    struct slot_table subscriptions;
    struct slot_table buyers;
    struct entries entries;
    struct fence fence;
    int64_t fence_until_ms;     /* the fence's upper end, as lane time */
    int64_t earliest_due_ms;    /* no open hold expires before; HOLD_NEVER: none */
    int64_t next_due_ms;        /* what it will be when all that is due now has ended */
    bool due_loaded;            /* the due holds are in memory, for the tick that is next */
    struct hold_slot **due;     /* room for all holds in memory */
    int64_t tick_sent_ms;       /* wall clock of the caller */
    struct allotment allotment; /* what a finalize that is next has asked for */
    struct chunk chunk;         /* what a chunk leg that is next has asked for */

    /* The open batch. */
    struct wants_buffer wants;
    struct builder builder;
    struct batch batch;
    struct digest *digest;

    struct flight flight; /* the batch before it, or in PHASE_LANDED behind it */
};

/* The lane row as it will be when all that is on its way has landed. */
static inline const struct lane_row *lane_head(const struct lane *lane) {
    return lane->flight.state == FLIGHT_AWAY ? &lane->flight.batch.after : &lane->row;
}

/* A new, empty open batch on top of lane_head. */
void lane_open_batch(struct lane *lane);

/* Forgets all records of the backlog. */
void lane_forget_records(struct lane *lane);

/* Stops a lane that was closed, once nothing is left of what it had taken. */
void lane_stop_if_done(struct lane *lane);

#endif
