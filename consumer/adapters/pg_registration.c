#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/hex.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/adapters/pg_sql_admin.h"

#define NUMBER_ROOM 24
#define HEX_ROOM (2 * LEG_SECRET_LEN + 1)

static bool same(const char *what, const char *ledger, const char *mine, struct err *err) {
    return strcmp(ledger, mine) == 0 ||
           err_set(err, ERR_OPERATOR, "the ledger belongs to %s \"%s\", not to \"%s\"", what,
                   ledger, mine);
}

bool pg_schema_compare(const struct pg_registration *ledger, const struct pg_registration *mine,
                       struct err *err) {
    if (!same("Kafka cluster", ledger->cluster_id, mine->cluster_id, err) ||
        !same("topic prefix", ledger->prefix, mine->prefix, err) ||
        !same("topic", ledger->commands_topic, mine->commands_topic, err) ||
        !same("consumer group", ledger->group_id, mine->group_id, err)) {
        return false;
    }
    return ledger->partitions == mine->partitions ||
           err_set(err, ERR_OPERATOR, "the ledger has %d lanes, but the topic %d partitions",
                   (int)ledger->partitions, (int)mine->partitions);
}

enum pg_answer pg_schema_secrets(struct pg_conn *conn, struct leg_secrets *out,
                                 struct pg_failure *failure) {
    *failure = (struct pg_failure)PG_FAILURE_INIT;
    struct pg_rows *rows = pg_conn_query(conn, SQL_SECRET_LIST, NULL, 0, failure);
    if (rows == NULL) {
        return failure->answer;
    }
    out->count = 0;
    if (pg_rows_count(rows) > LEG_SECRETS_MAX) {
        (void)pg_failure_set(failure, PG_STATE_STORED, "more secrets than this program can hold",
                             NULL);
    }
    for (int i = 0; i < pg_rows_count(rows) && failure->answer == PG_DONE; i++) {
        struct leg_secret *secret = &out->items[out->count++];
        secret->key_id = (uint32_t)pg_rows_int(rows, i, 0);
        const char *hex = pg_rows_text(rows, i, 1); /* encode() wrote it */
        CHECK(strlen(hex) == HEX_ROOM - 1 && hex_decode(hex, HEX_ROOM - 1, secret->bytes));
    }
    pg_rows_free(rows);
    return failure->answer;
}

enum pg_answer pg_schema_add_secret(struct pg_conn *conn, const struct leg_secret *secret,
                                    struct pg_failure *failure) {
    char key_id[NUMBER_ROOM];
    char hex[HEX_ROOM];
    const char *const params[] = {key_id, hex};
    (void)snprintf(key_id, sizeof key_id, "%u", secret->key_id);
    hex_encode(secret->bytes, LEG_SECRET_LEN, hex);
    struct pg_rows *rows = pg_conn_query(conn, SQL_SECRET_ADD, params, 2, failure);
    memset(hex, 0, sizeof hex);
    if (rows == NULL) {
        return failure->answer;
    }
    if (strcmp(pg_rows_text(rows, 0, 0), "t") != 0) {
        (void)pg_failure_set(failure, "23505", "there is another secret with this key id", NULL);
        (void)err_set(&failure->err, ERR_OPERATOR, "there is another secret with key id %s",
                      key_id);
    }
    pg_rows_free(rows);
    return failure->answer;
}
