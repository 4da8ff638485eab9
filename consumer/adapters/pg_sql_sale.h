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
      "INSERT INTO teller.product_{lane} (" SQL_PRODUCT_COLUMNS ", lane) SELECT "                  \
      "unnest($1::int8[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), "           \
      "unnest($5::int8[]), unnest($6::int8[]), unnest($7::int8[]), unnest($8::int8[]), "           \
      "unnest($9::int8[]), unnest($10::int8[]), unnest($11::int8[]), unnest($12::int8[]), "        \
      "unnest($13::int2[]), unnest($14::int2[]), unnest($15::int8[]), unnest($16::int8[]), "       \
      "unnest($17::int8[]), unnest($18::uuid[]), unnest($19::int2[]), unnest($20::int4[]), "       \
      "{lane}::int2")                                                                              \
    X(PRODUCT_UPDATE, 15,                                                                          \
      "WITH met AS (UPDATE teller.product_{lane} AS p SET price = u.price, stock = u.stock, "      \
      "sold = u.sold, subscribed = u.subscribed, next_subscription = u.next_subscription, "        \
      "version = u.version, state = u.state, allot_total = u.allot_total, allot_remainder = "      \
      "u.allot_remainder, allot_number = u.allot_number, last_id = u.last_id, last_origin = "      \
      "u.last_origin, last_step = u.last_step FROM (SELECT unnest($1::int8[]) AS number, "         \
      "unnest($2::int8[]) AS price, unnest($3::int8[]) AS stock, unnest($4::int8[]) AS sold, "     \
      "unnest($5::int8[]) AS subscribed, unnest($6::int8[]) AS next_subscription, "                \
      "unnest($7::int8[]) AS version, unnest($8::int2[]) AS state, unnest($9::int8[]) AS "         \
      "allot_total, unnest($10::int8[]) AS allot_remainder, unnest($11::int8[]) AS "               \
      "allot_number, unnest($12::uuid[]) AS last_id, unnest($13::int2[]) AS last_origin, "         \
      "unnest($14::int4[]) AS last_step) AS u WHERE p.number BETWEEN u.number AND u.number "       \
      "RETURNING 1) SELECT teller.expect_rows((SELECT count(*) FROM met), $15::int8)")             \
    X(SUBSCRIPTION_INSERT, 9,                                                                      \
      "INSERT INTO teller.subscription_{lane} (id, origin, number, product_number, account, "      \
      "quantity, price, allotted, state, lane) SELECT unnest($1::uuid[]), unnest($2::int2[]), "    \
      "unnest($3::int8[]), unnest($4::int8[]), unnest($5::text[]), unnest($6::int8[]), "           \
      "unnest($7::int8[]), unnest($8::int8[]), unnest($9::int2[]), {lane}::int2")                  \
    X(SUBSCRIPTION_UPDATE, 5,                                                                      \
      "WITH met AS (UPDATE teller.subscription_{lane} AS s SET allotted = u.allotted, state = "    \
      "u.state FROM (SELECT unnest($1::uuid[]) AS id, unnest($2::int2[]) AS origin, "              \
      "unnest($3::int8[]) AS allotted, unnest($4::int2[]) AS state) AS u WHERE s.id "              \
      "BETWEEN u.id AND u.id AND s.origin = u.origin RETURNING 1) SELECT "                         \
      "teller.expect_rows((SELECT count(*) FROM met), $5::int8)")                                  \
    X(BUYER_INSERT, 3,                                                                             \
      "INSERT INTO teller.buyer_{lane} (product_number, account, quantity, lane) SELECT "          \
      "unnest($1::int8[]), unnest($2::text[]), unnest($3::int8[]), {lane}::int2")                  \
    X(BUYER_UPDATE, 4,                                                                             \
      "WITH met AS (UPDATE teller.buyer_{lane} AS b SET quantity = u.quantity FROM (SELECT "       \
      "unnest($1::int8[]) AS product_number, unnest($2::text[]) AS account, unnest($3::int8[]) "   \
      "AS quantity) AS u WHERE (b.product_number, b.account) BETWEEN (u.product_number, "          \
      "u.account) AND (u.product_number, u.account) RETURNING 1) SELECT "                          \
      "teller.expect_rows((SELECT count(*) FROM met), $4::int8)")                                  \
    X(PRODUCT_BY_ID, 1,                                                                            \
      "SELECT " SQL_PRODUCT_COLUMNS " FROM teller.product_{lane} WHERE id = ANY($1::text[])")      \
    X(SUBSCRIPTION_BY_KEY, 2,                                                                      \
      "SELECT " SQL_SUBSCRIPTION_COLUMNS " FROM unnest($1::uuid[], $2::int2[]) AS k(id, origin), " \
      "LATERAL (SELECT * FROM teller.subscription_{lane} AS r WHERE r.id = k.id "                  \
      "AND r.origin = k.origin OFFSET 0) AS s")                                                    \
    X(BUYER_BY_KEY, 2,                                                                             \
      "SELECT b.product_number, b.account, b.quantity "                                            \
      "FROM unnest($1::int8[], $2::text[]) AS k(product_number, account), "                        \
      "LATERAL (SELECT * FROM teller.buyer_{lane} AS r WHERE r.product_number = k.product_number " \
      "AND r.account = k.account OFFSET 0) AS b")                                                  \
    X(SHARES, 1,                                                                                   \
      "SELECT number, quantity FROM teller.subscription_{lane} "                                   \
      "WHERE product_number = $1::int8 AND state = 1")                                             \
    X(CHUNK, 3,                                                                                    \
      "SELECT " SQL_SUBSCRIPTION_COLUMNS " FROM teller.subscription_{lane} AS s "                  \
      "WHERE s.product_number = $1::int8 AND s.number > $2::int8 "                                 \
      "ORDER BY s.product_number, s.number LIMIT $3::int8")

#endif
