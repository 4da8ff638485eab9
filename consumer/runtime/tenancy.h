/* What the supervisor knows of one lane: whether it should be ours, whether it is, and what to do
 * next. Pure: time and dice are inputs, and tenancy_* are the only functions that change a state.
 *
 *                assigned                take                    recall            back
 *   ABSENT ------------------> DUE --------------> HELD ------------------> RECALLED --> SETTLING
 *     ^                         ^                   |                          |            |
 *     |   not assigned          | fenced, lost      |                          |            |
 *     +-------------------------+-------------------+--------------------------+------------+
 *                               halted, or lost too often: STOPPED until the assignment drops it */
#ifndef TELLER_RUNTIME_TENANCY_H
#define TELLER_RUNTIME_TENANCY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/backoff.h"
#include "common/prng.h"

#define TENANCY_LOSSES_MAX 5           /* so many within ... */
#define TENANCY_LOSSES_WINDOW_MS 60000 /* ... this time stop the lane: `contended` */
#define TENANCY_SETTLE_MS 3000         /* how long a returned lane waits for acknowledgements */

enum tenancy_state {
    TENANCY_ABSENT,   /* not ours, nothing of it in this process */
    TENANCY_DUE,      /* should be ours: to be taken at due_ms */
    TENANCY_HELD,     /* a writer applies it */
    TENANCY_RECALLED, /* its writer was asked to give it back and has not answered */
    TENANCY_SETTLING, /* back from its writer; its last outputs are on their way to the broker */
    TENANCY_STOPPED,  /* halted: left alone until the assignment drops it */
};

struct tenancy {
    enum tenancy_state state;
    bool assigned;  /* what the assignment says now */
    bool has_epoch; /* we took it in `epoch` and do not know that another owner has */
    int64_t epoch;
    int writer;      /* who holds it, in HELD and RECALLED */
    int64_t due_ms;  /* monotonic: when to take (DUE), when to stop waiting (SETTLING) */
    int64_t held_ms; /* monotonic: since when it is held */
    int64_t losses_ms[TENANCY_LOSSES_MAX]; /* when it was fenced; oldest first */
    int losses;
    struct backoff backoff; /* between takes that fail, or that do not last */
};

void tenancy_init(struct tenancy *tenancy);

/* The assignment names the lane, or no longer does. */
void tenancy_assign(struct tenancy *tenancy, bool assigned, int64_t now_ms);

/* True: take it now. The take is a first one, or (has_epoch) one that asks for our own epoch. */
bool tenancy_wants_take(const struct tenancy *tenancy, int64_t now_ms);
/* True: ask its writer for it, and say so by tenancy_recalled. */
bool tenancy_wants_recall(const struct tenancy *tenancy);

/* What became of a take: whether the row is ours, and then whether a writer has the lane. */
void tenancy_taken(struct tenancy *tenancy, bool is_ours, int64_t epoch);
void tenancy_held(struct tenancy *tenancy, int writer, int64_t now_ms);
void tenancy_take_failed(struct tenancy *tenancy, int64_t now_ms, struct prng *prng);
void tenancy_recalled(struct tenancy *tenancy);

/* What became of a lane in the hands of a writer. */
void tenancy_returned(struct tenancy *tenancy, int64_t now_ms);
void tenancy_lost(struct tenancy *tenancy, int64_t now_ms, struct prng *prng);
/* Another owner has it. False: this happened too often, the lane is STOPPED (contended). */
bool tenancy_fenced(struct tenancy *tenancy, int64_t now_ms, struct prng *prng);
void tenancy_stopped(struct tenancy *tenancy);
/* Its outputs are acknowledged, or were waited for long enough, and the row was given up. */
void tenancy_settled(struct tenancy *tenancy, int64_t now_ms);

#endif
