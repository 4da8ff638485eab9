/* What the open batch knows of journal rows: those that it makes itself, and those that it asked
 * the database for. Empty again after every batch: committed keys are the fence's and the
 * database's. */
#ifndef TELLER_CORE_ENTRIES_H
#define TELLER_CORE_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/rows.h"
#include "consumer/core/slot_index.h"
#include "consumer/core/wants.h"

/* An entry, or a mark that the database was asked: then what is not here does not exist there. */
enum entry_node_kind { NODE_ENTRY, NODE_ASKED_KEY, NODE_ASKED_REVERSED };

struct entry_node {
    enum entry_node_kind kind;
    struct journal_key key;    /* NODE_ASKED_REVERSED: the id only */
    int64_t account_number;    /* NODE_ASKED_REVERSED */
    const struct entry *entry; /* NODE_ENTRY */
};

struct entries {
    struct entry_node *nodes;
    uint32_t nodes_count;
    uint32_t nodes_capacity;
    struct entry *loaded; /* copies of what the database answered */
    uint32_t loaded_count;
    uint32_t loaded_capacity;
    uint32_t keys_count; /* asked for in this batch */
    uint32_t keys_capacity;
    uint32_t reversed_count; /* likewise */
    uint32_t reversed_capacity;
    struct slot_index by_id;
};

/* rows: of the batch; keys, reversed: that may be asked for. False when out of memory. */
bool entries_init(struct entries *entries, uint32_t rows, uint32_t keys, uint32_t reversed,
                  uint64_t seed);
void entries_close(struct entries *entries);
void entries_clear(struct entries *entries);

/* Whether `keys` more keys, and a reversed command, may be asked for in this batch. */
bool entries_has_room(const struct entries *entries, uint32_t keys);

/* The entry with that key, or NULL. */
const struct entry *entries_find(const struct entries *entries, const struct journal_key *key);

/* Whether entries_find would find the key if it existed anywhere: it was asked for by itself. */
bool entries_asked(const struct entries *entries, const struct journal_key *key);
bool entries_asked_reversed(const struct entries *entries, const struct reversed *reversed);

void entries_note_asked(struct entries *entries, const struct journal_key *key);
void entries_note_asked_reversed(struct entries *entries, const struct reversed *reversed);

/* A row of the open batch; it must stay where it is until entries_clear. */
void entries_add(struct entries *entries, const struct entry *entry);

/* A row from the database; one that is here already is passed over. */
void entries_put(struct entries *entries, const struct entry *entry);

/* All entries of one command that are here, in no order: NULL ends them. */
const struct entry *entries_first(const struct entries *entries, const struct uuid *id,
                                  struct slot_probe *probe);
const struct entry *entries_next(const struct entries *entries, const struct uuid *id,
                                 struct slot_probe *probe);

#endif
