/* What a step of a multi-lane command needs, with the steps that follow from it in this lane. It
 * walks the same way as saga.c: what is asked for here is found there. */
#include "common/check.h"
#include "consumer/core/need.h"

/* How a step came to be looked at. */
struct view {
    bool resend; /* applied before: only its keys are asked for */
    bool here;   /* an earlier step of the same record makes the hold */
};

static bool is_here(const struct lane *lane, const struct ident *entity) {
    return apply_lane_of(lane, entity) == lane->intake.lane;
}

static enum gather need_step(struct lane *lane, const struct leg_task *task, int32_t step) {
    struct journal_key key = {.id = task->body.id, .origin = task->origin, .step = step};
    return need_key(lane, &key);
}

static enum gather need_credit(struct lane *lane, const struct leg_task *task) {
    const struct leg_body *body = &task->body;
    enum gather all = need_account(lane, &body->target);
    all = need_both(need_step(lane, task, STEP_CREDIT), all);
    if ((body->type == COMMAND_TRANSFER || body->type == COMMAND_CAPTURE) &&
        is_here(lane, &body->client)) {
        all = need_both(need_step(lane, task, STEP_RETURN), all);
        all = need_both(need_account(lane, &body->client), all);
    }
    return all;
}

static enum gather need_seller(struct lane *lane, const struct leg_task *task,
                               const struct ident *seller) {
    if (seller->len == 0 || !is_here(lane, seller)) {
        return GATHER_READY;
    }
    return need_both(need_step(lane, task, STEP_CREDIT), need_account(lane, seller));
}

/* task->body.id and .client tell whose hold it is. */
static enum gather need_settle(struct lane *lane, const struct leg_task *task,
                               const struct ident *seller, struct view view) {
    enum gather all = need_account(lane, &task->body.client);
    all = need_both(need_step(lane, task, STEP_SETTLE), all);
    if (!view.resend && !view.here) {
        all = need_both(need_hold(lane, &task->body.id), all);
    }
    return need_both(need_seller(lane, task, seller), all);
}

static const struct product_slot *known_product(struct lane *lane, const struct ident *id) {
    const struct product_slot *slot = products_find(&lane->products, id);
    return slot != NULL && slot->slot.memory == SLOT_KNOWN ? slot : NULL;
}

static enum gather need_buyer_of(struct lane *lane, const struct product *product,
                                 const struct ident *account, struct view view) {
    struct buyer_key key = {.product_number = product->number, .account = *account};
    bool counts = product->cap_per_account > 0 && !view.resend;
    return counts ? need_buyer(lane, &key) : GATHER_READY;
}

static enum gather need_sell(struct lane *lane, const struct leg_task *task, struct view view) {
    const struct leg_body *body = &task->body;
    enum gather all = need_product(lane, &body->target);
    all = need_both(need_step(lane, task, STEP_SELL), all);
    const struct product_slot *slot = known_product(lane, &body->target);
    if (slot != NULL) {
        all = need_both(need_buyer_of(lane, &slot->row, &body->client, view), all);
    }
    if (is_here(lane, &body->client)) {
        static const struct ident nobody = {.len = 0};
        const struct ident *seller = slot != NULL ? &slot->row.seller : &nobody;
        all = need_both(need_settle(lane, task, seller, view), all);
    }
    return all;
}

static enum gather need_cancel(struct lane *lane, const struct leg_task *task, struct view view) {
    static const struct ident nobody = {.len = 0};
    const struct leg_body *body = &task->body;
    struct subscription_key key = {.id = body->reference, .origin = task->origin};
    enum gather all = need_product(lane, &body->target);
    all = need_both(need_step(lane, task, STEP_CANCEL), all);
    all = need_both(need_subscription(lane, &key), all);
    const struct product_slot *slot = known_product(lane, &body->target);
    if (slot != NULL) {
        all = need_both(need_buyer_of(lane, &slot->row, &body->client, view), all);
    }
    if (is_here(lane, &body->client)) {
        struct leg_task settle = *task;
        settle.body.id = body->reference;
        view.here = false; /* the hold is of an earlier command */
        all = need_both(need_settle(lane, &settle, &nobody, view), all);
    }
    return all;
}

static enum gather need_chunk(struct lane *lane, const struct leg_task *task, struct view view) {
    enum gather all = need_product(lane, &task->body.target);
    all = need_both(need_step(lane, task, task->step), all);
    const struct product_slot *slot = known_product(lane, &task->body.target);
    if (all != GATHER_READY) {
        return all;
    }
    CHECK(slot != NULL);
    struct chunk *chunk = &lane->chunk;
    if (chunk->product_number != slot->row.number || chunk->after != task->body.after) {
        wants_set_chunk(&lane->wants, slot->row.number, task->body.after);
        return GATHER_WANTS;
    }
    chunk_collect(chunk, &lane->subscriptions);
    for (size_t i = 0; i < chunk->count; i++) {
        const struct subscription *row = &chunk->slots[i]->row;
        struct leg_task settle = {.kind = LEG_SETTLE, .origin = row->origin};
        settle.body.id = row->id;
        settle.body.client = row->account;
        if (row->state != SUBSCRIPTION_CANCELLED && is_here(lane, &row->account)) {
            all = need_both(need_settle(lane, &settle, &slot->row.seller, view), all);
        }
    }
    return all;
}

enum gather need_task(struct lane *lane, const struct leg_task *task, bool resend, bool here) {
    struct view view = {.resend = resend, .here = here};
    switch (task->kind) {
    case LEG_CREDIT: return need_credit(lane, task);
    case LEG_RETURN:
        return need_both(need_account(lane, &task->body.target),
                         need_step(lane, task, STEP_RETURN));
    case LEG_SELL: return need_sell(lane, task, view);
    case LEG_SETTLE: return need_settle(lane, task, &task->body.seller, view);
    case LEG_CANCEL: return need_cancel(lane, task, view);
    case LEG_CHUNK: return need_chunk(lane, task, view);
    case LEG_TICK: break;
    }
    CHECK(!"a tick is no step of a command");
    return GATHER_READY;
}
