/* Products: made and changed, sold and subscribed, allotted. */
#include <stdio.h>
#include <string.h>

#include "common/money.h"
#include "common/step.h"
#include "consumer/core/wants.h"
#include "tests/harness/model_books.h"
#include "tests/harness/model_steps.h"
#include "tests/harness/must.h"

static enum outcome create(struct model *model, const json_t *command) {
    const char *name = field_text(command, "product");
    if (field_number(command, "expected_version", 0) != 0) {
        return OUTCOME_VERSION_MISMATCH;
    }
    if (books_product(model, name) != NULL) {
        return OUTCOME_PRODUCT_EXISTS;
    }
    struct book_product *product = books_add_product(model, name);
    snprintf(product->currency, sizeof product->currency, "%s", field_text(command, "currency"));
    product->seller = field_ident(command, "seller");
    product->cap = field_number(command, "cap", 0);
    product->cap_per_account = field_number(command, "cap_per_account", 0);
    product->shown.price = field_number(command, "price", 0);
    product->shown.stock = field_number(command, "stock", 0);
    product->shown.is_subscription = strcmp(field_text(command, "mode"), "subscription") == 0;
    product->shown.version = 1;
    return OUTCOME_APPLIED;
}

static enum outcome may_change(const struct book_product *product, const json_t *command,
                               int64_t more) {
    if (field_has(command, "currency") &&
        strcmp(field_text(command, "currency"), product->currency) != 0) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    int64_t version = product->shown.version;
    if (field_number(command, "expected_version", version) != version) {
        return OUTCOME_VERSION_MISMATCH;
    }
    money_wide stock = (money_wide)product->shown.stock + more;
    if (stock + product->shown.sold > INT64_MAX) {
        return OUTCOME_OVERFLOW;
    }
    if (stock < 0) {
        return OUTCOME_OUT_OF_STOCK;
    }
    return product->shown.is_finalized ? OUTCOME_ALREADY_FINALIZED : OUTCOME_APPLIED;
}

static void finalize(struct book_product *product) {
    struct model_product *shown = &product->shown;
    shown->is_finalized = true;
    if (shown->is_subscription) {
        product->allotted = product->subscribed < shown->stock ? product->subscribed : shown->stock;
        shown->stock -= product->allotted;
        shown->sold += product->allotted;
    }
}

enum outcome model_sale_command(struct model *model, const json_t *command) {
    const char *type = field_text(command, "type");
    if (strcmp(type, "product.create") == 0) {
        return create(model, command);
    }
    struct book_product *product = books_product(model, field_text(command, "product"));
    if (product == NULL) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    int64_t more = field_number(command, "quantity", 0);
    enum outcome outcome = may_change(product, command, more);
    if (outcome != OUTCOME_APPLIED) {
        return outcome;
    }
    product->shown.stock += more;
    product->shown.price = field_number(command, "price", product->shown.price);
    product->shown.version++;
    if (strcmp(type, "product.finalize") == 0) {
        finalize(product);
    }
    return OUTCOME_APPLIED;
}

/* Purchase or subscription in the account's lane: the money is held before the product is asked. */
enum outcome model_sale_order(struct book_entry *entry, const json_t *command) {
    struct model_account *account = &entry->account->shown;
    int64_t total = 0;
    bool fits = money_multiply(field_number(command, "price", 0),
                               field_number(command, "quantity", 0), &total);
    if (!fits || rules_available(account) < total) {
        return OUTCOME_INSUFFICIENT_FUNDS;
    }
    account->held += total;
    account->version++;
    entry->hold = BOOK_HOLD_OPEN;
    entry->is_sale = true;
    entry->held = total;
    return OUTCOME_PENDING;
}

static struct book_buyer *buyer_of(struct book_product *product, const struct ident *name) {
    struct book_buyer *buyer = NULL;
    HASH_FIND_STR(product->buyers, name->text, buyer);
    if (buyer == NULL) {
        buyer = books_new(sizeof *buyer);
        buyer->name = *name;
        HASH_ADD_STR(product->buyers, name.text, buyer);
    }
    return buyer;
}

static bool is_over(int64_t had, int64_t quantity, int64_t cap) {
    return cap > 0 && (money_wide)had + quantity > cap;
}

static enum outcome may_sell(struct book_product *product, const struct leg_body *body) {
    bool subscribes = body->type == COMMAND_SUBSCRIBE;
    if (strcmp(body->currency.text, product->currency) != 0) {
        return OUTCOME_CURRENCY_MISMATCH;
    }
    if (subscribes != product->shown.is_subscription) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    if (!subscribes && body->quantity > product->shown.stock) {
        return OUTCOME_OUT_OF_STOCK;
    }
    if (product->shown.price > body->price) {
        return OUTCOME_PRICE_CHANGED;
    }
    if (product->shown.is_finalized) {
        return OUTCOME_ALREADY_FINALIZED;
    }
    bool is_capped = is_over(product->subscribed, subscribes ? body->quantity : 0, product->cap) ||
                     is_over(buyer_of(product, &body->client)->quantity, body->quantity,
                             product->cap_per_account);
    return is_capped ? OUTCOME_CAP_EXCEEDED : OUTCOME_APPLIED;
}

