/* The arrays behind struct wants, of fixed room. Adding to a full one is a bug of the caller, who
 * asks wants_buffer_has_room first. */
#ifndef TELLER_CORE_WANTS_BUFFER_H
#define TELLER_CORE_WANTS_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/wants.h"

#define WANTS_IDS_MAX 64 /* commands that one batch may ask all entries of */

struct wants_buffer {
    struct wants view; /* what the caller of the lane sees */
    struct ident *accounts;
    int64_t *numbers;
    struct journal_key *keys;
    struct uuid *ids;
    struct uuid *holds;
    uint32_t records; /* room of accounts and keys */
    uint32_t holds_capacity;
};

/* False when out of memory. */
bool wants_buffer_init(struct wants_buffer *buffer, uint32_t records, uint32_t holds);
void wants_buffer_close(struct wants_buffer *buffer);
void wants_buffer_clear(struct wants_buffer *buffer);
bool wants_buffer_empty(const struct wants_buffer *buffer);

/* Whether everything that one more record may want fits. */
bool wants_buffer_has_room(const struct wants_buffer *buffer);

void wants_add_account(struct wants_buffer *buffer, const struct ident *id);
void wants_add_number(struct wants_buffer *buffer, int64_t number);
void wants_add_key(struct wants_buffer *buffer, const struct journal_key *key);
void wants_add_id(struct wants_buffer *buffer, const struct uuid *id);
void wants_add_hold(struct wants_buffer *buffer, const struct uuid *id);
void wants_set_due(struct wants_buffer *buffer, int64_t due_ms);

#endif
