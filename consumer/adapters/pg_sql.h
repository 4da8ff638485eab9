/* Every SQL text of the writers, named. "{lane}" stands for the lane's number: statements address a
 * lane's own partitions, and are prepared once per lane and connection.
 *
 * None of them asks for a row lock to read. What is written comes as one array per column: a
 * statement per row would cost twenty times as much. An UPDATE must meet every row that memory
 * knows: expect_rows raises TL002 otherwise, inside the transaction.
 *
 * Plans are made once, on tables that are empty or have a row or two, and must still be the right
 * ones with millions: array first, then an index probe for each of its elements. A join that the
 * planner may turn around reads the whole index for every batch. It cannot turn these around: an
 * UPDATE compares by BETWEEN x AND x, which has no order to be met in, and a SELECT looks up in a
 * LATERAL that OFFSET 0 keeps in one piece.
 *
 * Statements of products are in pg_sql_sale.h, of lane rows and the schema in pg_sql_admin.h. */
#ifndef TELLER_ADAPTERS_PG_SQL_H
#define TELLER_ADAPTERS_PG_SQL_H

#include "consumer/adapters/pg_sql_sale.h"

#define SQL_ACCOUNT_COLUMNS                                                                        \
    "number, id, currency, balance, held, floor, ceiling, version, state, "                        \
    "last_id, last_origin, last_step"
#define SQL_ENTRY_COLUMNS                                                                          \
    "j.command_id, j.origin, j.step, j.log_offset, j.type, j.outcome, j.detail, "                  \
    "j.account_number, j.amount, j.balance, j.held, j.version, j.at, j.price, j.hash, j.counter"
#define SQL_HOLD_COLUMNS "id, origin, account_number, amount, expires_at, state, kind"

/* The order of pg_columns_journal; the partition's lane follows as a constant in INSERT. */
#define SQL_JOURNAL_COLUMNS                                                                        \
    "log_offset, at, account_number, amount, held_delta, balance, held, version, "                 \
    "counter_number, price, step, previous_step, origin, type, outcome, counter_role, "            \
    "previous_origin, command_id, previous_id, hash, detail, account, counter, asset, source, memo"

