#include "tests/sim/page.h"

#include <stdio.h>
#include <string.h>

#include "common/check.h"

struct account *page_account(const struct page *page, const struct ident *id) {
    for (size_t i = 0; i < page->books->accounts_count; i++) {
        if (ident_equal(&page->books->accounts[i].id, id)) {
            return &page->books->accounts[i];
        }
    }
    return NULL;
}

struct hold *page_hold(const struct page *page, const struct uuid *id) {
    for (size_t i = 0; i < page->books->holds_count; i++) {
        if (uuid_equal(&page->books->holds[i].id, id)) {
            return &page->books->holds[i];
        }
    }
    return NULL;
}

struct product *page_product(const struct page *page, const struct ident *id) {
    for (size_t i = 0; i < page->books->products_count; i++) {
        if (ident_equal(&page->books->products[i].id, id)) {
            return &page->books->products[i];
        }
    }
    return NULL;
}

struct subscription *page_subscription(const struct page *page, const struct uuid *id,
                                       uint16_t origin) {
    for (size_t i = 0; i < page->books->subscriptions_count; i++) {
        struct subscription *row = &page->books->subscriptions[i];
        if (row->origin == origin && uuid_equal(&row->id, id)) {
            return row;
        }
    }
    return NULL;
}

int64_t *page_bought(const struct page *page, int64_t product, const struct ident *account) {
    for (size_t i = 0; i < page->books->buyers_count; i++) {
        struct buyer *row = &page->books->buyers[i];
        if (row->product_number == product && ident_equal(&row->account, account)) {
            return &row->quantity;
        }
    }
    return NULL;
}

const struct journal_row *page_row(const struct page *page, const struct journal_key *key) {
    for (size_t i = 0; i < page->books->journal_count; i++) {
        if (journal_key_equal(&page->books->journal[i].entry.key, key)) {
            return &page->books->journal[i];
        }
    }
    return NULL;
}

struct line page_own(const struct page *page, enum outcome outcome) {
    const struct command *command = &page->record->command;
    return (struct line){
        .key = {.id = command->id, .origin = page->lane, .step = STEP_CLIENT},
        .type = command->type,
        .outcome = outcome,
        .detail = "",
        .counter = command->product.len > 0 ? &command->product : NULL,
    };
}

static struct journal_row start_row(const struct page *page, const struct line *line) {
    struct journal_row row = {.held_delta = line->held_delta, .counter_role = SYSTEM_NONE};
    row.entry.key = line->key;
    row.entry.log_offset = page->record->record.offset;
    row.entry.type = (int)line->type;
    row.entry.outcome = line->outcome;
    row.entry.at_ms = page->at_ms;
    row.entry.amount = line->amount;
    row.entry.price = line->price;
    row.counter_role = line->amount != 0 ? line->role : SYSTEM_NONE;
    snprintf(row.entry.detail, sizeof row.entry.detail, "%s", line->detail);
    if (line->counter != NULL) {
        row.entry.counter = *line->counter;
    }
    return row;
}

static void show(struct journal_row *row, int64_t number, int64_t balance, int64_t held,
                 int64_t version) {
    row->entry.account_number = number;
    row->entry.balance = balance;
    row->entry.held = held;
    row->entry.version = version;
}

static const struct memory_text no_text = {.account = {.len = 0}};

static void write_unknown(struct page *page, const struct ident *entity, struct journal_row *row) {
    memory_store_add_row(page->books, row, &(struct memory_text){.account = *entity});
}

void page_note(struct page *page, const struct ident *entity, const struct line *line) {
    struct journal_row row = start_row(page, line);
    const struct account *account = page_account(page, entity);
    if (account == NULL) {
        write_unknown(page, entity, &row);
        return;
    }
    show(&row, account->number, account->balance, account->held, account->version);
    memory_store_add_row(page->books, &row, &no_text);
}

void page_note_product(struct page *page, const struct ident *entity, const struct line *line) {
    struct journal_row row = start_row(page, line);
    const struct product *product = page_product(page, entity);
    if (product == NULL) {
        write_unknown(page, entity, &row);
        return;
    }
    show(&row, product->number, product->stock, product->sold, product->version);
    memory_store_add_row(page->books, &row, &no_text);
}

