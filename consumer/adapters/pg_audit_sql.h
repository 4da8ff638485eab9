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

#endif
