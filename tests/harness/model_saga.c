/* What follows from a pending command, lane by lane: "Commands between lanes" in docs/protocol.md,
 * docs/decisions/0008. */
#include <string.h>

#include "common/money.h"
#include "common/step.h"
#include "tests/harness/model_books.h"
#include "tests/harness/model_steps.h"
#include "tests/harness/must.h"

void model_saga_pass(struct model *model, const struct book_leg *leg) {
    bool here = books_lane_of(model, leg->body.target.text) == model->lane;
    if (here && leg->kind != LEG_CHUNK) {
        model_saga_take(model, leg);
    } else {
        books_add_leg(model, leg);
    }
}

/* The command is over; `account` is the client's if this last step was on it. */
static void end(struct model *model, const struct book_leg *leg, enum outcome outcome,
                const struct book_account *account) {
    struct book_entry *entry = books_entry(model, leg->origin, &leg->body.id);
    must(entry != NULL && entry->shown.outcome == OUTCOME_PENDING, "the end of what is not begun");
    entry->shown.outcome = outcome;
    entry->shown.has_account = model->lane == leg->origin;
    if (account != NULL) {
        entry->shown.balance = account->shown.balance;
        entry->shown.version = account->shown.version;
    }
    if (model->verdict->is_leg) {
        model->verdict->is_command = true;
        model->verdict->outcome = outcome;
        model->verdict->answer = &entry->shown;
    }
}

/* Money that returns or settles: neither freeze nor ceiling apply. NULL: into @suspense. */
static const struct book_account *must_add(struct model *model, const struct leg_body *body) {
    struct book_account *account = books_account(model, body->target.text);
    if (account != NULL && account->shown.state != MODEL_CLOSED &&
        strcmp(account->shown.currency, body->currency.text) == 0) {
        struct model_account open = account->shown;
        open.ceiling = INT64_MAX;
        if (rules_may_add(&open, body->amount) == OUTCOME_APPLIED) {
            account->shown.balance += body->amount;
            account->shown.version++;
            books_note(model, &body->id,
                       &(struct book_row){.account = account, .outcome = OUTCOME_APPLIED});
            return account;
        }
    }
    model->suspense += body->amount;
    return NULL;
}

static enum outcome may_credit(const struct book_account *account, const struct leg_body *body) {
    if (account == NULL) {
        return OUTCOME_NO_SUCH_ACCOUNT;
    }
    if (account->shown.state != MODEL_OPEN) {
        return account->shown.state == MODEL_CLOSED ? OUTCOME_ACCOUNT_CLOSED
                                                    : OUTCOME_ACCOUNT_FROZEN;
    }
    if (strcmp(account->shown.currency, body->currency.text) != 0) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    return rules_may_add(&account->shown, body->amount);
}

/* A transfer or a capture: the receiver may refuse. */
static void offer_credit(struct model *model, const struct book_leg *leg) {
    const struct leg_body *body = &leg->body;
    struct book_account *account = books_account(model, body->target.text);
    enum outcome outcome = may_credit(account, body);
    books_note(model, &body->id,
               &(struct book_row){
                   .account = account,
                   .outcome = outcome,
                   .is_reversible = body->type == COMMAND_TRANSFER,
                   .change = body->amount,
                   .sender = body->client,
               });
    if (outcome == OUTCOME_APPLIED) {
        account->shown.balance += body->amount;
        account->shown.version++;
        end(model, leg, OUTCOME_APPLIED, NULL);
        return;
    }
    struct book_leg back = *leg;
    back.kind = LEG_RETURN;
    back.step = STEP_RETURN;
    back.body.target = body->client;
    back.body.reason = outcome;
    model_saga_pass(model, &back);
}

static void take_credit(struct model *model, const struct book_leg *leg) {
    if (leg->body.type == COMMAND_TRANSFER || leg->body.type == COMMAND_CAPTURE) {
        offer_credit(model, leg);
        return;
    }
    must_add(model, &leg->body);
    if (leg->body.type == COMMAND_REVERSE) {
        end(model, leg, OUTCOME_APPLIED, NULL);
    }
}

static void take_sell(struct model *model, const struct book_leg *leg) {
    struct book_leg next = *leg;
    enum outcome outcome = model_sale_sell(model, leg, &next.body.price);
    if (outcome == OUTCOME_APPLIED && leg->body.type == COMMAND_SUBSCRIBE) {
        end(model, leg, OUTCOME_APPLIED, NULL);
        return;
    }
    next.kind = LEG_SETTLE;
    next.step = STEP_SETTLE;
    next.body.target = leg->body.client;
    next.body.reason = outcome;
    if (outcome == OUTCOME_APPLIED) {
        next.body.seller = books_product(model, leg->body.target.text)->seller;
        next.body.amount = next.body.price * leg->body.quantity;
    }
    model_saga_pass(model, &next);
}

static void pay_seller(struct model *model, const struct book_leg *leg) {
    if (leg->body.seller.len == 0) {
        model->sales += leg->body.amount;
        return;
    }
    struct book_leg next = *leg;
    next.kind = LEG_CREDIT;
    next.step = STEP_CREDIT;
    next.body.target = leg->body.seller;
    next.body.seller = (struct ident){.len = 0};
    model_saga_pass(model, &next);
}

