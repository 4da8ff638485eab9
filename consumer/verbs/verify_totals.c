#include "consumer/verbs/verify_totals.h"

#include <stdlib.h>

#include "common/check.h"

void verify_totals_close(struct verify_totals *totals) {
    free(totals->items);
    *totals = (struct verify_totals)VERIFY_TOTALS_INIT;
}

static void grow(struct verify_totals *totals) {
    totals->room = totals->room == 0 ? 8 : 2 * totals->room;
    totals->items = realloc(totals->items, totals->room * sizeof *totals->items);
    CHECK(totals->items != NULL);
}

/* A ledger has a handful of assets: a walk is as fast as a table. */
size_t verify_totals_index(struct verify_totals *totals, const struct asset *asset) {
    for (size_t i = 0; i < totals->count; i++) {
        if (asset_equal(&totals->items[i].asset, asset)) {
            return i;
        }
    }
    if (totals->count == totals->room) {
        grow(totals);
    }
    totals->items[totals->count] = (struct asset_total){.asset = *asset};
    return totals->count++;
}

bool verify_totals_post(struct verify_totals *totals, size_t index, const struct journal_row *row,
                        struct finding *finding) {
    struct asset_total *total = &totals->items[index];
    const int64_t amount = row->entry.amount;
    if (amount == 0) {
        return true;
    }
    if (row->counter_role != SYSTEM_NONE) {
        total->posted[row->counter_role] -= amount;
        return true;
    }
    total->between += amount;
    return row->counter_number != 0 ||
           finding_at(finding, &row->entry, "moves money against nobody");
}

bool verify_totals_suspend(struct verify_totals *totals, const struct journal_row *row,
                           struct finding *finding) {
    const struct entry *entry = &row->entry;
    if (row->asset == NULL || row->counter_role != SYSTEM_TRANSIT || entry->amount <= 0) {
        return finding_at(finding, entry, "moves money of nobody");
    }
    struct asset_total *total = &totals->items[verify_totals_index(totals, row->asset)];
    total->posted[SYSTEM_TRANSIT] -= entry->amount;
    total->posted[SYSTEM_SUSPENSE] += entry->amount;
    return true;
}

static bool check_role(const struct asset_total *total, enum system_role role,
                       struct finding *finding) {
    char found[MONEY_TEXT_MAX];
    char expected[MONEY_TEXT_MAX];
    if (total->posted[role] == total->stored[role]) {
        return true;
    }
    money_wide_format(total->stored[role], found);
    money_wide_format(total->posted[role], expected);
    return finding_set(finding, 0, "system account %s %s: balance %s, but its postings sum to %s",
                       verify_totals_role(role), total->asset.text, found, expected);
}

static bool check_asset(const struct asset_total *total, struct finding *finding) {
    char sum[MONEY_TEXT_MAX];
    for (int role = SYSTEM_WORLD; role < SYSTEM_ROLES; role++) {
        if (!check_role(total, (enum system_role)role, finding)) {
            return false;
        }
    }
    if (total->between != 0) {
        money_wide_format(total->between, sum);
        return finding_set(finding, 0, "%s: postings between accounts sum to %s, not to 0",
                           total->asset.text, sum);
    }
    if (verify_totals_sum(total) != 0) {
        money_wide_format(verify_totals_sum(total), sum);
        return finding_set(finding, 0, "%s: all accounts sum to %s, not to 0", total->asset.text,
                           sum);
    }
    return true;
}

bool verify_totals_check(const struct verify_totals *totals, struct finding *finding) {
    for (size_t i = 0; i < totals->count; i++) {
        if (!check_asset(&totals->items[i], finding)) {
            return false;
        }
    }
    return true;
}

void verify_totals_merge(struct verify_totals *ledger, const struct verify_totals *lane) {
    for (size_t i = 0; i < lane->count; i++) {
        const struct asset_total *from = &lane->items[i];
        const size_t index = verify_totals_index(ledger, &from->asset);
        struct asset_total *to = &ledger->items[index];
        to->accounts += from->accounts;
        to->between += from->between;
        for (int role = SYSTEM_WORLD; role < SYSTEM_ROLES; role++) {
            to->posted[role] += from->posted[role];
            to->stored[role] += from->stored[role];
        }
    }
}

money_wide verify_totals_sum(const struct asset_total *total) {
    money_wide sum = total->accounts;
    for (int role = SYSTEM_WORLD; role < SYSTEM_ROLES; role++) {
        sum += total->stored[role];
    }
    return sum;
}

const char *verify_totals_role(enum system_role role) {
    switch (role) {
    case SYSTEM_NONE: return "none";
    case SYSTEM_WORLD: return "@world";
    case SYSTEM_TRANSIT: return "@transit";
    case SYSTEM_SALES: return "@sales";
    case SYSTEM_SUSPENSE: return "@suspense";
    }
    return "?";
}