/* ---- writing: X(name, parameters, text) ---- */
#define PG_ACCOUNT_STATEMENTS(X)                                                                   \
    X(JOURNAL_INSERT, 26,                                                                          \
      "INSERT INTO teller.journal_{lane} (" SQL_JOURNAL_COLUMNS ", lane) SELECT "                  \
      "unnest($1::int8[]), unnest($2::timestamptz[]), unnest($3::int8[]), unnest($4::int8[]), "    \
      "unnest($5::int8[]), unnest($6::int8[]), unnest($7::int8[]), unnest($8::int8[]), "           \
      "unnest($9::int8[]), unnest($10::int8[]), unnest($11::int4[]), unnest($12::int4[]), "        \
      "unnest($13::int2[]), unnest($14::int2[]), unnest($15::int2[]), unnest($16::int2[]), "       \
      "unnest($17::int2[]), unnest($18::uuid[]), unnest($19::uuid[]), unnest($20::bytea[]), "      \
      "unnest($21::text[]), unnest($22::text[]), unnest($23::text[]), unnest($24::text[]), "       \
      "unnest($25::text[]), unnest($26::text[]), {lane}::int2")                                    \
    X(ACCOUNT_INSERT, 12,                                                                          \
      "INSERT INTO teller.account_{lane} (" SQL_ACCOUNT_COLUMNS ", lane) SELECT "                  \
      "unnest($1::int8[]), unnest($2::text[]), unnest($3::text[]), unnest($4::int8[]), "           \
      "unnest($5::int8[]), unnest($6::int8[]), unnest($7::int8[]), unnest($8::int8[]), "           \
      "unnest($9::int2[]), unnest($10::uuid[]), unnest($11::int2[]), unnest($12::int4[]), "        \
      "{lane}::int2")                                                                              \
    X(ACCOUNT_UPDATE, 9,                                                                           \
      "WITH met AS (UPDATE teller.account_{lane} AS a SET balance = u.balance, held = u.held, "    \
      "version = u.version, state = u.state, last_id = u.last_id, "                                \
      "last_origin = u.last_origin, last_step = u.last_step "                                      \
      "FROM (SELECT unnest($1::int8[]) AS number, unnest($2::int8[]) AS balance, "                 \
      "unnest($3::int8[]) AS held, unnest($4::int8[]) AS version, unnest($5::int2[]) AS state, "   \
      "unnest($6::uuid[]) AS last_id, unnest($7::int2[]) AS last_origin, "                         \
      "unnest($8::int4[]) AS last_step) AS u "                                                     \
      "WHERE a.number BETWEEN u.number AND u.number RETURNING 1) "                                 \
      "SELECT teller.expect_rows((SELECT count(*) FROM met), $9::int8)")                           \
    X(HOLD_INSERT, 7,                                                                              \
      "INSERT INTO teller.hold_{lane} (" SQL_HOLD_COLUMNS ", lane) SELECT unnest($1::uuid[]), "    \
      "unnest($2::int2[]), unnest($3::int8[]), unnest($4::int8[]), unnest($5::timestamptz[]), "    \
      "unnest($6::int2[]), unnest($7::int2[]), {lane}::int2")                                      \
    X(HOLD_UPDATE, 5,                                                                              \
      "WITH met AS (UPDATE teller.hold_{lane} AS h SET amount = u.amount, state = u.state FROM "   \
      "(SELECT unnest($1::uuid[]) AS id, unnest($2::int2[]) AS origin, unnest($3::int8[]) AS "     \
      "amount, unnest($4::int2[]) AS state) AS u WHERE h.id BETWEEN u.id AND u.id "                \
      "AND h.origin = u.origin RETURNING 1) "                                                      \
      "SELECT teller.expect_rows((SELECT count(*) FROM met), $5::int8)")                           \
    X(SYSTEM_ADD, 3,                                                                               \
      "INSERT INTO teller.system_account_{lane} AS s (role, asset, balance, lane) SELECT "         \
      "unnest($1::int2[]), unnest($2::text[]), unnest($3::numeric[]), {lane}::int2 ON CONFLICT "   \
      "(role, asset, lane) DO UPDATE SET balance = s.balance + excluded.balance")                  \
    X(QUARANTINE_INSERT, 10,                                                                       \
      "INSERT INTO teller.quarantine_{lane} (log_offset, at, key_length, value_length, reason, "   \
      "id, digest, detail, key, value, lane) SELECT unnest($1::int8[]), "                          \
      "unnest($2::timestamptz[]), unnest($3::int8[]), unnest($4::int8[]), unnest($5::int2[]), "    \
      "unnest($6::uuid[]), unnest($7::bytea[]), unnest($8::text[]), unnest($9::bytea[]), "         \
      "unnest($10::bytea[]), {lane}::int2")                                                        \
    X(SEAL_INSERT, 4,                                                                              \
      "INSERT INTO teller.seal_{lane} (number, first_offset, last_offset, digest, lane) "          \
      "VALUES ($1::int8, $2::int8, $3::int8, $4::bytea, {lane})")                                  \
    X(ACCOUNT_BY_ID, 1,                                                                            \
      "SELECT " SQL_ACCOUNT_COLUMNS " FROM teller.account_{lane} WHERE id = ANY($1::text[])")      \
    X(ACCOUNT_BY_NUMBER, 1,                                                                        \
      "SELECT " SQL_ACCOUNT_COLUMNS " FROM teller.account_{lane} "                                 \
      "WHERE number = ANY($1::int8[])")                                                            \
    X(ENTRY_BY_KEY, 3,                                                                             \
      "SELECT " SQL_ENTRY_COLUMNS " FROM unnest($1::uuid[], $2::int2[], $3::int4[]) "              \
      "AS k(id, origin, step), LATERAL (SELECT * FROM teller.journal_{lane} AS e "                 \
      "WHERE e.command_id = k.id AND e.origin = k.origin AND e.lane = {lane} "                     \
      "AND e.step = k.step OFFSET 0) AS j")                                                        \
    X(ENTRY_REVERSED, 2,                                                                           \
      "SELECT " SQL_ENTRY_COLUMNS " FROM unnest($1::uuid[], $2::int8[]) AS k(id, number), "        \
      "LATERAL ((SELECT * FROM teller.journal_{lane} AS e WHERE e.command_id = k.id "              \
      "AND e.account_number = k.number AND e.step <> 33 LIMIT 2) UNION ALL "                       \
      "(SELECT * FROM teller.journal_{lane} AS e WHERE e.command_id = k.id "                       \
      "AND e.account_number = k.number AND e.step = 33 LIMIT 1)) AS j")                            \
    X(HOLD_BY_ID, 1,                                                                               \
      "SELECT " SQL_HOLD_COLUMNS " FROM teller.hold_{lane} "                                       \
      "WHERE id = ANY($1::uuid[]) AND origin = {lane} AND lane = {lane}")                          \
    X(HOLD_DUE, 2,                                                                                 \
      "SELECT " SQL_HOLD_COLUMNS " FROM teller.hold_{lane} "                                       \
      "WHERE state = 1 AND expires_at < 'infinity' AND expires_at <= $1::timestamptz "             \
      "ORDER BY expires_at, id "                                                                   \
      "LIMIT $2::int8")                                                                            \
    X(HOLD_NEXT_DUE, 1,                                                                            \
      "SELECT min(expires_at) FROM teller.hold_{lane} "                                            \
      "WHERE state = 1 AND expires_at < 'infinity' AND expires_at > $1::timestamptz")              \
    X(LANE_STILL_OURS, 3,                                                                          \
      "SELECT 1 FROM teller.lane WHERE lane = {lane} AND owner = $1::uuid "                        \
      "AND epoch = $2::int8 AND next_offset = $3::int8")                                           \
    X(START_DUE, 0,                                                                                \
      "SELECT min(expires_at) FROM teller.hold_{lane} "                                            \
      "WHERE state = 1 AND expires_at < 'infinity'")                                               \
    X(START_KEYS, 2,                                                                               \
      "SELECT command_id, origin, step FROM teller.journal_{lane} WHERE command_id <= $1::uuid "   \
      "ORDER BY command_id DESC, origin DESC, lane DESC, step DESC LIMIT $2::int8")

/* Of both files. */
#define PG_STATEMENTS(X)                                                                           \
    PG_ACCOUNT_STATEMENTS(X)                                                                       \
    PG_SALE_STATEMENTS(X)

/* ---- not of one lane ---- */

#define SQL_ADVANCE                                                                                \
    "SELECT teller.advance($1::int2[], $2::uuid[], $3::int8[], $4::int8[], $5::int8[], "           \
    "$6::int8[], $7::int8[], $8::bytea[], $9::timestamptz[], $10::int4[], $11::int8[], "           \
    "$12::bytea[], $13::int8[])"

#define SQL_COPY_JOURNAL                                                                           \
    "COPY teller.journal_{lane} (" SQL_JOURNAL_COLUMNS ", lane) FROM STDIN BINARY"

#endif
