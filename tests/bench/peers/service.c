#include "tests/bench/peers/service.h"

#include "common/prng.h"
#include "common/rt/clock.h"
#include "tests/bench/peers/draw.h"
#include "tests/bench/peers/statement.h"
#include "tests/bench/peers/troop.h"
#include "tests/harness/db.h"
#include "tests/harness/must.h"
#include "tests/race/redis_lock.h"

static const char read_sql[] =
    "SELECT balance, floor, version FROM account WHERE id = $2 AND $1::uuid IS NOT NULL";
/* Balance and journal in one statement, which is one transaction and one round trip. */
static const char write_sql[] =
    "WITH moved AS (UPDATE account SET balance = $4, version = $5, last_id = $1 WHERE id = $2)"
    " INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)"
    " VALUES ($1, $2, $3, $3, $4, $5, 1)";
static const char refuse_sql[] =
    "INSERT INTO journal (command_id, account, asked, amount, balance, version, outcome)"
    " VALUES ($1, $2, $3, 0, $4, $5, 2)";

static enum protocol_answer change(PGconn *conn, const struct draw *draw) {
    PGresult *row = statement_run(conn, "read", draw->id, &draw->account, 1);
    int64_t balance = statement_number(row, 0);
    int64_t floor = statement_number(row, 1);
    int64_t version = statement_number(row, 2);
    PQclear(row);
    bool is_refused = balance + draw->amount < floor;
    int64_t numbers[] = {draw->account, draw->amount, is_refused ? balance : balance + draw->amount,
                         is_refused ? version : version + 1};
    PQclear(statement_run(conn, is_refused ? "refuse" : "write", draw->id, numbers, 4));
    return is_refused ? ANSWER_REFUSED : ANSWER_DONE;
}

static enum protocol_answer ask(PGconn *conn, struct redis_lock *lock, const struct draw *draw) {
    int row = (int)draw->account;
    must(lock == NULL || redis_lock_take(lock, row), "the lock of %d does not come free", row);
    enum protocol_answer answer = change(conn, draw);
    must(lock == NULL || redis_lock_give(lock, row), "the lock of %d had expired", row);
    return answer;
}

static void serve(struct troop_client *client, struct redis_lock *lock) {
    struct prng prng;
    struct draw draw;
    PGconn *conn = db_open(client->site->ledger.admin);
    statement_prepare(conn, "read", read_sql, 1);
    statement_prepare(conn, "write", write_sql, 4);
    statement_prepare(conn, "refuse", refuse_sql, 4);
    prng_seed(&prng, (uint64_t)(client->point->number * PACK_CLIENTS_MAX + client->number));
    troop_begin(client);
    while (troop_goes_on(client)) {
        draw_next(&draw, &prng, client->point);
        int64_t asked_us = clock_monotonic_us();
        enum protocol_answer answer = ask(conn, lock, &draw);
        reporter_add(&client->log, clock_monotonic_us() - asked_us, answer, 0);
    }
    troop_end(client);
    PQfinish(conn);
}

static void serve_locked(struct troop_client *client) {
    struct redis_lock *lock = redis_lock_new(client->site->redis.socket);
    serve(client, lock);
    redis_lock_free(lock);
}

static void serve_naive(struct troop_client *client) {
    serve(client, NULL);
}

void service_locked(struct site *site, const struct point *point, struct yield *yield) {
    troop_run(site, point, serve_locked, yield);
}

void service_naive(struct site *site, const struct point *point, struct yield *yield) {
    troop_run(site, point, serve_naive, yield);
}
