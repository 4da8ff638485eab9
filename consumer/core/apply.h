/* Applying one record to the memory of its lane. A handler either refuses before it has changed
 * anything, or posts and answers OUTCOME_APPLIED or OUTCOME_PENDING. But for one: to capture or to
 * release a hold that is due ends it, in a step of its own, and is refused. What a handler needs is
 * in memory when it is called: gather_record has seen to it. */
#ifndef TELLER_CORE_APPLY_H
#define TELLER_CORE_APPLY_H

#include "consumer/core/lane_state.h"
#include "consumer/core/rules.h"

/* One step of a multi-lane command, for the lane of body.target. */
struct leg_task {
    enum leg_kind kind;
    uint16_t origin; /* lane of the client's record */
    int32_t step;
    struct leg_body body;
};

/* One record in its place: the handlers' view of the lane. */
struct turn {
    struct lane *lane;
    const struct decoded *decoded;
    int64_t at_ms;                /* lane time at this record */
    struct account_slot *account; /* of a command's entity: KNOWN or MISSING; NULL: a product's */
    struct product_slot *product; /* likewise */
    char *detail;                 /* more about a refusal: "" or what a handler wrote */
    bool has_next;                /* the command goes on with this step */
    struct leg_task next;
    bool is_final; /* a step of this record was the last one that the client waits for */
    enum outcome final;
    const struct entry *end; /* the row of that step, in its place until the record is closed */
};

#define TURN_DETAIL_MAX sizeof((struct entry *)NULL)->detail

/* The partition, and so the lane, of an account or product. */
uint16_t apply_lane_of(const struct lane *lane, const struct ident *entity);

/* True for a record below next_offset: it was applied before, and is only answered again. */
bool apply_is_resend(const struct turn *turn);

/* Applies the record at that index, whose needs are met. False: the lane is closed before it. */
bool apply_record(struct lane *lane, uint32_t index, int64_t at_ms);

/* Tells the client what became of the command, or of the record if it was none. */
struct answer {
    enum outcome outcome;
    const char *detail; /* must outlive the batch; NULL: none */
    bool duplicate;
    const struct entry *first; /* the first answer, of a repeated id; else NULL */
};
void answer_client(struct turn *turn, const struct answer *answer);
void answer_dead_letter(struct turn *turn, enum outcome reason, const char *detail);

/* A command of a new id. */
enum outcome apply_open(struct turn *turn);
enum outcome apply_account_state(struct turn *turn); /* close, freeze, unfreeze */
enum outcome apply_movement(struct turn *turn);      /* deposit, withdraw */
enum outcome apply_hold(struct turn *turn);          /* hold, capture, release */
enum outcome apply_reverse(struct turn *turn);
enum outcome apply_group(struct turn *turn);
enum outcome apply_transfer(struct turn *turn);
enum outcome apply_product(struct turn *turn); /* create, restock, price, finalize */
enum outcome apply_order(struct turn *turn);   /* purchase, subscribe */
enum outcome apply_unsubscribe(struct turn *turn);

/* Fills lane->due with the open holds in memory that are due, earliest first, then by id. Returns
 * how many of them one tick ends: at most WANTS_DUE_MAX. */
uint32_t apply_collect_due(struct lane *lane, int64_t at_ms);

/* Ends them. Wants an empty batch, and the due holds and their accounts in memory. */
void apply_tick(struct turn *turn);

#endif