static void take_settle(struct model *model, const struct book_leg *leg) {
    const struct leg_body *body = &leg->body;
    struct book_account *account = books_account(model, body->target.text);
    struct book_entry *order = books_entry(model, model->lane, &body->id);
    must(account != NULL && order != NULL && order->hold == BOOK_HOLD_OPEN && order->is_sale &&
             body->amount <= order->held,
         "a settlement of no hold");
    order->hold = BOOK_HOLD_SETTLED;
    account->shown.held -= order->held;
    account->shown.balance -= body->amount;
    account->shown.version++;
    books_note(model, &body->id,
               &(struct book_row){.account = account, .outcome = OUTCOME_APPLIED});
    if (body->type == COMMAND_PURCHASE || body->reason != OUTCOME_APPLIED) {
        end(model, leg, body->reason, account);
    }
    if (body->amount > 0) {
        pay_seller(model, leg);
    }
}

static void take_cancel(struct model *model, const struct book_leg *leg) {
    enum outcome outcome = model_sale_cancel(model, leg);
    end(model, leg, outcome, NULL);
    if (outcome == OUTCOME_APPLIED) {
        struct book_leg next = *leg;
        next.kind = LEG_SETTLE;
        next.step = STEP_SETTLE;
        next.body.id = leg->body.reference;
        next.body.type = COMMAND_SUBSCRIBE;
        next.body.target = leg->body.client;
        model_saga_pass(model, &next);
    }
}

void model_saga_take(struct model *model, const struct book_leg *leg) {
    switch (leg->kind) {
    case LEG_CREDIT: take_credit(model, leg); return;
    case LEG_RETURN: end(model, leg, leg->body.reason, must_add(model, &leg->body)); return;
    case LEG_SELL: take_sell(model, leg); return;
    case LEG_SETTLE: take_settle(model, leg); return;
    case LEG_CANCEL: take_cancel(model, leg); return;
    case LEG_CHUNK: model_sale_chunk(model, leg); return;
    case LEG_TICK: break;
    }
    must(false, "a tick is no step");
}

static bool same_ident(const struct ident *a, const struct ident *b) {
    return strcmp(a->text, b->text) == 0;
}

bool model_saga_same(const struct book_leg *a, const struct book_leg *b) {
    const struct leg_body *one = &a->body;
    const struct leg_body *two = &b->body;
    bool is_money = a->kind == LEG_CREDIT || a->kind == LEG_RETURN || a->kind == LEG_SETTLE;
    return a->kind == b->kind && one->type == two->type && same_ident(&one->target, &two->target) &&
           same_ident(&one->client, &two->client) &&
           (!is_money || (one->amount == two->amount && same_ident(&one->seller, &two->seller) &&
                          one->reason == two->reason)) &&
           (a->kind != LEG_SELL || (one->quantity == two->quantity && one->price == two->price)) &&
           (a->kind != LEG_CANCEL || uuid_equal(&one->reference, &two->reference)) &&
           (a->kind != LEG_CHUNK || (one->after == two->after && one->chunk == two->chunk));
}

/* A finalized subscription tells its shares by way of the log. */
static void begin_chunks(struct model *model, struct book_leg *leg) {
    const struct book_product *product = books_product(model, leg->body.client.text);
    leg->kind = LEG_CHUNK;
    leg->step = STEP_CHUNK;
    leg->body.target = leg->body.client;
    if (product->subscribed > 0) {
        model_saga_pass(model, leg);
    }
}

static void ask_product(const json_t *command, struct book_leg *leg) {
    bool cancels = leg->body.type == COMMAND_UNSUBSCRIBE;
    leg->kind = cancels ? LEG_CANCEL : LEG_SELL;
    leg->step = cancels ? STEP_CANCEL : STEP_SELL;
    leg->body.target = field_ident(command, "product");
    leg->body.quantity = field_number(command, "quantity", 0);
    leg->body.price = field_number(command, "price", 0);
    if (cancels) {
        leg->body.reference = field_id(command, "subscription");
    }
}

void model_saga_begin(struct model *model, struct book_entry *entry, const json_t *command) {
    const char *type = field_text(command, "type");
    struct book_leg leg = {.origin = model->lane, .body = {.id = entry->shown.id}};
    bool is_known = command_type_parse(type, strlen(type), &leg.body.type);
    must(is_known, "no type %s", type);
    leg.body.client = field_ident(command, entry->shown.is_on_product ? "product" : "account");
    if (leg.body.type == COMMAND_PRODUCT_FINALIZE && entry->shown.outcome == OUTCOME_APPLIED) {
        begin_chunks(model, &leg);
    }
    if (entry->shown.outcome != OUTCOME_PENDING) {
        return;
    }
    entry->shown.is_under_way = true;
    const char *currency = entry->account->shown.currency;
    must(asset_parse(currency, strlen(currency), &leg.body.currency), "no asset %s", currency);
    if (field_has(command, "product")) {
        ask_product(command, &leg);
    } else {
        leg.kind = LEG_CREDIT;
        leg.step = STEP_CREDIT;
        leg.body.target = entry->to;
        leg.body.amount = -entry->change;
    }
    model_saga_pass(model, &leg);
}
