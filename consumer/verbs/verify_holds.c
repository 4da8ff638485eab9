#include "consumer/verbs/verify_holds.h"

#include <inttypes.h>

#include "consumer/verbs/verify_products.h"
#include "consumer/verbs/verify_sketch.h"

static uint64_t member(const struct uuid *id, uint16_t origin, int64_t account, int64_t amount) {
    const uint64_t hash = verify_sketch_number(verify_sketch_uuid(0, id), origin);
    return verify_sketch_number(verify_sketch_number(hash, account), amount);
}

static void add(struct hold_set *set, const struct uuid *id, uint16_t origin, int64_t account,
                int64_t amount) {
    set->sum += member(id, origin, account, amount);
    set->count++;
}

static enum hold_kind kind_of(const struct entry *entry) {
    switch (entry->type) {
    case COMMAND_PURCHASE: return HOLD_PURCHASE;
    case COMMAND_SUBSCRIBE: return HOLD_SUBSCRIPTION;
    default: return HOLD_CLIENT;
    }
}

void verify_holds_journal(struct verify_holds *holds, const struct journal_row *row) {
    const struct entry *entry = &row->entry;
    const struct journal_key *key = &entry->key;
    if (verify_products_is_step(entry)) {
        return; /* what is "held" of a product is sold */
    }
    if (row->held_delta > 0) {
        add(&holds->journal_made[kind_of(entry)], &key->id, key->origin, entry->account_number,
            row->held_delta);
    } else if (key->step == STEP_EXPIRY) {
        add(&holds->journal_expired, &key->id, key->origin, entry->account_number,
            -row->held_delta);
    } else if (key->step == STEP_SETTLE) {
        add(entry->amount == 0 ? &holds->journal_released : &holds->journal_captured, &key->id,
            key->origin, entry->account_number, -row->held_delta);
    }
}

void verify_holds_row(struct verify_holds *holds, const struct hold *row) {
    if (row->kind < HOLD_CLIENT || row->kind > HOLD_SUBSCRIPTION) {
        return; /* the count will tell */
    }
    add(&holds->table_made[row->kind], &row->id, row->origin, row->account_number, row->amount);
    if (row->state == HOLD_EXPIRED) {
        add(&holds->table_expired, &row->id, row->origin, row->account_number, row->amount);
    } else if (row->kind != HOLD_CLIENT && row->state != HOLD_OPEN) {
        add(row->state == HOLD_CAPTURED ? &holds->table_captured : &holds->table_released, &row->id,
            row->origin, row->account_number, row->amount);
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
    return check_set(&holds->table_made[HOLD_CLIENT], &holds->journal_made[HOLD_CLIENT], "made",
                     finding) &&
           check_set(&holds->table_made[HOLD_PURCHASE], &holds->journal_made[HOLD_PURCHASE],
                     "made for purchases", finding) &&
           check_set(&holds->table_made[HOLD_SUBSCRIPTION], &holds->journal_made[HOLD_SUBSCRIPTION],
                     "made for subscriptions", finding) &&
           check_set(&holds->table_expired, &holds->journal_expired, "expired", finding) &&
           check_set(&holds->table_captured, &holds->journal_captured, "captured by settlements",
                     finding) &&
           check_set(&holds->table_released, &holds->journal_released, "released by settlements",
                     finding);
}
