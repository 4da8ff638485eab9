/* Products: made and changed, sold and subscribed, allotted. */
#include "common/check.h"
#include "tests/sim/page.h"

static enum outcome create(struct page *page) {
    const struct command *command = &page->record->command;
    if ((command->given & GIVEN_EXPECTED_VERSION) != 0 && command->expected_version != 0) {
        return OUTCOME_VERSION_MISMATCH;
    }
    if (page_product(page, &command->entity) != NULL) {
        return OUTCOME_PRODUCT_EXISTS;
    }
    memory_store_add_product(page->books, &(struct product){
                                              .number = page->books->row.next_number++,
                                              .id = command->entity,
                                              .currency = command->currency,
                                              .seller = command->seller,
                                              .price = command->price,
                                              .cap = command->cap,
                                              .cap_per_account = command->cap_per_account,
                                              .next_subscription = 1,
                                              .mode = command->mode,
                                              .state = PRODUCT_OPEN,
                                          });
    struct line line = page_own(page, OUTCOME_APPLIED);
    line.amount = command->stock;
    line.price = command->price;
    page_post_product(page, page_product(page, &command->entity), &line);
    return OUTCOME_APPLIED;
}

static void change(struct page *page, struct product *product, struct line *line) {
    const struct command *command = &page->record->command;
    if (command->type == COMMAND_PRODUCT_RESTOCK) {
        line->amount = command->quantity;
    } else if (command->type == COMMAND_PRODUCT_PRICE) {
        product->price = command->price;
        line->price = command->price;
    } else {
        line->price = product->price;
        product->state = PRODUCT_FINALIZED;
        if (product->mode == PRODUCT_SUBSCRIPTION && product->subscribed > 0) {
            product->allot_total = product->subscribed;
            line->held_delta =
                product->stock < product->subscribed ? product->stock : product->subscribed;
            line->amount = -line->held_delta;
        }
    }
}

enum outcome oracle_product_command(struct page *page) {
    const struct command *command = &page->record->command;
    if (command->type == COMMAND_PRODUCT_CREATE) {
        return create(page);
    }
    struct product *product = page_product(page, &command->entity);
    if (product == NULL) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    enum outcome refusal = page_agreement(command, &product->currency, product->version);
    if (command->type == COMMAND_PRODUCT_RESTOCK) {
        money_wide stock = (money_wide)product->stock + command->quantity;
        page_object(&refusal, stock < 0, OUTCOME_OUT_OF_STOCK);
        page_object(&refusal, stock + product->sold > INT64_MAX, OUTCOME_OVERFLOW);
    }
    page_object(&refusal, product->state == PRODUCT_FINALIZED, OUTCOME_ALREADY_FINALIZED);
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    struct line line = page_own(page, OUTCOME_APPLIED);
    change(page, product, &line);
    page_post_product(page, product, &line);
    return OUTCOME_APPLIED;
}

/* Purchase, subscribe, unsubscribe in the account's lane. */
enum outcome oracle_order(struct page *page) {
    const struct command *command = &page->record->command;
    struct account *account = page_account(page, &command->entity);
    enum outcome refusal = page_standing(account, command->type);
    if (refusal == OUTCOME_APPLIED) {
        refusal = page_agreement(command, &account->currency, account->version);
    }
    struct line line = page_own(page, OUTCOME_PENDING);
    if (refusal == OUTCOME_APPLIED && command->type == COMMAND_UNSUBSCRIBE) {
        page_note(page, &command->entity, &line);
        return OUTCOME_PENDING;
    }
    int64_t total = 0;
    if (refusal == OUTCOME_APPLIED) {
        bool fits = money_multiply(command->price, command->quantity, &total);
        refusal = fits ? page_may_take(account, total) : OUTCOME_INSUFFICIENT_FUNDS;
    }
    if (refusal != OUTCOME_APPLIED) {
        return refusal;
    }
    bool buys = command->type == COMMAND_PURCHASE;
    memory_store_add_hold(page->books, &(struct hold){
                                           .id = command->id,
                                           .origin = page->lane,
                                           .account_number = account->number,
                                           .amount = total,
                                           .expires_at_ms = HOLD_NEVER,
                                           .state = HOLD_OPEN,
                                           .kind = buys ? HOLD_PURCHASE : HOLD_SUBSCRIPTION,
                                       });
    line.held_delta = total;
    line.price = command->price;
    page_post(page, account, &line);
    return OUTCOME_PENDING;
}

