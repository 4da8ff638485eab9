#include "consumer/verbs/verify_holds.h"

#include <inttypes.h>

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit. */
static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static void add(struct hold_set *set, const struct uuid *id, uint16_t origin, int64_t account,
                int64_t amount) {
    uint64_t hash = mix(uuid_hash(id) + origin);
    hash = mix(hash + (uint64_t)account);
    set->sum += mix(hash + (uint64_t)amount);
    set->count++;
}

void verify_holds_journal(struct verify_holds *holds, const struct journal_row *row) {
    const struct entry *entry = &row->entry;
    if (row->held_delta > 0) {
        add(&holds->journal_made, &entry->key.id, entry->key.origin, entry->account_number,
            row->held_delta);
    } else if (entry->key.step == STEP_EXPIRY) {
        add(&holds->journal_expired, &entry->key.id, entry->key.origin, entry->account_number,
            -row->held_delta);
    }
}

void verify_holds_row(struct verify_holds *holds, const struct hold *row) {
    add(&holds->table_all, &row->id, row->origin, row->account_number, row->amount);
    if (row->state == HOLD_EXPIRED) {
        add(&holds->table_expired, &row->id, row->origin, row->account_number, row->amount);
    }
}

static bool check_set(const struct hold_set *table, const struct hold_set *journal,
                      const char *what, struct finding *finding) {
    if (table->count != journal->count) {
        return finding_set(finding, 0, "%" PRIu64 " holds %s, but the journal has %" PRIu64,
                           table->count, what, journal->count);
    }
    return table->sum == journal->sum ||
           finding_set(finding, 0, "the holds that were %s are not those of the journal", what);
}

bool verify_holds_check(const struct verify_holds *holds, struct finding *finding) {
    return check_set(&holds->table_all, &holds->journal_made, "made", finding) &&
           check_set(&holds->table_expired, &holds->journal_expired, "expired", finding);
}
