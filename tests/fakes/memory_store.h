/* One lane's share of the database, in memory and in plain lists: answers what a lane wants, and
 * takes its batches behind the same checks as teller.advance. Slow and obvious on purpose. */
#ifndef TELLER_FAKES_MEMORY_STORE_H
#define TELLER_FAKES_MEMORY_STORE_H

#include "consumer/core/lane.h"

/* What a journal row points to while it is in a batch. */
struct memory_text {
    struct ident account; /* len 0: none */
    struct asset asset;   /* likewise */
};

struct memory_store {
    struct lane_row row;
    struct account *accounts;
    struct hold *holds;
    struct journal_row *journal; /* pointers in rows are not kept, but see texts */
    struct memory_text *texts;   /* of the journal row with the same index */
    struct system_change *systems;
    struct quarantine_row *quarantine;
    struct product *products;
    struct subscription *subscriptions;
    struct buyer *buyers;
    size_t accounts_count, holds_count, journal_count, texts_count, systems_count;
    size_t quarantine_count, products_count, subscriptions_count, buyers_count;
    size_t accounts_room, holds_room, journal_room, texts_room, systems_room;
    size_t quarantine_room, products_room, subscriptions_room, buyers_room;
};

void memory_store_init(struct memory_store *store, uint16_t lane);
void memory_store_close(struct memory_store *store);

/* Empty again, as after memory_store_init; memory is kept. */
void memory_store_reset(struct memory_store *store, uint16_t lane);

/* Makes *store what *other is: a backup is taken, or restored. */
void memory_store_copy(struct memory_store *store, const struct memory_store *other);

/* Takes the lane: a new epoch for this owner. Returns the row. */
const struct lane_row *memory_store_take(struct memory_store *store, const struct uuid *owner);

/* Whether the lane is still in the hands that a row tells of, and nothing was applied since. */
bool memory_store_holds(const struct memory_store *store, const struct lane_row *row);

void memory_store_start(const struct memory_store *store, struct lane *lane);
void memory_store_load(const struct memory_store *store, struct lane *lane);

/* Rows as they come, with no check: for whoever writes books of his own. */
void memory_store_add_row(struct memory_store *store, const struct journal_row *row,
                          const struct memory_text *text);
void memory_store_add_account(struct memory_store *store, const struct account *row);
void memory_store_add_hold(struct memory_store *store, const struct hold *row);
void memory_store_add_product(struct memory_store *store, const struct product *row);
void memory_store_add_subscription(struct memory_store *store, const struct subscription *row);
void memory_store_add_buyer(struct memory_store *store, const struct buyer *row);
void memory_store_add_system(struct memory_store *store, const struct system_change *change);

/* False: fenced, nothing changed. Aborts on what a constraint of the schema would refuse. */
bool memory_store_commit(struct memory_store *store, const struct batch *batch);

#endif