static enum outcome may_sell(const struct page *page, const struct product *product,
                             const struct leg_body *body) {
    if (product == NULL) {
        return OUTCOME_NO_SUCH_PRODUCT;
    }
    bool subscribes = body->type == COMMAND_SUBSCRIBE;
    const int64_t *had = page_bought(page, product->number, &body->client);
    enum outcome refusal = OUTCOME_APPLIED;
    page_object(&refusal, !asset_equal(&body->currency, &product->currency),
                OUTCOME_CURRENCY_MISMATCH);
    page_object(&refusal, subscribes != (product->mode == PRODUCT_SUBSCRIPTION),
                OUTCOME_NO_SUCH_PRODUCT);
    page_object(&refusal, !subscribes && body->quantity > product->stock, OUTCOME_OUT_OF_STOCK);
    page_object(&refusal, product->price > body->price, OUTCOME_PRICE_CHANGED);
    page_object(&refusal, product->state == PRODUCT_FINALIZED, OUTCOME_ALREADY_FINALIZED);
    page_object(&refusal,
                subscribes && product->cap > 0 &&
                    product->subscribed + body->quantity > product->cap,
                OUTCOME_CAP_EXCEEDED);
    page_object(&refusal,
                product->cap_per_account > 0 &&
                    (had == NULL ? 0 : *had) + body->quantity > product->cap_per_account,
                OUTCOME_CAP_EXCEEDED);
    return refusal;
}

static void count(struct page *page, const struct product *product, const struct ident *account,
                  int64_t quantity) {
    int64_t *had = page_bought(page, product->number, account);
    if (product->cap_per_account == 0) {
        return;
    }
    if (had != NULL) {
        *had += quantity;
    } else {
        memory_store_add_buyer(page->books, &(struct buyer){product->number, *account, quantity});
    }
}

enum outcome oracle_sell(struct page *page, const struct leg_body *body, uint16_t origin,
                         struct line *line) {
    struct product *product = page_product(page, &body->target);
    line->counter = &body->client;
    line->outcome = may_sell(page, product, body);
    if (line->outcome != OUTCOME_APPLIED) {
        page_note_product(page, &body->target, line);
        return line->outcome;
    }
    line->price = product->price;
    if (body->type == COMMAND_PURCHASE) {
        line->amount = -body->quantity;
        line->held_delta = body->quantity;
    } else {
        memory_store_add_subscription(page->books, &(struct subscription){
                                                       .id = body->id,
                                                       .origin = origin,
                                                       .number = product->next_subscription++,
                                                       .product_number = product->number,
                                                       .account = body->client,
                                                       .quantity = body->quantity,
                                                       .price = product->price,
                                                       .state = SUBSCRIPTION_OPEN,
                                                   });
        product->subscribed += body->quantity;
    }
    count(page, product, &body->client, body->quantity);
    page_post_product(page, product, line);
    return OUTCOME_APPLIED;
}

enum outcome oracle_cancel(struct page *page, const struct leg_body *body, uint16_t origin,
                           struct line *line) {
    struct product *product = page_product(page, &body->target);
    struct subscription *found = page_subscription(page, &body->reference, origin);
    line->counter = &body->client;
    page_object(&line->outcome, product == NULL, OUTCOME_NO_SUCH_PRODUCT);
    page_object(&line->outcome, product != NULL && product->state == PRODUCT_FINALIZED,
                OUTCOME_ALREADY_FINALIZED);
    bool is_his = product != NULL && found != NULL && found->product_number == product->number &&
                  ident_equal(&found->account, &body->client);
    page_object(&line->outcome, !is_his, OUTCOME_NO_SUCH_COMMAND);
    page_object(&line->outcome, is_his && found->state != SUBSCRIPTION_OPEN, OUTCOME_HOLD_SETTLED);
    if (line->outcome != OUTCOME_APPLIED) {
        page_note_product(page, &body->target, line);
        return line->outcome;
    }
    found->state = SUBSCRIPTION_CANCELLED;
    product->subscribed -= found->quantity;
    count(page, product, &body->client, -found->quantity);
    page_post_product(page, product, line);
    return OUTCOME_APPLIED;
}

/* Largest remainder, ties to the earlier: one more unit while fewer than `left` stand before. */
int64_t oracle_share(const struct page *page, const struct product *product,
                     const struct subscription *own) {
    int64_t left = product->sold;
    int64_t before = 0;
    int64_t own_rest = own->quantity * product->sold % product->allot_total;
    for (size_t i = 0; i < page->books->subscriptions_count; i++) {
        const struct subscription *other = &page->books->subscriptions[i];
        if (other->product_number != product->number || other->state == SUBSCRIPTION_CANCELLED) {
            continue;
        }
        int64_t rest = other->quantity * product->sold % product->allot_total;
        left -= other->quantity * product->sold / product->allot_total;
        before += rest > own_rest || (rest == own_rest && other->number < own->number);
    }
    return own->quantity * product->sold / product->allot_total + (before < left ? 1 : 0);
}
