/* tellerd migrate: brings the schema of a ledger to the version of this program. */
#include <inttypes.h>
#include <stdio.h>

#include "consumer/adapters/pg_schema.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

static const char *const options[] = {"db", "db-admin", "config", NULL};

static const struct verb verb = {
    .name = "migrate",
    .usage = "[OPTION]...",
    .about = "Brings the schema of a ledger to the version that this program works with. Stop the\n"
             "workers first: they refuse any other version. Does nothing that is done already.\n",
    .options = options,
};

int verb_migrate(int argc, char **argv) {
    int code = 0;
    int32_t from = 0;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    struct pg_failure failure = PG_FAILURE_INIT;
    if (!verb_start(&verb, argc, argv, &settings, NULL, &code)) {
        return code;
    }
    struct pg_conn *conn = verb_admin(&settings, &err);
    if (conn == NULL) {
        return verb_fail(&verb, &err);
    }
    const enum pg_answer answer = pg_schema_migrate(conn, &from, &failure);
    pg_conn_close(conn);
    if (answer != PG_DONE) {
        return verb_fail(&verb, &failure.err);
    }
    if (from == SCHEMA_VERSION) {
        printf("schema %" PRId32 " already\n", from);
    } else {
        printf("schema %" PRId32 " -> %d\n", from, SCHEMA_VERSION);
    }
    return 0;
}
