/* What follows from what between lanes. */
#include <string.h>

#include "common/check.h"
#include "common/partition.h"
#include "tests/sim/page.h"

static uint16_t lane_of(const struct oracle *oracle, const struct ident *entity) {
    return partition_of(entity->text, entity->len, oracle->lanes);
}

void page_pass(struct page *page, enum leg_kind kind, uint16_t origin, int32_t step,
               const struct leg_body *body) {
    struct oracle *oracle = page->oracle;
    const struct leg_message message = {
        .leg = {.kind = (uint8_t)kind, .origin = origin, .step = step},
        .partition = lane_of(oracle, &body->target),
        .body = *body,
    };
    if (message.partition == page->lane && kind != LEG_CHUNK) {
        oracle_take(page, &message);
        return;
    }
    CHECK(oracle->legs_count < ORACLE_LEGS_MAX);
    oracle->legs[oracle->legs_count++] = (struct oracle_leg){.message = message};
}

/* The first leg of a client's command, from the row that it has just made. */
void oracle_go_on(struct page *page) {
    const struct command *command = &page->record->command;
    const struct journal_key key = {command->id, page->lane, STEP_CLIENT};
    const struct entry own = page_row(page, &key)->entry;
    const struct account *account = page_account(page, &command->entity);
    const struct product *product = page_product(page, &command->entity);
    struct leg_body body = {.id = command->id, .type = command->type, .client = command->entity};
    if (command->type == COMMAND_PRODUCT_FINALIZE && own.outcome == OUTCOME_APPLIED &&
        product->allot_total > 0) {
        body.target = command->entity;
        page_pass(page, LEG_CHUNK, page->lane, STEP_CHUNK, &body);
    }
    if (own.outcome != OUTCOME_PENDING) {
        return;
    }
    if (command->type == COMMAND_UNSUBSCRIBE) {
        body.target = command->product;
        body.reference = command->reference;
        page_pass(page, LEG_CANCEL, page->lane, STEP_CANCEL, &body);
        return;
    }
    body.currency = account->currency;
    if (command->type == COMMAND_PURCHASE || command->type == COMMAND_SUBSCRIBE) {
        body.target = command->product;
        body.quantity = command->quantity;
        body.price = command->price;
        page_pass(page, LEG_SELL, page->lane, STEP_SELL, &body);
        return;
    }
    body.target = own.counter;
    body.amount = -own.amount;
    page_pass(page, LEG_CREDIT, page->lane, STEP_CREDIT, &body);
}

/* Money that returns or settles. */
static void must_add(struct page *page, const struct leg_body *body, struct line *line,
                     const char *suspense) {
    struct account *account = page_account(page, &body->target);
    line->amount = body->amount;
    line->role = SYSTEM_TRANSIT;
    line->counter = &body->client;
    bool takes = account != NULL && account->state != ACCOUNT_CLOSED &&
                 asset_equal(&account->currency, &body->currency) &&
                 (money_wide)account->balance + body->amount <= MONEY_MAX &&
                 (money_wide)account->balance + body->amount - account->floor <= MONEY_MAX;
    if (takes) {
        page_post(page, account, line);
    } else {
        line->detail = suspense;
        page_suspend(page, body, line);
    }
}

static void take_credit(struct page *page, const struct leg_message *message, struct line *line) {
    struct leg_body body = message->body;
    bool may_refuse = body.type == COMMAND_TRANSFER || body.type == COMMAND_CAPTURE;
    if (!may_refuse) {
        must_add(page, &body, line, "suspense");
        if (body.type == COMMAND_REVERSE) {
            page_end(page, &body.id, message->leg.origin, OUTCOME_APPLIED);
        }
        return;
    }
    struct account *account = page_account(page, &body.target);
    line->counter = &body.client;
    line->outcome = page_standing(account, COMMAND_TRANSFER);
    if (line->outcome == OUTCOME_APPLIED) {
        line->outcome = page_may_add(account, body.amount);
        page_object(&line->outcome, !asset_equal(&account->currency, &body.currency),
                    OUTCOME_CURRENCY_MISMATCH);
    }
    if (line->outcome == OUTCOME_APPLIED) {
        line->amount = body.amount;
        line->role = SYSTEM_TRANSIT;
        page_post(page, account, line);
        page_end(page, &body.id, message->leg.origin, OUTCOME_APPLIED);
        return;
    }
    page_note(page, &body.target, line);
    body.reason = line->outcome;
    body.target = body.client;
    page_pass(page, LEG_RETURN, message->leg.origin, STEP_RETURN, &body);
}

