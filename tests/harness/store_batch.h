/* Batches made by hand, as the lane machine would make them: accounts are opened, then deposits and
 * holds are made on them. Balanced rows, so that every invariant holds after a commit. */
#ifndef TELLER_TESTS_HARNESS_STORE_BATCH_H
#define TELLER_TESTS_HARNESS_STORE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "consumer/core/batch.h"

/* One lane's memory. Numbers of accounts go from 1 to accounts_count. */
struct store_books {
    struct lane_row row; /* as committed */
    struct account *accounts;
    size_t accounts_count;
    uint64_t next_id;
};

struct store_batch {
    struct batch batch;
    struct journal_row *rows;
    struct account_change *accounts;
    struct hold *holds;
    struct hold_change *hold_changes;
    struct quarantine_row quarantine;
    struct system_change system;
    size_t room;
};

void store_books_init(struct store_books *books, const struct lane_row *row, size_t accounts);
void store_books_close(struct store_books *books);

void store_batch_init(struct store_batch *batch, size_t room);
void store_batch_close(struct store_batch *batch);

/* Opens accounts first .. first + count - 1 (from 1), one record each. */
void store_batch_open(struct store_batch *batch, struct store_books *books, int64_t first,
                      size_t count);

/* One deposit of 1 for each number; each account at most once. */
void store_batch_deposit(struct store_batch *batch, struct store_books *books,
                         const int64_t *numbers, size_t count);

/* Adds a hold of 1 on an account to the batch, or settles the one that another batch made. */
struct hold *store_batch_hold(struct store_batch *batch, struct store_books *books, int64_t number);
void store_batch_settle(struct store_batch *batch, struct store_books *books,
                        const struct hold *hold);

/* Adds a quarantined record. */
void store_batch_quarantine(struct store_batch *batch, struct store_books *books);

/* The database has it. */
void store_books_committed(struct store_books *books, const struct store_batch *batch);

#endif
