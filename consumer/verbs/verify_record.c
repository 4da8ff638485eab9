#include "consumer/verbs/verify_record.h"

#include <inttypes.h>
#include <stdlib.h>

/* A group's own row repeats the last version of its members, the claim of a reversal that of the
 * reversal's row. */
static bool may_move(const struct entry *entry) {
    const enum outcome_state state = outcome_state(entry->outcome);
    const bool group_head = entry->type == COMMAND_GROUP && entry->key.step == STEP_CLIENT;
    return entry->account_number != 0 && !group_head && entry->key.step != STEP_REVERSAL &&
           (state == STATE_APPLIED || state == STATE_PENDING);
}

static bool check_history(const struct followed *account, const struct journal_row *row,
                          struct finding *finding) {
    if (account->version == 0) {
        return !row->has_previous ||
               finding_at(finding, &row->entry, "first row of its account has a previous row");
    }
    return (row->has_previous && journal_key_equal(&row->previous, &account->last)) ||
           finding_at(finding, &row->entry, "does not point to the account's previous row");
}

static bool check_sums(const struct followed *account, const struct journal_row *row,
                       struct finding *finding) {
    const struct entry *entry = &row->entry;
    const money_wide balance = (money_wide)account->balance + entry->amount;
    const money_wide held = (money_wide)account->held + row->held_delta;
    if (balance != entry->balance) {
        return finding_at(finding, entry,
                          "balance %" PRId64 ", but %" PRId64 " before and amount %" PRId64
                          " make another",
                          entry->balance, account->balance, entry->amount);
    }
    if (held != entry->held || held < 0) {
        return finding_at(finding, entry,
                          "held %" PRId64 ", but %" PRId64 " before and %" PRId64
                          " more make another",
                          entry->held, account->held, row->held_delta);
    }
    return account->product != 0 || balance - held - account->floor >= 0 ||
           finding_at(finding, entry,
                      "less than nothing is available: balance %" PRId64 ", held %" PRId64
                      ", floor %" PRId64,
                      entry->balance, entry->held, account->floor);
}

static bool post(const struct verify_books *books, const struct followed *account,
                 const struct journal_row *row, struct finding *finding) {
    if (account->product != 0) {
        return verify_products_step(books->products, account, row, finding);
    }
    return verify_totals_post(books->accounts->totals, account->asset, row, finding);
}

static bool move(const struct verify_books *books, struct followed *account,
                 const struct journal_row *row, struct finding *finding) {
    if (!check_history(account, row, finding) || !check_sums(account, row, finding) ||
        !post(books, account, row, finding)) {
        return false;
    }
    account->version = row->entry.version;
    account->balance = row->entry.balance;
    account->held = row->entry.held;
    account->last = row->entry.key;
    if (row->held_delta > 0) {
        account->held_ever += (uint64_t)row->held_delta;
    }
    return true;
}

static bool check_repeats(const struct followed *account, const struct journal_row *row,
                          struct finding *finding) {
    const struct entry *entry = &row->entry;
    if (entry->amount != 0 || row->held_delta != 0 || row->has_previous) {
        return finding_at(finding, entry,
                          "%s at version %" PRId64 ": amount %" PRId64 " and held %" PRId64
                          " where nothing may move",
                          outcome_word(entry->outcome), entry->version, entry->amount,
                          row->held_delta);
    }
    if (account == NULL) {
        return true;
    }
    return (entry->version == account->version && entry->balance == account->balance &&
            entry->held == account->held) ||
           finding_at(finding, entry,
                      "version %" PRId64 ", balance %" PRId64 ", held %" PRId64
                      ", but its account stood at %" PRId64 ", %" PRId64 ", %" PRId64,
                      entry->version, entry->balance, entry->held, account->version,
                      account->balance, account->held);
}

/* A row that made its version comes before those that repeat it. */
static bool makes_version(const struct journal_row *row) {
    return row->has_previous || row->entry.amount != 0 || row->held_delta != 0;
}

/* By account and version, so that the rows of one record follow their chains whatever their ids. */
static int by_version(const void *a, const void *b) {
    const struct journal_row *left = *(const struct journal_row *const *)a;
    const struct journal_row *right = *(const struct journal_row *const *)b;
    if (left->entry.account_number != right->entry.account_number) {
        return left->entry.account_number < right->entry.account_number ? -1 : 1;
    }
    if (left->entry.version != right->entry.version) {
        return left->entry.version < right->entry.version ? -1 : 1;
    }
    return (int)makes_version(right) - (int)makes_version(left);
}

static bool check_place(const struct followed *account, const struct entry *entry,
                        struct finding *finding) {
    if (account == NULL) {
        return finding_at(finding, entry, "account number %" PRId64 " does not exist",
                          entry->account_number);
    }
    return (account->product != 0) == verify_products_is_step(entry) ||
           finding_at(finding, entry, "number %" PRId64 " is %s", entry->account_number,
                      account->product != 0 ? "a product" : "an account");
}

static bool check_row(const struct verify_books *books, const struct journal_row *row,
                      struct finding *finding) {
    const struct entry *entry = &row->entry;
    struct followed *account = verify_accounts_find(books->accounts, entry->account_number);
    if (entry->account_number == 0 && entry->amount != 0) {
        return verify_totals_suspend(books->accounts->totals, row, finding);
    }
    if (!may_move(entry)) {
        return check_repeats(account, row, finding);
    }
    if (!check_place(account, entry, finding)) {
        return false;
    }
    if (entry->version <= account->version) {
        return check_repeats(account, row, finding);
    }
    if (entry->version != account->version + 1) {
        return finding_at(finding, entry,
                          "version %" PRId64 " follows version %" PRId64 ": rows are missing",
                          entry->version, account->version);
    }
    return move(books, account, row, finding);
}

bool verify_record(const struct verify_books *books, const struct journal_row **rows, size_t count,
                   struct finding *finding) {
    if (count > 1) {
        qsort(rows, count, sizeof *rows, by_version);
    }
    for (size_t i = 0; i < count; i++) {
        if (!check_row(books, rows[i], finding)) {
            return false;
        }
    }
    return true;
}
