#include "consumer/verbs/verify_accounts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"

void verify_accounts_init(struct verify_accounts *accounts, struct verify_totals *totals) {
    *accounts = (struct verify_accounts){.totals = totals};
}

void verify_accounts_close(struct verify_accounts *accounts) {
    free(accounts->items);
    accounts->items = NULL;
    accounts->room = 0;
}

static void make_room(struct verify_accounts *accounts, size_t number) {
    const size_t old = accounts->room;
    if (number < old) {
        return;
    }
    accounts->room = number + number / 2 + 64;
    accounts->items = realloc(accounts->items, accounts->room * sizeof *accounts->items);
    CHECK(accounts->items != NULL);
    memset(accounts->items + old, 0, (accounts->room - old) * sizeof *accounts->items);
}

struct followed *verify_accounts_find(const struct verify_accounts *accounts, int64_t number) {
    if (number < 1 || (uint64_t)number >= accounts->room || !accounts->items[number].known) {
        return NULL;
    }
    return &accounts->items[number];
}

/* Numbers are dealt out one by one: a huge one is an edit, and must not become an allocation. */
#define NUMBER_MAX (INT64_C(1) << 32)

struct followed *verify_accounts_place(struct verify_accounts *accounts, int64_t number,
                                       const struct ident *name, struct finding *finding) {
    if (number < 1 || number > NUMBER_MAX) {
        (void)finding_set(finding, 0, "%s: number %" PRId64 " was never dealt out", name->text,
                          number);
        return NULL;
    }
    make_room(accounts, (size_t)number);
    accounts->items[number].known = true;
    return &accounts->items[number];
}

bool verify_accounts_announce(struct verify_accounts *accounts, const struct account *row,
                              struct finding *finding) {
    struct followed *account = verify_accounts_place(accounts, row->number, &row->id, finding);
    if (account == NULL || account->product != 0) {
        return finding_set(finding, 0, "account %s: its number is a product's", row->id.text);
    }
    account->asset = (uint32_t)verify_totals_index(accounts->totals, &row->currency);
    account->floor = row->floor;
    return true;
}

bool verify_accounts_hold(struct verify_accounts *accounts, const struct hold *row,
                          struct finding *finding) {
    char id[UUID_TEXT_LEN + 1];
    struct followed *account = verify_accounts_find(accounts, row->account_number);
    if (account == NULL || account->product != 0) {
        uuid_format(&row->id, id);
        return finding_set(finding, 0, "hold %s: account number %" PRId64 " does not exist", id,
                           row->account_number);
    }
    account->holds_all += (uint64_t)row->amount;
    if (row->state == HOLD_OPEN) {
        account->holds_open += (uint64_t)row->amount;
    }
    return true;
}

static bool check_state(const struct followed *account, const struct account *row,
                        struct finding *finding) {
    if (row->version != account->version) {
        return finding_set(finding, row->number,
                           "version %" PRId64 ", but its journal ends at %" PRId64, row->version,
                           account->version);
    }
    if (row->balance != account->balance) {
        return finding_set(finding, row->number,
                           "balance %" PRId64 ", but its journal ends at %" PRId64, row->balance,
                           account->balance);
    }
    if (row->held != account->held) {
        return finding_set(finding, row->number,
                           "held %" PRId64 ", but its journal ends at %" PRId64, row->held,
                           account->held);
    }
    return journal_key_equal(&row->last, &account->last) ||
           finding_set(finding, row->number, "its last key is not that of its last journal row");
}

static bool check_holds(const struct followed *account, const struct account *row,
                        struct finding *finding) {
    if ((uint64_t)row->held != account->holds_open) {
        return finding_set(finding, row->number,
                           "held %" PRId64 ", but its open holds sum to %" PRIu64, row->held,
                           account->holds_open);
    }
    return account->holds_all == account->held_ever ||
           finding_set(finding, row->number,
                       "its holds sum to %" PRIu64 ", but its journal held %" PRIu64,
                       account->holds_all, account->held_ever);
}

static bool check_limits(const struct account *row, struct finding *finding) {
    const money_wide available = (money_wide)row->balance - row->held - row->floor;
    if (row->held < 0 || available < 0 || available > MONEY_MAX) {
        return finding_set(finding, row->number,
                           "balance %" PRId64 ", held %" PRId64 ", floor %" PRId64
                           ": what is available is out of bounds",
                           row->balance, row->held, row->floor);
    }
    return row->state != ACCOUNT_CLOSED || (row->balance == 0 && row->held == 0) ||
           finding_set(finding, row->number,
                       "closed, with balance %" PRId64 " and %" PRId64 " held", row->balance,
                       row->held);
}

bool verify_accounts_row(struct verify_accounts *accounts, const struct account *row,
                         struct finding *finding) {
    struct followed *account = verify_accounts_find(accounts, row->number);
    if (account == NULL || account->product != 0) {
        return finding_set(finding, row->number, "not there when the journal was read");
    }
    accounts->totals->items[account->asset].accounts += row->balance;
    account->rows++;
    return check_state(account, row, finding) && check_holds(account, row, finding) &&
           check_limits(row, finding);
}

bool verify_accounts_complete(const struct verify_accounts *accounts, int64_t next_number,
                              struct finding *finding) {
    for (size_t number = 1; number < accounts->room; number++) {
        const struct followed *account = &accounts->items[number];
        if (account->known && account->rows != 1) {
            return finding_set(finding, (int64_t)number, "has %u rows where it must have one",
                               account->rows);
        }
        if (account->known && (int64_t)number >= next_number) {
            return finding_set(finding, (int64_t)number, "numbers below %" PRId64 " were dealt out",
                               next_number);
        }
    }
    return true;
}
