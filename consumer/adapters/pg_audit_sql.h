/* The statements of pg_audit. Partitions are found by the planner: a lane is a parameter. */
#ifndef TELLER_ADAPTERS_PG_AUDIT_SQL_H
#define TELLER_ADAPTERS_PG_AUDIT_SQL_H

#define MS_OF(column) "(date_part('epoch', " column ") * 1000)::bigint"

/* A stream of all accounts of a lane is one statement: it may take longer than a usual one. */
#define SQL_AUDIT_BEGIN                                                                            \
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '10min'"
#define SQL_AUDIT_END "COMMIT"

#define SQL_AUDIT_LANE                                                                             \
    "SELECT lane, owner, epoch, next_offset, published_offset, last_offset, last_fingerprint,"     \
    " " MS_OF("lane_time") ", rules, next_number, seal_head, next_seal, state, detail"             \
                           " FROM teller.lane WHERE lane = $1::smallint"

/* In the order of the seals (consumer/core/seal.h), which the block range index cannot give. */
#define SQL_AUDIT_JOURNAL                                                                          \
    "SELECT log_offset, command_id, origin, step, type, outcome, detail, account_number, amount,"  \
    " balance, held, version,"                                                                     \
    " " MS_OF("at") ", hash, held_delta, account, counter_role, counter_number, price, counter,"   \
                    " asset, source, memo, previous_id, previous_origin, previous_step"            \
                    " FROM teller.journal WHERE lane = $1::smallint"                               \
                    " AND log_offset BETWEEN $2::bigint AND $3::bigint"                            \
                    " ORDER BY log_offset, command_id, origin, step"

#define SQL_AUDIT_QUARANTINE                                                                       \
    "SELECT log_offset, " MS_OF(                                                                   \
        "at") ", reason, detail, id, key, value, key_length,"                                      \
              " value_length, digest FROM teller.quarantine WHERE lane = $1::smallint"             \
              " AND log_offset BETWEEN $2::bigint AND $3::bigint ORDER BY log_offset"

/* By time of the log: newest first, all lanes where $1 is negative. Columns for people. */
#define SQL_AUDIT_QUARANTINE_LIST                                                                  \
    "SELECT lane, log_offset,"                                                                     \
    " to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'),"                        \
    " teller.outcome_word(reason), coalesce(detail, ''), coalesce(id::text, ''), value_length"     \
    " FROM teller.quarantine WHERE $1::integer < 0 OR lane = $1::integer"                          \
    " ORDER BY at DESC, lane, log_offset DESC LIMIT $2::bigint"

#define SQL_AUDIT_SEALS                                                                            \
    "SELECT number, first_offset, last_offset, digest FROM teller.seal"                            \
    " WHERE lane = $1::smallint AND number >= $2::bigint ORDER BY number LIMIT $3::bigint"

#define SQL_AUDIT_ACCOUNTS                                                                         \
    "SELECT number, id, currency, balance, held, floor, ceiling, version, state, last_id,"         \
    " last_origin, last_step FROM teller.account"                                                  \
    " WHERE lane = $1::smallint AND number > $2::bigint"

/* "infinity" has no number of milliseconds: NULL stands for never. */
#define SQL_AUDIT_HOLDS                                                                            \
    "SELECT id, origin, account_number, amount,"                                                   \
    " CASE WHEN isfinite(expires_at) THEN " MS_OF(                                                 \
        "expires_at") " END, state, kind"                                                          \
                      " FROM teller.hold WHERE lane = $1::smallint"

#define SQL_AUDIT_SYSTEMS                                                                          \
    "SELECT role, asset, balance FROM teller.system_account WHERE lane = $1::smallint"             \
    " ORDER BY asset, role"

#define SQL_AUDIT_ACCOUNT_NAME                                                                     \
    "SELECT id FROM teller.account WHERE lane = $1::smallint AND number = $2::bigint"

#define SQL_AUDIT_PRODUCTS                                                                         \
    "SELECT number, id, currency, price, stock, sold, subscribed, cap, cap_per_account, version,"  \
    " next_subscription, mode, state, allot_total, allot_remainder, allot_number, last_id,"        \
    " last_origin, last_step, seller FROM teller.product"                                          \
    " WHERE lane = $1::smallint AND number > $2::bigint"

#define SQL_AUDIT_SUBSCRIPTIONS                                                                    \
    "SELECT id, origin, number, product_number, account, quantity, price, allotted, state"         \
    " FROM teller.subscription WHERE lane = $1::smallint"

#define SQL_AUDIT_BUYERS                                                                           \
    "SELECT product_number, account, quantity FROM teller.buyer WHERE lane = $1::smallint"

/* One snapshot for a page of all lanes; by the primary keys, merged, whatever the planner thinks of
 * reading everything and sorting it, page after page. */
#define SQL_AUDIT_LEGS_BEGIN                                                                       \
    SQL_AUDIT_BEGIN "; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"         \
                    " SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off;"               \
                    " SET LOCAL enable_mergejoin = off"

/* Steps 0 to 5 of commands between lanes: common/step.h, common/command.h. */
#define SQL_AUDIT_STEPS                                                                            \
    "SELECT j.command_id, j.origin, j.lane, j.step, j.type, j.outcome, j.amount, j.held_delta,"    \
    " j.price, j.counter_role, j.log_offset,"                                                      \
    " " MS_OF("j.at") ", coalesce(j.asset, a.currency)," MS_OF(                                    \
        "now()") " FROM (SELECT * FROM teller.journal WHERE command_id >= $1::uuid"                \
                 " AND type IN (8, 10, 20, 40, 41, 42) AND step < 16"                              \
                 " AND (outcome = 1 OR step > 0)"                                                  \
                 " ORDER BY command_id, origin LIMIT $2::bigint) j"                                \
                 " LEFT JOIN teller.account a"                                                     \
                 " ON a.number = j.account_number AND a.lane = j.lane"                             \
                 " ORDER BY j.command_id, j.origin"

#define SQL_AUDIT_SUBSCRIPTION_STATES                                                              \
    "SELECT s.id, s.origin, s.lane, s.quantity, s.price, s.allotted, s.state, j.log_offset,"       \
    " " MS_OF("j.at") " FROM teller.subscription s"                                                \
                      " LEFT JOIN teller.product p"                                                \
                      " ON p.number = s.product_number AND p.lane = s.lane"                        \
                      " LEFT JOIN teller.journal j"                                                \
                      " ON j.command_id = p.last_id AND j.origin = p.last_origin"                  \
                      " AND j.step = p.last_step AND j.lane = p.lane"                              \
                      " WHERE s.id >= $1::uuid AND (s.id < $2::uuid OR $3::boolean)"               \
                      " ORDER BY s.id, s.origin"

#define SQL_AUDIT_CHUNKS                                                                           \
    "SELECT id, origin, lane, step, log_offset, " MS_OF("at") ", " MS_OF("now()")                  \
    " FROM teller.open_chunk ORDER BY lane, log_offset"

#endif
