/* The batch under construction: fixed arrays that the lane fills, and shows as a struct batch. */
#ifndef TELLER_CORE_BUILDER_H
#define TELLER_CORE_BUILDER_H

#include <stdbool.h>
#include <stdint.h>

#include "consumer/core/accounts.h"
#include "consumer/core/batch.h"
#include "consumer/core/buyers.h"
#include "consumer/core/holds.h"
#include "consumer/core/products.h"
#include "consumer/core/slot_index.h"
#include "consumer/core/subscriptions.h"

/* The most journal rows that one record leads to: a full group; ticks and chunks are larger. */
#define BUILDER_ROWS_PER_RECORD (1 + COMMAND_GROUP_MAX)
#define BUILDER_ROWS_MOST                                                                          \
    (2 * WANTS_CHUNK_MAX + 1 > WANTS_DUE_MAX ? 2 * WANTS_CHUNK_MAX + 1 : WANTS_DUE_MAX)

struct builder {
    struct journal_row *rows;
    struct account_change *accounts;
    struct hold_change *holds;
    struct system_change *systems;
    struct product_change *products;
    struct subscription_change *subscriptions;
    struct buyer_change *buyers;
    struct quarantine_row *quarantine;
    struct output *outputs;
    size_t sources_dropped;
    struct leg_message *legs;
    struct slot **touched; /* every slot that is noted as changed */
    struct ident *idents;  /* of rows whose account is not known */
    /* What is to be written, as it is when the batch is closed. */
    struct account *account_rows;
    struct hold *hold_rows;
    struct product *product_rows;
    struct subscription *subscription_rows;
    struct buyer *buyer_rows;
    uint32_t rows_count, rows_capacity;
    uint32_t accounts_count, holds_count, products_count, subscriptions_count, buyers_count;
    uint32_t systems_count;
    uint32_t changes_capacity; /* of each kind of changed row, and of sums */
    uint32_t quarantine_count, quarantine_capacity;
    uint32_t outputs_count, outputs_capacity;
    uint32_t legs_count, legs_capacity;
    uint32_t touched_count;
    uint32_t idents_count;
    struct slot_index systems_index;
};

/* records: of one batch. False when out of memory. */
bool builder_init(struct builder *builder, uint32_t records, uint64_t seed);
void builder_close(struct builder *builder);

/* Forgets that slots were changed by this batch: for what comes next they are as committed. */
void builder_let_go(struct builder *builder);

/* Lets go, and forgets the batch. */
void builder_clear(struct builder *builder);

/* Whether `rows` more journal rows, and all else that comes with them, still fit. */
bool builder_has_room(const struct builder *builder, uint32_t rows);

/* A new row, zeroed; it stays where it is until builder_sort_from. */
struct journal_row *builder_add_row(struct builder *builder);

/* Orders the rows from index `first` on as seals want them. */
void builder_sort_from(struct builder *builder, uint32_t first);

/* Note a slot whose row must be written; once per batch however often it is called. */
void builder_note_account(struct builder *builder, struct account_slot *slot);
void builder_note_hold(struct builder *builder, struct hold_slot *slot);
void builder_note_product(struct builder *builder, struct product_slot *slot);
void builder_note_subscription(struct builder *builder, struct subscription_slot *slot);
void builder_note_buyer(struct builder *builder, struct buyer_slot *slot);

/* The sum per role and asset is what gets written; it may be 0. Returns the asset, in a place
 * where it stays as long as the batch. */
const struct asset *builder_add_system(struct builder *builder, enum system_role role,
                                       const struct asset *asset, int64_t delta);

struct quarantine_row *builder_add_quarantine(struct builder *builder);
struct output *builder_add_output(struct builder *builder);
struct leg_message *builder_add_leg(struct builder *builder);

/* Copies a name to where it stays as long as the batch; at most one per row. */
const struct ident *builder_keep_ident(struct builder *builder, const struct ident *ident);

/* Copies the changed rows as they are now, so that the next batch may change them while this one is
 * written, and fills the arrays of *batch; position and seal are the lane's. Once per batch. */
void builder_close_batch(struct builder *builder, struct batch *batch);

#endif
