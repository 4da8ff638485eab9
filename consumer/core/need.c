/* Single needs: in memory, or asked for. */
#include "consumer/core/need.h"

static enum gather state_of(const struct slot *slot) {
    return slot->memory == SLOT_WANTED ? GATHER_WANTS : GATHER_READY;
}

enum gather need_both(enum gather a, enum gather b) {
    return a == GATHER_READY ? b : a;
}

enum gather need_account(struct lane *lane, const struct ident *id) {
    const struct account_slot *slot = accounts_find(&lane->accounts, id);
    if (slot != NULL) {
        return state_of(&slot->slot);
    }
    accounts_want(&lane->accounts, id);
    wants_add_account(&lane->wants, id);
    return GATHER_WANTS;
}

enum gather need_product(struct lane *lane, const struct ident *id) {
    const struct product_slot *slot = products_find(&lane->products, id);
    if (slot != NULL) {
        return state_of(&slot->slot);
    }
    products_want(&lane->products, id);
    wants_add_product(&lane->wants, id);
    return GATHER_WANTS;
}

enum gather need_hold(struct lane *lane, const struct uuid *id) {
    const struct hold_slot *slot = holds_find(&lane->holds, id);
    if (slot != NULL) {
        return state_of(&slot->slot);
    }
    holds_want(&lane->holds, id);
    wants_add_hold(&lane->wants, id);
    return GATHER_WANTS;
}

enum gather need_subscription(struct lane *lane, const struct subscription_key *key) {
    const struct subscription_slot *slot = subscriptions_find(&lane->subscriptions, key);
    if (slot != NULL) {
        return state_of(&slot->slot);
    }
    subscriptions_want(&lane->subscriptions, key);
    wants_add_subscription(&lane->wants, key);
    return GATHER_WANTS;
}

enum gather need_buyer(struct lane *lane, const struct buyer_key *key) {
    const struct buyer_slot *slot = buyers_find(&lane->buyers, key);
    if (slot != NULL) {
        return state_of(&slot->slot);
    }
    buyers_want(&lane->buyers, key);
    wants_add_buyer(&lane->wants, key);
    return GATHER_WANTS;
}

/* An earlier answer under this key, unless the key is new for certain. */
enum gather need_key(struct lane *lane, const struct journal_key *key) {
    if (fence_ask(&lane->fence, key) == FENCE_NEW || entries_find(&lane->entries, key) != NULL ||
        entries_asked(&lane->entries, key)) {
        return GATHER_READY;
    }
    entries_note_asked(&lane->entries, key);
    wants_add_key(&lane->wants, key);
    return GATHER_WANTS;
}

enum gather need_reversed(struct lane *lane, const struct reversed *reversed) {
    if (entries_asked_reversed(&lane->entries, reversed)) {
        return GATHER_READY;
    }
    entries_note_asked_reversed(&lane->entries, reversed);
    wants_add_reversed(&lane->wants, reversed);
    return GATHER_WANTS;
}
