#include "tests/bench/peers/books.h"

#include <inttypes.h>
#include <stdio.h>

#include "tests/harness/db.h"

/* No walk of 1,000 a step comes from here to the floor. */
#define FUNDS "100000000"

static const char tables[] =
    "SET client_min_messages = error;"
    "DROP TABLE IF EXISTS account, journal, position;"
    /* As Teller's: updates stay in the page, and no index knows of what changes. */
    "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL, floor bigint NOT NULL,"
    " version bigint NOT NULL, last_id uuid) WITH (fillfactor = 50);"
    "CREATE TABLE journal (command_id uuid PRIMARY KEY, account bigint NOT NULL,"
    " at timestamptz NOT NULL DEFAULT now(), asked bigint NOT NULL, amount bigint NOT NULL,"
    " balance bigint, held bigint NOT NULL DEFAULT 0, version bigint, outcome smallint NOT NULL,"
    " hash bytea NOT NULL DEFAULT sha256('payload'),"
    " memo text NOT NULL DEFAULT 'paid at the counter, 42');"
    "CREATE TABLE position (partition int PRIMARY KEY, next_offset bigint NOT NULL)"
    " WITH (fillfactor = 50)";

void books_open(PGconn *db, int64_t accounts) {
    char sql[160];
    db_exec(db, tables);
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO account SELECT i, " FUNDS ", 0, 0 FROM generate_series(1, %" PRId64
                   ") AS i",
                   accounts);
    db_exec(db, sql);
    db_exec(db, "VACUUM ANALYZE account");
}

struct books books_count(PGconn *db) {
    return (struct books){
        .commands = db_int(db, "SELECT count(*) FROM journal", -1),
        .applied = db_int(db, "SELECT count(*) FROM journal WHERE outcome = 1", -1),
    };
}

static bool agree(const char *what, int64_t told, int64_t found) {
    if (told != found) {
        fprintf(stderr, "wrong books: %s: %" PRId64 ", not %" PRId64 "\n", what, found, told);
    }
    return told == found;
}

bool books_hold(PGconn *db, const struct books *before, const struct yield *yield) {
    struct books now = books_count(db);
    int64_t wrong =
        db_int(db,
               "SELECT count(*) FROM account LEFT JOIN (SELECT account, sum(amount) AS moved,"
               " count(*) FILTER (WHERE outcome = 1) AS applied FROM journal GROUP BY account)"
               " AS booked ON booked.account = id WHERE balance < floor"
               " OR balance <> " FUNDS " + coalesce(moved, 0) OR version <> coalesce(applied, 0)",
               -1);
    bool rows = agree("journal rows", yield->commands, now.commands - before->commands);
    bool applied =
        yield->applied < 0 || agree("rows applied", yield->applied, now.applied - before->applied);
    bool balances = agree("accounts that do not add up", 0, wrong);
    return rows && applied && balances && yield->commands > 0;
}