static void subscribe(struct book_product *product, const struct book_leg *leg) {
    struct book_subscription *row = books_new(sizeof *row);
    *row = (struct book_subscription){
        .id = leg->body.id,
        .origin = leg->origin,
        .number = product->last != NULL ? product->last->number + 1 : 1,
        .account = leg->body.client,
        .quantity = leg->body.quantity,
        .price = product->shown.price,
    };
    if (product->last != NULL) {
        product->last->next = row;
    } else {
        product->first = row;
    }
    product->last = row;
    product->subscribed += row->quantity;
}

enum outcome model_sale_sell(struct model *model, const struct book_leg *leg, int64_t *price) {
    struct book_product *product = books_product(model, leg->body.target.text);
    if (product == NULL) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    enum outcome outcome = may_sell(product, &leg->body);
    if (outcome != OUTCOME_APPLIED) {
        return outcome;
    }
    if (leg->body.type == COMMAND_SUBSCRIBE) {
        subscribe(product, leg);
    } else {
        product->shown.stock -= leg->body.quantity;
        product->shown.sold += leg->body.quantity;
    }
    buyer_of(product, &leg->body.client)->quantity += leg->body.quantity;
    product->shown.version++;
    *price = product->shown.price;
    return OUTCOME_APPLIED;
}

static struct book_subscription *find(struct book_product *product, const struct book_leg *leg) {
    struct book_subscription *row = product->first;
    while (row != NULL &&
           !(uuid_equal(&row->id, &leg->body.reference) && row->origin == leg->origin)) {
        row = row->next;
    }
    return row;
}

enum outcome model_sale_cancel(struct model *model, const struct book_leg *leg) {
    struct book_product *product = books_product(model, leg->body.target.text);
    if (product == NULL) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    if (product->shown.is_finalized) {
        return OUTCOME_ALREADY_FINALIZED;
    }
    struct book_subscription *row = find(product, leg);
    if (row == NULL || !ident_equal(&row->account, &leg->body.client)) {
        return OUTCOME_NO_SUCH_COMMAND;
    }
    if (row->state != BOOK_SUBSCRIBED) {
        return OUTCOME_HOLD_SETTLED;
    }
    row->state = BOOK_CANCELLED;
    product->subscribed -= row->quantity;
    product->shown.version++;
    buyer_of(product, &row->account)->quantity -= row->quantity;
    return OUTCOME_APPLIED;
}

/* Largest remainder, ties to the earlier: one unit more for those with few enough before them. */
static int64_t share_of(const struct book_product *product, const struct book_subscription *own) {
    int64_t left = product->allotted;
    int64_t before = 0;
    money_wide total = product->subscribed;
    money_wide own_rest = (money_wide)own->quantity * product->allotted % total;
    for (const struct book_subscription *row = product->first; row != NULL; row = row->next) {
        if (row->state != BOOK_CANCELLED) {
            money_wide rest = (money_wide)row->quantity * product->allotted % total;
            left -= (int64_t)((money_wide)row->quantity * product->allotted / total);
            before += rest > own_rest || (rest == own_rest && row->number < own->number);
        }
    }
    return (int64_t)((money_wide)own->quantity * product->allotted / total) + (before < left);
}

static void settle_share(struct model *model, const struct book_product *product,
                         struct book_subscription *row) {
    struct book_leg leg = {
        .kind = LEG_SETTLE,
        .origin = row->origin,
        .step = STEP_SETTLE,
        .body = {.id = row->id,
                 .type = COMMAND_SUBSCRIBE,
                 .target = row->account,
                 .client = row->account,
                 .seller = product->seller,
                 .price = row->price},
    };
    leg.body.quantity = share_of(product, row);
    leg.body.amount = leg.body.quantity * row->price;
    must(asset_parse(product->currency, strlen(product->currency), &leg.body.currency), "asset");
    row->state = BOOK_ALLOTTED;
    model_saga_pass(model, &leg);
}

void model_sale_chunk(struct model *model, const struct book_leg *leg) {
    struct book_product *product = books_product(model, leg->body.target.text);
    int64_t last = leg->body.after;
    int taken = 0;
    for (struct book_subscription *row = product->first; row != NULL && taken < WANTS_CHUNK_MAX;
         row = row->next) {
        if (row->number > leg->body.after) {
            taken++;
            last = row->number;
            if (row->state == BOOK_SUBSCRIBED) {
                settle_share(model, product, row);
            }
        }
    }
    if (taken == WANTS_CHUNK_MAX) {
        struct book_leg next = *leg;
        next.step++;
        next.body.chunk++;
        next.body.after = last;
        model_saga_pass(model, &next);
    }
}
