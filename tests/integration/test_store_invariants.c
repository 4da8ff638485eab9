/* schemas/db/invariants.sql finds nothing on a sound ledger, and finds an edit by hand. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/db.h"
#include "tests/harness/store_batch.h"
#include "tests/harness/store_ledger.h"

#define TEXT_MAX 16384

static struct store_ledger ledger;

static void read_file(char text[TEXT_MAX]) {
    FILE *file = fopen("schemas/db/invariants.sql", "r");
    cr_assert_not_null(file);
    size_t len = fread(text, 1, TEXT_MAX - 1, file);
    cr_assert_lt(len, (size_t)TEXT_MAX - 1);
    text[len] = '\0';
    (void)fclose(file);
}

/* Runs every statement; the names of those that found something, each followed by ";". */
static void broken(char names[256]) {
    static char text[TEXT_MAX];
    int statements = 0;
    read_file(text);
    names[0] = '\0';
    for (char *at = text, *end = strchr(at, ';'); end != NULL; end = strchr(at, ';')) {
        *end = '\0';
        PGresult *rows = db_query(ledger.db, at);
        if (PQntuples(rows) > 0) {
            size_t len = strlen(names);
            (void)snprintf(names + len, 256 - len, "%s;", PQgetvalue(rows, 0, 0));
        }
        PQclear(rows);
        statements++;
        at = end + 1;
    }
    cr_assert_eq(statements, 7);
}

static void commit(struct store_books *books, struct store_batch *batch) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_part part = {.batch = &batch->batch};
    cr_assert_eq(pg_store_commit(ledger.store, &part, 1, &failure), PG_DONE, "%s",
                 failure.err.text);
    store_books_committed(books, batch);
}

/* A sound ledger, then one edit by a superuser: what it breaks. */
static void expect_found(const char *name, const char *edit, const char *wanted) {
    static const int64_t numbers[] = {2, 3};
    char names[256];
    struct store_books books;
    struct store_batch batch;
    store_ledger_open(&ledger, name, 2, 0);
    store_books_init(&books, &ledger.lane[1].row, 3);
    store_batch_init(&batch, 8);
    store_batch_open(&batch, &books, 1, 3);
    commit(&books, &batch);
    store_batch_deposit(&batch, &books, numbers, 2);
    (void)store_batch_hold(&batch, &books, 3);
    commit(&books, &batch);
    broken(names);
    cr_expect_str_empty(names, "before the edit: %s", names);
    db_exec(ledger.db, edit);
    broken(names);
    cr_expect_str_eq(names, wanted, "%s: %s", edit, names);
    store_books_close(&books);
    store_batch_close(&batch);
    store_ledger_close(&ledger);
}

Test(store_invariants, test_an_edited_balance_is_found) {
    expect_found("edit_balance", "UPDATE teller.account SET balance = balance + 1 WHERE number = 2",
                 "sum is not 0;balance is not the journal;");
}

Test(store_invariants, test_a_deleted_journal_row_is_found) {
    expect_found("edit_journal", "DELETE FROM teller.journal WHERE log_offset = 3",
                 "balance is not the journal;system account is not the journal;"
                 "version has a gap;");
}

Test(store_invariants, test_an_edited_hold_is_found) {
    expect_found("edit_hold", "UPDATE teller.hold SET amount = 9", "held is not the holds;");
}

Test(store_invariants, test_a_lane_that_was_set_back_is_found) {
    expect_found("edit_lane",
                 "UPDATE teller.lane SET next_offset = 5, last_offset = 4 "
                 "WHERE lane = 1",
                 "row beyond the position;");
}

Test(store_invariants, test_a_deleted_seal_is_found) {
    expect_found("edit_seal", "DELETE FROM teller.seal WHERE number = 1", "seals have a gap;");
}
