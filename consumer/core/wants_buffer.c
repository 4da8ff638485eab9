#include "consumer/core/wants_buffer.h"

#include <stdlib.h>

#include "common/check.h"

#define ALLOCATE(array, count) (((array) = malloc((count) * sizeof *(array))) != NULL)

/* Room for every record of a batch and for one that wants a chunk's worth at once. */
bool wants_buffer_init(struct wants_buffer *buffer, uint32_t records) {
    *buffer = (struct wants_buffer){.capacity = 3 * records + 3 * WANTS_CHUNK_MAX + 64};
    if (ALLOCATE(buffer->accounts, buffer->capacity) && ALLOCATE(buffer->numbers, WANTS_DUE_MAX) &&
        ALLOCATE(buffer->keys, buffer->capacity) &&
        ALLOCATE(buffer->reversed, WANTS_REVERSED_MAX) &&
        ALLOCATE(buffer->holds, buffer->capacity) && ALLOCATE(buffer->products, buffer->capacity) &&
        ALLOCATE(buffer->subscriptions, buffer->capacity) &&
        ALLOCATE(buffer->buyers, buffer->capacity)) {
        wants_buffer_clear(buffer);
        return true;
    }
    wants_buffer_close(buffer);
    return false;
}

void wants_buffer_close(struct wants_buffer *buffer) {
    free(buffer->accounts);
    free(buffer->numbers);
    free(buffer->keys);
    free(buffer->reversed);
    free(buffer->holds);
    free(buffer->products);
    free(buffer->subscriptions);
    free(buffer->buyers);
    *buffer = (struct wants_buffer){.accounts = NULL};
}

void wants_buffer_clear(struct wants_buffer *buffer) {
    buffer->view = (struct wants){
        .accounts = buffer->accounts,
        .numbers = buffer->numbers,
        .keys = buffer->keys,
        .reversed = buffer->reversed,
        .holds = buffer->holds,
        .products = buffer->products,
        .subscriptions = buffer->subscriptions,
        .buyers = buffer->buyers,
    };
}

bool wants_buffer_empty(const struct wants_buffer *buffer) {
    const struct wants *view = &buffer->view;
    return view->accounts_count + view->numbers_count + view->keys_count + view->reversed_count +
                   view->holds_count + view->products_count + view->subscriptions_count +
                   view->buyers_count ==
               0 &&
           !view->due && view->shares_of == 0 && view->chunk_of == 0;
}

bool wants_buffer_has_room(const struct wants_buffer *buffer, uint32_t most) {
    const struct wants *view = &buffer->view;
    return view->accounts_count + most <= buffer->capacity &&
           view->keys_count + most <= buffer->capacity &&
           view->reversed_count < WANTS_REVERSED_MAX &&
           view->holds_count + most <= buffer->capacity &&
           view->products_count + most <= buffer->capacity &&
           view->subscriptions_count + most <= buffer->capacity &&
           view->buyers_count + most <= buffer->capacity;
}

void wants_add_account(struct wants_buffer *buffer, const struct ident *id) {
    CHECK(buffer->view.accounts_count < buffer->capacity);
    buffer->accounts[buffer->view.accounts_count++] = *id;
}

void wants_add_number(struct wants_buffer *buffer, int64_t number) {
    for (size_t i = 0; i < buffer->view.numbers_count; i++) {
        if (buffer->numbers[i] == number) {
            return;
        }
    }
    CHECK(buffer->view.numbers_count < WANTS_DUE_MAX);
    buffer->numbers[buffer->view.numbers_count++] = number;
}

void wants_add_key(struct wants_buffer *buffer, const struct journal_key *key) {
    CHECK(buffer->view.keys_count < buffer->capacity);
    buffer->keys[buffer->view.keys_count++] = *key;
}

void wants_add_reversed(struct wants_buffer *buffer, const struct reversed *reversed) {
    CHECK(buffer->view.reversed_count < WANTS_REVERSED_MAX);
    buffer->reversed[buffer->view.reversed_count++] = *reversed;
}

void wants_add_hold(struct wants_buffer *buffer, const struct uuid *id) {
    CHECK(buffer->view.holds_count < buffer->capacity);
    buffer->holds[buffer->view.holds_count++] = *id;
}

void wants_add_product(struct wants_buffer *buffer, const struct ident *id) {
    CHECK(buffer->view.products_count < buffer->capacity);
    buffer->products[buffer->view.products_count++] = *id;
}

void wants_add_subscription(struct wants_buffer *buffer, const struct subscription_key *key) {
    CHECK(buffer->view.subscriptions_count < buffer->capacity);
    buffer->subscriptions[buffer->view.subscriptions_count++] = *key;
}

void wants_add_buyer(struct wants_buffer *buffer, const struct buyer_key *key) {
    CHECK(buffer->view.buyers_count < buffer->capacity);
    buffer->buyers[buffer->view.buyers_count++] = *key;
}

void wants_set_shares(struct wants_buffer *buffer, int64_t product_number) {
    buffer->view.shares_of = product_number;
}

void wants_set_chunk(struct wants_buffer *buffer, int64_t product_number, int64_t after) {
    buffer->view.chunk_of = product_number;
    buffer->view.chunk_after = after;
}

void wants_set_due(struct wants_buffer *buffer, int64_t due_ms) {
    buffer->view.due = true;
    buffer->view.due_ms = due_ms;
}
