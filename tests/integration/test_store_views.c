/* What the public views and history() show of rows that a commit has written. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "common/command.h"
#include "common/outcome.h"
#include "tests/harness/db.h"
#include "tests/harness/store_batch.h"
#include "tests/harness/store_ledger.h"

static struct store_ledger ledger;
static struct store_books books;
static struct store_batch batch;

static void commit(void) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct pg_part part = {.batch = &batch.batch};
    cr_assert_eq(pg_store_commit(ledger.store, &part, 1, &failure), PG_DONE, "%s",
                 failure.err.text);
    store_books_committed(&books, &batch);
}

/* Three accounts in lane 1 of two; account 2 has four deposits and an open hold. */
static void open_ledger(const char *name) {
    static const int64_t second[] = {2};
    store_ledger_open(&ledger, name, 2, 0);
    store_books_init(&books, &ledger.lane[1].row, 3);
    store_batch_init(&batch, 8);
    store_batch_open(&batch, &books, 1, 3);
    commit();
    for (int i = 0; i < 4; i++) {
        store_batch_deposit(&batch, &books, second, 1);
        if (i == 3) {
            (void)store_batch_hold(&batch, &books, 2);
        }
        commit();
    }
}

static void close_ledger(void) {
    store_books_close(&books);
    store_batch_close(&batch);
    store_ledger_close(&ledger);
}

Test(store_views, test_history_walks_the_chain_from_the_newest_entry) {
    open_ledger("history");
    db_expect_text(
        ledger.db,
        "SELECT string_agg(version || ' ' || type || ' ' || amount || ' ' || balance || "
        "coalesce(' ' || counterparty, ''), ', ') FROM teller.history('account-1-2', 50)",
        "6 hold 0 4, 5 deposit 1 4 @world, 4 deposit 1 3 @world, 3 deposit 1 2 @world, "
        "2 deposit 1 1 @world, 1 account.open 0 0");
    db_expect_text(ledger.db, "SELECT count(*) FROM teller.history('account-1-2', 2)", "2");
    db_expect_text(ledger.db, "SELECT count(*) FROM teller.history('nobody', 2)", "0");
    close_ledger();
}

Test(store_views, test_history_and_v1_entry_agree) {
    open_ledger("entry");
    db_expect_text(
        ledger.db,
        "SELECT count(*) FROM ((SELECT * FROM teller.history('account-1-2', 50) EXCEPT ALL "
        "SELECT * FROM teller.v1_entry WHERE account = 'account-1-2') UNION ALL "
        "(SELECT * FROM teller.v1_entry WHERE account = 'account-1-2' EXCEPT ALL "
        "SELECT * FROM teller.history('account-1-2', 50))) d",
        "0");
    close_ledger();
}

Test(store_views, test_v1_account_shows_what_is_available) {
    open_ledger("account");
    db_expect_text(ledger.db,
                   "SELECT row(balance, held, available, state, version, lane, currency)::text "
                   "FROM teller.v1_account WHERE account = 'account-1-2'",
                   "(4,1,3,open,6,1,EUR)");
    close_ledger();
}

Test(store_views, test_v1_outcome_has_one_row_per_client_record) {
    open_ledger("outcome");
    db_expect_text(ledger.db, "SELECT count(*) FROM teller.v1_outcome", "8");
    db_expect_text(ledger.db,
                   "SELECT row(type, account, state, reason, balance, version, lane)::text "
                   "FROM teller.v1_outcome WHERE log_offset = 3",
                   "(deposit,account-1-2,applied,,1,2,1)");
    close_ledger();
}

Test(store_views, test_v1_system_is_the_other_side) {
    open_ledger("system");
    db_expect_text(ledger.db,
                   "SELECT row(role, currency, balance, lane)::text FROM teller.v1_system",
                   "(@world,EUR,-4,1)");
    close_ledger();
}

static void expect_word(const char *function, int number, const char *word) {
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT teller.%s(%d::int2%s)", function, number,
                   function[0] == 't' ? ", 0" : "");
    db_expect_text(ledger.db, sql, word);
}

#define EXPECT_OUTCOME(symbol, number, word, state)                                                \
    expect_word("outcome_word", number, word);                                                     \
    expect_word("outcome_state", number, outcome_state_word(state));
#define EXPECT_TYPE(symbol, number, word) expect_word("type_word", number, word);

Test(store_views, test_words_of_sql_are_the_words_of_the_program) {
    store_ledger_open(&ledger, "words", 1, 0);
    OUTCOMES(EXPECT_OUTCOME)
    COMMAND_TYPES(EXPECT_TYPE)
    db_expect_text(ledger.db, "SELECT teller.type_word(7::int2, 32)", "expiry");
    store_ledger_close(&ledger);
}
