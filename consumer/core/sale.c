#include "consumer/core/sale.h"

#include "common/check.h"
#include "consumer/core/ledger.h"

static struct step_made made_of(const struct leg_task *task, enum outcome outcome) {
    return (struct step_made){
        .key = {.id = task->body.id, .origin = task->origin, .step = task->step},
        .type = task->body.type,
        .outcome = outcome,
        .detail = "",
    };
}

static struct buyer_slot *buyer_of(struct turn *turn, const struct product *product,
                                   const struct ident *account) {
    struct buyer_key key = {.product_number = product->number, .account = *account};
    struct buyer_slot *slot = buyers_find(&turn->lane->buyers, &key);
    CHECK(slot != NULL && slot->slot.memory != SLOT_WANTED);
    return slot;
}

static bool over_cap(int64_t had, int64_t quantity, int64_t cap) {
    return cap > 0 && (had > cap || quantity > cap - had);
}

static enum outcome may_sell(struct turn *turn, const struct product_slot *slot,
                             const struct leg_body *body) {
    const struct product *product = &slot->row;
    bool subscribes = body->type == COMMAND_SUBSCRIBE;
    if (slot->slot.memory == SLOT_MISSING) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    if (!asset_equal(&body->currency, &product->currency)) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    if (subscribes && body->quantity > INT64_MAX - product->subscribed) {
        return OUTCOME_OVERFLOW;
    }
    if (subscribes != (product->mode == PRODUCT_SUBSCRIPTION)) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    if (!subscribes && body->quantity > product->stock) {
        return OUTCOME_OUT_OF_STOCK;
    }
    if (product->price > body->price) {
        return OUTCOME_PRICE_CHANGED;
    }
    if (product->state == PRODUCT_FINALIZED) {
        return OUTCOME_ALREADY_FINALIZED;
    }
    if (over_cap(product->subscribed, subscribes ? body->quantity : 0, product->cap)) {
        return OUTCOME_CAP_EXCEEDED;
    }
    if (product->cap_per_account > 0 &&
        over_cap(buyer_of(turn, product, &body->client)->row.quantity, body->quantity,
                 product->cap_per_account)) {
        return OUTCOME_CAP_EXCEEDED;
    }
    return OUTCOME_APPLIED;
}

static void count_buyer(struct turn *turn, const struct product *product,
                        const struct ident *account, int64_t quantity) {
    if (product->cap_per_account == 0) {
        return;
    }
    struct buyer_slot *slot = buyer_of(turn, product, account);
    if (slot->slot.memory == SLOT_MISSING) {
        slot->slot.memory = SLOT_KNOWN;
        slot->slot.is_new = true;
    }
    slot->row.quantity += quantity;
    CHECK(slot->row.quantity >= 0);
    builder_note_buyer(&turn->lane->builder, slot);
}

static void make_subscription(struct turn *turn, struct product *product,
                              const struct leg_task *task) {
    struct slot_table *table = &turn->lane->subscriptions;
    struct subscription_key key = {.id = task->body.id, .origin = task->origin};
    struct subscription_slot *slot = subscriptions_find(table, &key);
    if (slot == NULL) {
        slot = subscriptions_want(table, &key);
    }
    CHECK(slot->slot.memory != SLOT_KNOWN);
    slot->slot.memory = SLOT_KNOWN;
    slot->slot.is_new = true;
    slot->row.number = product->next_subscription++;
    slot->row.product_number = product->number;
    slot->row.account = task->body.client;
    slot->row.quantity = task->body.quantity;
    slot->row.price = product->price;
    slot->row.state = SUBSCRIPTION_OPEN;
    builder_note_subscription(&turn->lane->builder, slot);
}

