/* The statements of products and of what is sold: the second part of pg_sql.h, and like it. */
#ifndef TELLER_ADAPTERS_PG_SQL_SALE_H
#define TELLER_ADAPTERS_PG_SQL_SALE_H

#define SQL_PRODUCT_COLUMNS                                                                        \
    "number, id, currency, seller, price, stock, sold, subscribed, cap, cap_per_account, "         \
    "next_subscription, version, mode, state, allot_total, allot_remainder, allot_number, "        \
    "last_id, last_origin, last_step"
#define SQL_SUBSCRIPTION_COLUMNS                                                                   \
    "s.id, s.origin, s.number, s.product_number, s.account, s.quantity, s.price, s.allotted, "     \
    "s.state"

#define PG_SALE_STATEMENTS(X)                                                                      \
    X(PRODUCT_INSERT, 20,                                                                          \
      "INSERT INTO teller.product_{lane} (" SQL_PRODUCT_COLUMNS ", lane) "                         \
      "SELECT u.*, {lane}::int2 FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], "      \
      "$5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::int8[], $11::int8[], "     \
      "$12::int8[], $13::int2[], $14::int2[], $15::int8[], $16::int8[], $17::int8[], "             \
      "$18::uuid[], $19::int2[], $20::int4[]) AS u")                                               \
    X(PRODUCT_UPDATE, 15,                                                                          \
      "WITH met AS (UPDATE teller.product_{lane} AS p SET price = u.price, stock = u.stock, "      \
      "sold = u.sold, subscribed = u.subscribed, next_subscription = u.next_subscription, "        \
      "version = u.version, state = u.state, allot_total = u.allot_total, "                        \
      "allot_remainder = u.allot_remainder, allot_number = u.allot_number, last_id = u.last_id, "  \
      "last_origin = u.last_origin, last_step = u.last_step "                                      \
      "FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], "       \
      "$7::int8[], $8::int2[], $9::int8[], $10::int8[], $11::int8[], $12::uuid[], $13::int2[], "   \
      "$14::int4[]) AS u(number, price, stock, sold, subscribed, next_subscription, version, "     \
      "state, allot_total, allot_remainder, allot_number, last_id, last_origin, last_step) "       \
      "WHERE p.number = u.number RETURNING 1) "                                                    \
      "SELECT teller.expect_rows((SELECT count(*) FROM met), $15::int8)")                          \
    X(SUBSCRIPTION_INSERT, 9,                                                                      \
      "INSERT INTO teller.subscription_{lane} (id, origin, number, product_number, account, "      \
      "quantity, price, allotted, state, lane) "                                                   \
      "SELECT u.*, {lane}::int2 FROM unnest($1::uuid[], $2::int2[], $3::int8[], $4::int8[], "      \
      "$5::text[], $6::int8[], $7::int8[], $8::int8[], $9::int2[]) AS u")                          \
    X(SUBSCRIPTION_UPDATE, 5,                                                                      \
      "WITH met AS (UPDATE teller.subscription_{lane} AS s "                                       \
      "SET allotted = u.allotted, state = u.state "                                                \
      "FROM unnest($1::uuid[], $2::int2[], $3::int8[], $4::int2[]) "                               \
      "AS u(id, origin, allotted, state) "                                                         \
      "WHERE s.id = u.id AND s.origin = u.origin RETURNING 1) "                                    \
      "SELECT teller.expect_rows((SELECT count(*) FROM met), $5::int8)")                           \
    X(BUYER_INSERT, 3,                                                                             \
      "INSERT INTO teller.buyer_{lane} (product_number, account, quantity, lane) "                 \
      "SELECT u.*, {lane}::int2 FROM unnest($1::int8[], $2::text[], $3::int8[]) AS u")             \
    X(BUYER_UPDATE, 4,                                                                             \
      "WITH met AS (UPDATE teller.buyer_{lane} AS b SET quantity = u.quantity "                    \
      "FROM unnest($1::int8[], $2::text[], $3::int8[]) AS u(product_number, account, quantity) "   \
      "WHERE b.product_number = u.product_number AND b.account = u.account RETURNING 1) "          \
      "SELECT teller.expect_rows((SELECT count(*) FROM met), $4::int8)")                           \
    X(PRODUCT_BY_ID, 1,                                                                            \
      "SELECT " SQL_PRODUCT_COLUMNS " FROM teller.product_{lane} WHERE id = ANY($1::text[])")      \
    X(SUBSCRIPTION_BY_KEY, 2,                                                                      \
      "SELECT " SQL_SUBSCRIPTION_COLUMNS " FROM unnest($1::uuid[], $2::int2[]) AS k(id, origin) "  \
      "JOIN teller.subscription_{lane} AS s ON s.id = k.id AND s.origin = k.origin")               \
    X(BUYER_BY_KEY, 2,                                                                             \
      "SELECT b.product_number, b.account, b.quantity "                                            \
      "FROM unnest($1::int8[], $2::text[]) AS k(product_number, account) "                         \
      "JOIN teller.buyer_{lane} AS b "                                                             \
      "ON b.product_number = k.product_number AND b.account = k.account")                          \
    X(SHARES, 1,                                                                                   \
      "SELECT number, quantity FROM teller.subscription_{lane} "                                   \
      "WHERE product_number = $1::int8 AND state = 1")                                             \
    X(CHUNK, 3,                                                                                    \
      "SELECT " SQL_SUBSCRIPTION_COLUMNS " FROM teller.subscription_{lane} AS s "                  \
      "WHERE s.product_number = $1::int8 AND s.number > $2::int8 "                                 \
      "ORDER BY s.product_number, s.number LIMIT $3::int8")

#endif