static void take_return(struct page *page, const struct leg_message *message, struct line *line) {
    const struct leg_body *body = &message->body;
    line->detail = outcome_word(body->reason);
    must_add(page, body, line, line->detail);
    page_end(page, &body->id, message->leg.origin, body->reason);
}

static void take_sell(struct page *page, const struct leg_message *message, struct line *line) {
    struct leg_body body = message->body;
    enum outcome outcome = oracle_sell(page, &body, message->leg.origin, line);
    if (outcome == OUTCOME_APPLIED && body.type == COMMAND_SUBSCRIBE) {
        page_end(page, &body.id, message->leg.origin, OUTCOME_APPLIED);
        return;
    }
    body.reason = outcome;
    if (outcome == OUTCOME_APPLIED) {
        body.seller = page_product(page, &body.target)->seller;
        body.price = line->price;
        body.amount = line->price * body.quantity;
    }
    body.target = body.client;
    page_pass(page, LEG_SETTLE, message->leg.origin, STEP_SETTLE, &body);
}

static void take_settle(struct page *page, const struct leg_message *message, struct line *line) {
    struct leg_body body = message->body;
    struct account *account = page_account(page, &body.target);
    struct hold *hold = page_hold(page, &body.id);
    bool captures = body.amount > 0;
    CHECK(account != NULL && hold != NULL && hold->state == HOLD_OPEN);
    hold->state = captures ? HOLD_CAPTURED : HOLD_RELEASED;
    line->amount = -body.amount;
    line->held_delta = -hold->amount;
    line->price = body.price;
    line->role = body.seller.len > 0 ? SYSTEM_TRANSIT : SYSTEM_SALES;
    line->counter = captures && body.seller.len > 0 ? &body.seller : NULL;
    line->detail = body.reason != OUTCOME_APPLIED ? outcome_word(body.reason) : "";
    page_post(page, account, line);
    if (body.type == COMMAND_PURCHASE || body.reason != OUTCOME_APPLIED) {
        page_end(page, &body.id, message->leg.origin, body.reason);
    }
    if (captures && body.seller.len > 0) {
        body.target = body.seller;
        body.seller = (struct ident){.len = 0};
        page_pass(page, LEG_CREDIT, message->leg.origin, STEP_CREDIT, &body);
    }
}

static void take_cancel(struct page *page, const struct leg_message *message, struct line *line) {
    struct leg_body body = message->body;
    enum outcome outcome = oracle_cancel(page, &body, message->leg.origin, line);
    page_end(page, &body.id, message->leg.origin, outcome);
    if (outcome == OUTCOME_APPLIED) {
        body.id = body.reference;
        body.type = COMMAND_SUBSCRIBE;
        body.target = body.client;
        page_pass(page, LEG_SETTLE, message->leg.origin, STEP_SETTLE, &body);
    }
}

static void settle_share(struct page *page, const struct product *product, size_t index) {
    struct subscription *row = &page->books->subscriptions[index];
    row->allotted = oracle_share(page, product, row);
    row->state = SUBSCRIPTION_SETTLED;
    const struct leg_body body = {
        .id = row->id,
        .type = COMMAND_SUBSCRIBE,
        .target = row->account,
        .client = row->account,
        .seller = product->seller,
        .currency = product->currency,
        .quantity = row->allotted,
        .price = row->price,
        .amount = row->allotted * row->price,
    };
    page_pass(page, LEG_SETTLE, row->origin, STEP_SETTLE, &body);
}

