/* The schema of a ledger: made by init, upgraded by migrate, compared by everybody else.
 *
 * A schema version is the number of the last file of schemas/db that was applied. A program works
 * with exactly the version that it carries. */
#ifndef TELLER_ADAPTERS_PG_SCHEMA_H
#define TELLER_ADAPTERS_PG_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "common/pg/pg_conn.h"
#include "consumer/core/leg.h"

#define SCHEMA_VERSION 8
#define PG_TEXT_MAX 250 /* bytes of a topic, group or cluster name (Kafka allows 249) */

/* What the ledger belongs to: written once by init. */
struct pg_registration {
    char cluster_id[PG_TEXT_MAX];
    char prefix[PG_TEXT_MAX];
    char commands_topic[PG_TEXT_MAX];
    char group_id[PG_TEXT_MAX];
    int32_t partitions;     /* = lanes */
    int32_t schema_version; /* filled in by the read */
};

/* Makes roles, schema, one lane per partition and the first secret, and registers, in one
 * transaction on a PG_SESSION_ADMIN connection. Lanes start at `from_offsets[lane]`, at 0 where it
 * is NULL. PG_REFUSED and ERR_OPERATOR: the database is not UTF8, or has a ledger already. */
enum pg_answer pg_schema_init(struct pg_conn *conn, const struct pg_registration *registration,
                              const int64_t *from_offsets, const struct leg_secret *secret,
                              struct pg_failure *failure);

/* Applies the files that are newer than the schema. *from is the version found. ERR_OPERATOR: there
 * is no ledger ("run init"), or it is newer than this program. */
enum pg_answer pg_schema_migrate(struct pg_conn *conn, int32_t *from, struct pg_failure *failure);

/* Reads the registration and checks the schema version. ERR_OPERATOR with both versions in the text
 * when it is another one; "run init" where there is none. Any role but the reader may. */
enum pg_answer pg_schema_read(struct pg_conn *conn, struct pg_registration *out,
                              struct pg_failure *failure);

/* False and ERR_OPERATOR, naming the field and both values, unless the ledger belongs to what the
 * program was pointed at. */
bool pg_schema_compare(const struct pg_registration *ledger, const struct pg_registration *mine,
                       struct err *err);

/* Secrets of the legs, by ascending key id; only ever added. */
enum pg_answer pg_schema_secrets(struct pg_conn *conn, struct leg_secrets *out,
                                 struct pg_failure *failure);
/* PG_REFUSED when the key id is there with other bytes; the same again changes nothing. Admin. */
enum pg_answer pg_schema_add_secret(struct pg_conn *conn, const struct leg_secret *secret,
                                    struct pg_failure *failure);

#endif