static void chain(struct journal_row *row, int64_t *version, struct journal_key *last) {
    row->has_previous = *version > 0;
    if (row->has_previous) {
        row->previous = *last;
    }
    *last = row->entry.key;
    (*version)++;
}

void page_post(struct page *page, struct account *account, const struct line *line) {
    struct journal_row row = start_row(page, line);
    chain(&row, &account->version, &account->last);
    account->balance += line->amount;
    account->held += line->held_delta;
    show(&row, account->number, account->balance, account->held, account->version);
    memory_store_add_row(page->books, &row, &no_text);
    struct system_change other = {line->role, account->currency, -(money_wide)line->amount};
    if (line->amount != 0) {
        memory_store_add_system(page->books, &other);
    }
}

void page_post_product(struct page *page, struct product *product, const struct line *line) {
    struct journal_row row = start_row(page, line);
    chain(&row, &product->version, &product->last);
    product->stock += line->amount;
    product->sold += line->held_delta;
    show(&row, product->number, product->stock, product->sold, product->version);
    memory_store_add_row(page->books, &row, &no_text);
}

void page_suspend(struct page *page, const struct leg_body *body, const struct line *line) {
    struct journal_row row = start_row(page, line);
    const struct memory_text text = {.account = body->target, .asset = body->currency};
    memory_store_add_row(page->books, &row, &text);
    memory_store_add_system(page->books, &(struct system_change){SYSTEM_TRANSIT, body->currency,
                                                                 -(money_wide)body->amount});
    memory_store_add_system(page->books,
                            &(struct system_change){SYSTEM_SUSPENSE, body->currency, body->amount});
}

void page_object(enum outcome *refusal, bool wrong, enum outcome reason) {
    if (wrong && (*refusal == OUTCOME_APPLIED || reason < *refusal)) {
        *refusal = reason;
    }
}

static bool stops_when_frozen(enum command_type type) {
    return type == COMMAND_DEPOSIT || type == COMMAND_WITHDRAW || type == COMMAND_TRANSFER ||
           type == COMMAND_HOLD || type == COMMAND_REVERSE || type == COMMAND_GROUP ||
           type == COMMAND_PURCHASE || type == COMMAND_SUBSCRIBE || type == COMMAND_CAPTURE;
}

enum outcome page_standing(const struct account *account, enum command_type type) {
    if (account == NULL) {
        return OUTCOME_NO_SUCH_ACCOUNT;
    }
    if (account->state == ACCOUNT_CLOSED) {
        return OUTCOME_ACCOUNT_CLOSED;
    }
    bool frozen = account->state == ACCOUNT_FROZEN && stops_when_frozen(type);
    return frozen ? OUTCOME_ACCOUNT_FROZEN : OUTCOME_APPLIED;
}

enum outcome page_agreement(const struct command *command, const struct asset *asset,
                            int64_t version) {
    enum outcome refusal = OUTCOME_APPLIED;
    bool names_asset = (command->given & GIVEN_CURRENCY) != 0;
    bool names_version = (command->given & GIVEN_EXPECTED_VERSION) != 0;
    page_object(&refusal, names_asset && !asset_equal(&command->currency, asset),
                OUTCOME_CURRENCY_MISMATCH);
    page_object(&refusal, names_version && command->expected_version != version,
                OUTCOME_VERSION_MISMATCH);
    return refusal;
}

enum outcome page_may_add(const struct account *account, int64_t amount) {
    enum outcome refusal = OUTCOME_APPLIED;
    money_wide balance = (money_wide)account->balance + amount;
    page_object(&refusal, account->ceiling < MONEY_MAX && balance > account->ceiling,
                OUTCOME_CEILING_EXCEEDED);
    page_object(&refusal, balance > MONEY_MAX || balance - account->floor > MONEY_MAX,
                OUTCOME_OVERFLOW);
    return refusal;
}

enum outcome page_may_take(const struct account *account, int64_t amount) {
    money_wide available = (money_wide)account->balance - account->held - account->floor;
    return available < amount ? OUTCOME_INSUFFICIENT_FUNDS : OUTCOME_APPLIED;
}
