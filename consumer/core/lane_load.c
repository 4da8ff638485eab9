/* Answers of the database: rows into memory. */
#include "common/check.h"
#include "consumer/core/lane_state.h"

void lane_put_account(struct lane *lane, const struct account *row) {
    accounts_put(&lane->accounts, row);
}

void lane_put_entry(struct lane *lane, const struct entry *entry) {
    entries_put(&lane->entries, entry);
}

void lane_put_hold(struct lane *lane, const struct hold *row) {
    holds_put(&lane->holds, row);
}

void lane_put_next_due(struct lane *lane, int64_t expiry_ms) {
    lane->next_due_ms = expiry_ms;
}

void lane_put_product(struct lane *lane, const struct product *row) {
    products_put(&lane->products, row);
}

void lane_put_subscription(struct lane *lane, const struct subscription *row) {
    subscriptions_put(&lane->subscriptions, row);
}

void lane_put_buyer(struct lane *lane, const struct buyer *row) {
    buyers_put(&lane->buyers, row);
}

void lane_put_share(struct lane *lane, int64_t number, int64_t quantity) {
    allotment_add(&lane->allotment, number, quantity);
}

/* What was asked for and not put does not exist. */
static void settle(struct slot *slot) {
    if (slot->memory == SLOT_WANTED) {
        slot->memory = SLOT_MISSING;
    }
}

static void settle_rows(struct lane *lane, const struct wants *wants) {
    for (size_t i = 0; i < wants->accounts_count; i++) {
        settle(&accounts_find(&lane->accounts, &wants->accounts[i])->slot);
    }
    for (size_t i = 0; i < wants->holds_count; i++) {
        settle(&holds_find(&lane->holds, &wants->holds[i])->slot);
    }
    for (size_t i = 0; i < wants->products_count; i++) {
        settle(&products_find(&lane->products, &wants->products[i])->slot);
    }
    for (size_t i = 0; i < wants->subscriptions_count; i++) {
        settle(&subscriptions_find(&lane->subscriptions, &wants->subscriptions[i])->slot);
    }
    for (size_t i = 0; i < wants->buyers_count; i++) {
        settle(&buyers_find(&lane->buyers, &wants->buyers[i])->slot);
    }
}

void lane_loaded(struct lane *lane) {
    CHECK(lane->phase == PHASE_FILLING && lane->flight.state == FLIGHT_NONE);
    const struct wants *wants = &lane->wants.view;
    settle_rows(lane, wants);
    lane->due_loaded = lane->due_loaded || wants->due;
    if (wants->shares_of != 0) {
        lane->allotment.product_number = wants->shares_of;
    }
    if (wants->chunk_of != 0) {
        lane->chunk.product_number = wants->chunk_of;
        lane->chunk.after = wants->chunk_after;
    }
    wants_buffer_clear(&lane->wants);
}
