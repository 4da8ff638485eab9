#include "consumer/core/entries.h"

#include <stdlib.h>

#include "common/check.h"

bool entries_init(struct entries *entries, uint32_t rows, uint32_t keys, uint32_t reversed,
                  uint64_t seed) {
    uint32_t loaded = keys + reversed * (WANTS_ROWS_PER_REVERSED + 1);
    *entries = (struct entries){
        .nodes_capacity = rows + keys + reversed + loaded,
        .loaded_capacity = loaded,
        .keys_capacity = keys,
        .reversed_capacity = reversed,
    };
    entries->nodes = malloc(entries->nodes_capacity * sizeof *entries->nodes);
    entries->loaded = malloc(loaded * sizeof *entries->loaded);
    if (entries->nodes == NULL || entries->loaded == NULL ||
        !slot_index_init(&entries->by_id, entries->nodes_capacity, seed)) {
        entries_close(entries);
        return false;
    }
    return true;
}

void entries_close(struct entries *entries) {
    slot_index_close(&entries->by_id);
    free(entries->nodes);
    free(entries->loaded);
    entries->nodes = NULL;
    entries->loaded = NULL;
}

bool entries_has_room(const struct entries *entries, uint32_t keys) {
    return entries->keys_count + keys <= entries->keys_capacity &&
           entries->reversed_count < entries->reversed_capacity;
}

void entries_clear(struct entries *entries) {
    /* A small batch takes back its few nodes instead of wiping a large table. */
    if (entries->nodes_count < entries->nodes_capacity / 64) {
        for (uint32_t i = 0; i < entries->nodes_count; i++) {
            slot_index_remove(&entries->by_id,
                              uuid_hash(&entries->nodes[i].key.id, entries->by_id.seed), i);
        }
    } else {
        slot_index_clear(&entries->by_id);
    }
    entries->nodes_count = 0;
    entries->loaded_count = 0;
    entries->keys_count = 0;
    entries->reversed_count = 0;
}

/* The next node of that id and kind behind the probe, from slot `s` on. */
static const struct entry_node *node_of_kind(const struct entries *entries, const struct uuid *id,
                                             enum entry_node_kind kind, uint32_t s,
                                             struct slot_probe *probe) {
    for (; s != SLOT_NONE; s = slot_index_next(&entries->by_id, probe)) {
        const struct entry_node *node = &entries->nodes[s];
        if (node->kind == kind && uuid_equal(&node->key.id, id)) {
            return node;
        }
    }
    return NULL;
}

static const struct entry_node *first_node(const struct entries *entries, const struct uuid *id,
                                           enum entry_node_kind kind, struct slot_probe *probe) {
    uint32_t s = slot_index_first(&entries->by_id, uuid_hash(id, entries->by_id.seed), probe);
    return node_of_kind(entries, id, kind, s, probe);
}

static const struct entry_node *next_node(const struct entries *entries, const struct uuid *id,
                                          enum entry_node_kind kind, struct slot_probe *probe) {
    return node_of_kind(entries, id, kind, slot_index_next(&entries->by_id, probe), probe);
}

const struct entry *entries_first(const struct entries *entries, const struct uuid *id,
                                  struct slot_probe *probe) {
    const struct entry_node *node = first_node(entries, id, NODE_ENTRY, probe);
    return node == NULL ? NULL : node->entry;
}

const struct entry *entries_next(const struct entries *entries, const struct uuid *id,
                                 struct slot_probe *probe) {
    const struct entry_node *node = next_node(entries, id, NODE_ENTRY, probe);
    return node == NULL ? NULL : node->entry;
}

const struct entry *entries_find(const struct entries *entries, const struct journal_key *key) {
    struct slot_probe probe;
    for (const struct entry *e = entries_first(entries, &key->id, &probe); e != NULL;
         e = entries_next(entries, &key->id, &probe)) {
        if (journal_key_equal(&e->key, key)) {
            return e;
        }
    }
    return NULL;
}

bool entries_asked(const struct entries *entries, const struct journal_key *key) {
    struct slot_probe probe;
    const struct entry_node *node = first_node(entries, &key->id, NODE_ASKED_KEY, &probe);
    for (; node != NULL; node = next_node(entries, &key->id, NODE_ASKED_KEY, &probe)) {
        if (journal_key_equal(&node->key, key)) {
            return true;
        }
    }
    return false;
}

bool entries_asked_reversed(const struct entries *entries, const struct reversed *reversed) {
    struct slot_probe probe;
    const struct entry_node *node = first_node(entries, &reversed->id, NODE_ASKED_REVERSED, &probe);
    while (node != NULL && node->account_number != reversed->account_number) {
        node = next_node(entries, &reversed->id, NODE_ASKED_REVERSED, &probe);
    }
    return node != NULL;
}

static void add_node(struct entries *entries, struct entry_node node) {
    CHECK(entries->nodes_count < entries->nodes_capacity);
    uint32_t at = entries->nodes_count++;
    entries->nodes[at] = node;
    slot_index_add(&entries->by_id, uuid_hash(&node.key.id, entries->by_id.seed), at);
}

void entries_note_asked(struct entries *entries, const struct journal_key *key) {
    entries->keys_count++;
    add_node(entries, (struct entry_node){.kind = NODE_ASKED_KEY, .key = *key});
}

void entries_note_asked_reversed(struct entries *entries, const struct reversed *reversed) {
    entries->reversed_count++;
    add_node(entries, (struct entry_node){.kind = NODE_ASKED_REVERSED,
                                          .key = {.id = reversed->id},
                                          .account_number = reversed->account_number});
}

void entries_add(struct entries *entries, const struct entry *entry) {
    add_node(entries, (struct entry_node){.kind = NODE_ENTRY, .key = entry->key, .entry = entry});
}

void entries_put(struct entries *entries, const struct entry *entry) {
    if (entries_find(entries, &entry->key) != NULL) {
        return;
    }
    CHECK(entries->loaded_count < entries->loaded_capacity);
    struct entry *copy = &entries->loaded[entries->loaded_count++];
    *copy = *entry;
    entries_add(entries, copy);
}
