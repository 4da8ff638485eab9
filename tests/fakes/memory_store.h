/* One lane's share of the database, in memory and in plain lists: answers what a lane wants, and
 * takes its batches behind the same checks as teller.advance. Slow and obvious on purpose. */
#ifndef TELLER_FAKES_MEMORY_STORE_H
#define TELLER_FAKES_MEMORY_STORE_H

#include "consumer/core/lane.h"

struct memory_store {
    struct lane_row row;
    struct account *accounts;
    struct hold *holds;
    struct journal_row *journal; /* pointers in rows are not kept */
    struct system_change *systems;
    struct quarantine_row *quarantine;
    size_t accounts_count, holds_count, journal_count, systems_count, quarantine_count;
};

void memory_store_init(struct memory_store *store, uint16_t lane);
void memory_store_close(struct memory_store *store);

/* Takes the lane: a new epoch for this owner. Returns the row. */
const struct lane_row *memory_store_take(struct memory_store *store, const struct uuid *owner);

void memory_store_start(const struct memory_store *store, struct lane *lane);
void memory_store_load(const struct memory_store *store, struct lane *lane);

/* False: fenced, nothing changed. Aborts on what a constraint of the schema would refuse. */
bool memory_store_commit(struct memory_store *store, const struct batch *batch);

#endif