static void take_chunk(struct page *page, const struct leg_message *message, struct line *line) {
    struct leg_body body = message->body;
    const struct product *product = page_product(page, &body.target);
    int64_t last = body.after;
    int taken = 0;
    for (size_t i = 0; i < page->books->subscriptions_count && taken < WANTS_CHUNK_MAX; i++) {
        const struct subscription *row = &page->books->subscriptions[i];
        if (row->product_number != product->number || row->number <= body.after) {
            continue;
        }
        taken++;
        last = row->number;
        if (row->state == SUBSCRIPTION_OPEN) {
            settle_share(page, product, i);
        }
    }
    page_note_product(page, &body.target, line);
    if (taken == WANTS_CHUNK_MAX) {
        body.after = last;
        body.chunk++;
        page_pass(page, LEG_CHUNK, message->leg.origin, message->leg.step + 1, &body);
    }
}

void oracle_take(struct page *page, const struct leg_message *message) {
    const struct leg_body *body = &message->body;
    struct line line = {
        .key = {body->id, message->leg.origin, message->leg.step},
        .type = body->type,
        .outcome = OUTCOME_APPLIED,
        .detail = "",
    };
    switch ((enum leg_kind)message->leg.kind) {
    case LEG_CREDIT: take_credit(page, message, &line); return;
    case LEG_RETURN: take_return(page, message, &line); return;
    case LEG_SELL: take_sell(page, message, &line); return;
    case LEG_SETTLE: take_settle(page, message, &line); return;
    case LEG_CANCEL: take_cancel(page, message, &line); return;
    case LEG_CHUNK: take_chunk(page, message, &line); return;
    case LEG_TICK: break;
    }
    CHECK(!"a tick is no step of a command");
}

/* Only what the target looks at must agree. */
static bool same_body(enum leg_kind kind, const struct leg_body *a, const struct leg_body *b) {
    bool moves = kind == LEG_CREDIT || kind == LEG_RETURN || kind == LEG_SETTLE;
    bool same = a->type == b->type && ident_equal(&a->target, &b->target) &&
                ident_equal(&a->client, &b->client);
    same = same && (!moves || a->amount == b->amount);
    same = same && (kind == LEG_CHUNK || kind == LEG_CANCEL || kind == LEG_SETTLE ||
                    asset_equal(&a->currency, &b->currency));
    same = same && (kind != LEG_SELL || (a->quantity == b->quantity && a->price == b->price));
    same = same && (kind != LEG_SETTLE || ident_equal(&a->seller, &b->seller));
    same = same && ((kind != LEG_SETTLE && kind != LEG_RETURN) || a->reason == b->reason);
    same = same && (kind != LEG_CANCEL || uuid_equal(&a->reference, &b->reference));
    return same && (kind != LEG_CHUNK || (a->after == b->after && a->chunk == b->chunk));
}

struct oracle_leg *oracle_find_leg(struct oracle *oracle, const struct leg_message *message) {
    for (size_t i = 0; i < oracle->legs_count; i++) {
        const struct leg_message *known = &oracle->legs[i].message;
        if (known->leg.kind == message->leg.kind && known->leg.step == message->leg.step &&
            known->leg.origin == message->leg.origin && known->partition == message->partition &&
            uuid_equal(&known->body.id, &message->body.id) &&
            same_body((enum leg_kind)known->leg.kind, &known->body, &message->body)) {
            return &oracle->legs[i];
        }
    }
    return NULL;
}

money_wide oracle_in_flight(const struct oracle *oracle, const struct asset *asset) {
    money_wide sum = 0;
    for (size_t i = 0; i < oracle->legs_count; i++) {
        const struct oracle_leg *leg = &oracle->legs[i];
        bool carries = leg->message.leg.kind == LEG_CREDIT || leg->message.leg.kind == LEG_RETURN;
        if (carries && !leg->is_taken && asset_equal(&leg->message.body.currency, asset)) {
            sum += leg->message.body.amount;
        }
    }
    return sum;
}