const struct entry *sale_sell(struct turn *turn, const struct leg_task *task) {
    const struct leg_body *body = &task->body;
    struct product_slot *slot = products_find(&turn->lane->products, &body->target);
    struct product *product = &slot->row;
    struct step_made made = made_of(task, may_sell(turn, slot, body));
    if (made.outcome != OUTCOME_APPLIED) {
        return ledger_note_product(turn, slot, &made, &body->client);
    }
    struct product_effect effect = {.price = product->price, .counter = &body->client};
    if (body->type == COMMAND_PURCHASE) {
        effect.stock_delta = -body->quantity;
        effect.sold_delta = body->quantity;
    } else {
        product->subscribed += body->quantity;
        make_subscription(turn, product, task);
    }
    count_buyer(turn, product, &body->client, body->quantity);
    return ledger_post_product(turn, slot, &made, &effect);
}

static enum outcome may_cancel(const struct product_slot *slot,
                               const struct subscription_slot *subscription,
                               const struct leg_body *body) {
    if (slot->slot.memory == SLOT_MISSING) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    if (slot->row.state == PRODUCT_FINALIZED) {
        return OUTCOME_ALREADY_FINALIZED;
    }
    if (subscription->slot.memory == SLOT_KNOWN &&
        subscription->row.product_number == slot->row.number &&
        ident_equal(&subscription->row.account, &body->client)) {
        return subscription->row.state == SUBSCRIPTION_OPEN ? OUTCOME_APPLIED
                                                            : OUTCOME_HOLD_SETTLED;
    }
    return OUTCOME_NO_SUCH_COMMAND;
}

const struct entry *sale_cancel(struct turn *turn, const struct leg_task *task) {
    const struct leg_body *body = &task->body;
    struct lane *lane = turn->lane;
    struct subscription_key key = {.id = body->reference, .origin = task->origin};
    struct product_slot *slot = products_find(&lane->products, &body->target);
    struct subscription_slot *subscription = subscriptions_find(&lane->subscriptions, &key);
    struct step_made made = made_of(task, may_cancel(slot, subscription, body));
    if (made.outcome != OUTCOME_APPLIED) {
        return ledger_note_product(turn, slot, &made, &body->client);
    }
    subscription->row.state = SUBSCRIPTION_CANCELLED;
    builder_note_subscription(&lane->builder, subscription);
    slot->row.subscribed -= subscription->row.quantity;
    count_buyer(turn, &slot->row, &body->client, -subscription->row.quantity);
    struct product_effect effect = {.counter = &body->client};
    return ledger_post_product(turn, slot, &made, &effect);
}

const struct entry *sale_settle(struct turn *turn, const struct leg_task *task) {
    const struct leg_body *body = &task->body;
    struct account_slot *slot = accounts_find(&turn->lane->accounts, &body->target);
    struct hold_slot *hold = holds_find(&turn->lane->holds, &body->id);
    CHECK(slot != NULL && slot->slot.memory == SLOT_KNOWN);
    CHECK(hold != NULL && hold->slot.memory == SLOT_KNOWN && hold->row.amount >= body->amount);
    struct effect effect;
    rule_release(hold, body->amount > 0 ? HOLD_CAPTURED : HOLD_RELEASED, &effect);
    effect.amount = -body->amount;
    effect.price = body->price;
    if (body->amount > 0) {
        effect.role = body->seller.len > 0 ? SYSTEM_TRANSIT : SYSTEM_SALES;
        effect.counter = body->seller.len > 0 ? &body->seller : NULL;
    }
    struct step_made made = made_of(task, OUTCOME_APPLIED);
    if (body->reason != OUTCOME_APPLIED) {
        made.detail = outcome_word(body->reason);
    }
    return ledger_post(turn, slot, &made, &effect);
}

void sale_allot(struct turn *turn, const struct product *product, struct subscription_slot *slot) {
    const struct allotment_limit limit = {product->allot_remainder, product->allot_number};
    CHECK(product->allot_total > 0 && slot->row.state == SUBSCRIPTION_OPEN);
    slot->row.allotted = allotment_share(slot->row.quantity, slot->row.number, product->sold,
                                         product->allot_total, &limit);
    slot->row.state = SUBSCRIPTION_SETTLED;
    builder_note_subscription(&turn->lane->builder, slot);
}
