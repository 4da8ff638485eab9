/* The arrays behind struct wants, of fixed room. Adding to a full one is a bug of the caller, who
 * asks wants_buffer_has_room first. */
#ifndef TELLER_CORE_WANTS_BUFFER_H
#define TELLER_CORE_WANTS_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/wants.h"

#define WANTS_REVERSED_MAX 64 /* reversed commands that one batch may ask for */

struct wants_buffer {
    struct wants view; /* what the caller of the lane sees */
    struct ident *accounts;
    int64_t *numbers;
    struct journal_key *keys;
    struct reversed *reversed;
    struct uuid *holds;
    struct ident *products;
    struct subscription_key *subscriptions;
    struct buyer_key *buyers;
    uint32_t capacity; /* of each, numbers and reversed aside */
};

/* False when out of memory. */
bool wants_buffer_init(struct wants_buffer *buffer, uint32_t records);
void wants_buffer_close(struct wants_buffer *buffer);
void wants_buffer_clear(struct wants_buffer *buffer);
bool wants_buffer_empty(const struct wants_buffer *buffer);

/* Whether everything that one more record may want fits; `most` of each kind. */
bool wants_buffer_has_room(const struct wants_buffer *buffer, uint32_t most);

void wants_add_account(struct wants_buffer *buffer, const struct ident *id);
void wants_add_number(struct wants_buffer *buffer, int64_t number);
void wants_add_key(struct wants_buffer *buffer, const struct journal_key *key);
void wants_add_reversed(struct wants_buffer *buffer, const struct reversed *reversed);
void wants_add_hold(struct wants_buffer *buffer, const struct uuid *id);
void wants_add_product(struct wants_buffer *buffer, const struct ident *id);
void wants_add_subscription(struct wants_buffer *buffer, const struct subscription_key *key);
void wants_add_buyer(struct wants_buffer *buffer, const struct buyer_key *key);
void wants_set_shares(struct wants_buffer *buffer, int64_t product_number);
void wants_set_chunk(struct wants_buffer *buffer, int64_t product_number, int64_t after);
void wants_set_due(struct wants_buffer *buffer, int64_t due_ms);

#endif
