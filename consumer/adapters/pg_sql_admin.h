/* Every SQL text about lane rows and about the schema, named. The UPDATEs of lane rows are each a
 * transaction of their own. */
#ifndef TELLER_ADAPTERS_PG_SQL_ADMIN_H
#define TELLER_ADAPTERS_PG_SQL_ADMIN_H

/* ---- lane rows ---- */

#define SQL_LANE_COLUMNS                                                                           \
    "lane, owner, epoch, next_offset, published_offset, last_offset, last_fingerprint, "           \
    "lane_time, rules, next_number, seal_head, next_seal, state, detail"

#define SQL_LANE_TAKE                                                                              \
    "UPDATE teller.lane SET epoch = epoch + 1, owner = $2::uuid WHERE lane = $1::int2 "            \
    "RETURNING " SQL_LANE_COLUMNS
#define SQL_LANE_RETAKE                                                                            \
    "UPDATE teller.lane SET epoch = epoch + 1 "                                                    \
    "WHERE lane = $1::int2 AND owner = $2::uuid AND epoch = $3::int8 "                             \
    "RETURNING " SQL_LANE_COLUMNS
#define SQL_LANE_MARK                                                                              \
    "UPDATE teller.lane SET state = $4::int2, detail = nullif($5::text, '') "                      \
    "WHERE lane = $1::int2 AND owner = $2::uuid AND epoch = $3::int8 "                             \
    "RETURNING " SQL_LANE_COLUMNS
#define SQL_LANE_LIST "SELECT " SQL_LANE_COLUMNS " FROM teller.lane ORDER BY lane"

/* Ends the sessions at the far end of the chain of waiters before $1: workers that hold what they
 * hold for longer than $3 ms and do not wait themselves. */
#define SQL_LANE_UNBLOCK                                                                           \
    "WITH RECURSIVE chain(pid) AS ("                                                               \
    "SELECT unnest(pg_blocking_pids($1::int4)) "                                                   \
    "UNION SELECT unnest(pg_blocking_pids(chain.pid)) FROM chain) "                                \
    "SELECT a.pid, pg_terminate_backend(a.pid) FROM chain JOIN pg_stat_activity AS a USING (pid) " \
    "WHERE a.usename = current_user AND a.application_name = $2::text "                            \
    "AND a.wait_event_type IS DISTINCT FROM 'Lock' "                                               \
    "AND clock_timestamp() - a.xact_start > $3::int8 * interval '1 ms'"

/* ---- schema ---- */

#define SQL_SCHEMA_EXISTS "SELECT to_regclass('teller.migration') IS NOT NULL"
#define SQL_SCHEMA_ENCODING                                                                        \
    "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
#define SQL_SCHEMA_VERSION "SELECT max(version) FROM teller.migration"
#define SQL_SCHEMA_APPLIED "INSERT INTO teller.migration (version, file) VALUES ($1::int4, $2)"
#define SQL_SCHEMA_LANE "SELECT teller.create_lane($1::int2, $2::int8)"
#define SQL_SCHEMA_REGISTER                                                                        \
    "INSERT INTO teller.registration (cluster_id, prefix, commands_topic, group_id, partitions) "  \
    "VALUES ($1, $2, $3, $4, $5::int4)"
#define SQL_SCHEMA_REGISTRATION                                                                    \
    "SELECT cluster_id, prefix, commands_topic, group_id, partitions FROM teller.registration"
#define SQL_SECRET_LIST "SELECT key_id, encode(bytes, 'hex') FROM teller.secret ORDER BY key_id"
#define SQL_SECRET_ADD                                                                             \
    "WITH added AS (INSERT INTO teller.secret (key_id, bytes) "                                    \
    "VALUES ($1::int8, decode($2, 'hex')) "                                                        \
    "ON CONFLICT (key_id) DO NOTHING RETURNING 1) "                                                \
    "SELECT count(*) = 1 OR EXISTS (SELECT FROM teller.secret WHERE key_id = $1::int8 "            \
    "AND bytes = decode($2, 'hex')) FROM added"

#endif
