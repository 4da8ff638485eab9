/* Applying one record to the memory of its lane. Every handler either refuses before it has changed
 * anything, or posts and answers OUTCOME_APPLIED. What it needs is in memory when it is called. */
#ifndef TELLER_CORE_APPLY_H
#define TELLER_CORE_APPLY_H

#include "consumer/core/lane_state.h"
#include "consumer/core/rules.h"

/* One record in its place: the handlers' view of the lane. */
struct turn {
    struct lane *lane;
    const struct decoded *decoded;
    int64_t at_ms;                /* lane time at this record */
    struct account_slot *account; /* of the command's entity: KNOWN or MISSING */
    char *detail;                 /* more about a refusal: "" or what a handler wrote */
};

#define TURN_DETAIL_MAX sizeof((struct entry *)NULL)->detail

/* Whether everything that the record needs is in memory; asks for what is not. */
enum gather { GATHER_READY, GATHER_WANTS, GATHER_FULL };
enum gather gather_record(struct lane *lane, const struct decoded *decoded, int64_t at_ms);

/* Applies the record at that index, whose needs are met. False: the lane is closed before it. */
bool apply_record(struct lane *lane, uint32_t index, int64_t at_ms);

/* A command of a new id. */
enum outcome apply_open(struct turn *turn);
enum outcome apply_account_state(struct turn *turn); /* close, freeze, unfreeze */
enum outcome apply_movement(struct turn *turn);      /* deposit, withdraw */
enum outcome apply_hold(struct turn *turn);          /* hold, capture, release */
enum outcome apply_reverse(struct turn *turn);
enum outcome apply_group(struct turn *turn);

/* Fills lane->due with the open holds in memory that are due, earliest first, then by id. Returns
 * how many of them one tick ends: at most WANTS_DUE_MAX. */
uint32_t apply_collect_due(struct lane *lane, int64_t at_ms);

/* Ends them. Wants an empty batch, and the due holds and their accounts in memory. */
void apply_tick(struct turn *turn);

#endif
