/* tellerd init: makes a ledger, in the database and on the broker, once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/rt/clock.h"
#include "consumer/adapters/pg_lane.h"
#include "consumer/adapters/pg_schema.h"
#include "consumer/adapters/topics.h"
#include "consumer/verbs/log_marks.h"
#include "consumer/verbs/verb.h"
#include "consumer/verbs/verbs.h"

#define TOPICS_MS 30000
#define FIRST_KEY_ID 1

static const char *const options[] = {
    "partitions", "replication", "from",         "brokers",  "prefix", "group", "db",
    "db-admin",   "property",    "kafka-config", "insecure", "config", NULL};

static const struct verb verb = {
    .name = "init",
    .usage = "--partitions N [--replication R] [--from OFFSET] [OPTION]...",
    .about = "Makes a ledger: topics, roles, schema, one lane per partition and the first secret,\n"
             "and registers what belongs together. A ledger that is there already is compared and\n"
             "left alone: exit 0 if it is the one that was asked for, 78 if it is another.\n",
    .options = options,
};

/* What init works with, from step to step. */
struct founding {
    const struct verb_settings *settings;
    struct kafka_settings kafka;
    struct topic_names names;
    struct pg_conn *conn;
    struct pg_registration registration;
    int64_t from[PG_LANES_MAX];
};

static bool take_failure(const struct pg_failure *failure, struct err *err) {
    *err = failure->err;
    return false;
}

/* Looks before anything is made. *exists: there is a ledger, of whatever version. */
static bool look_at_database(struct founding *founding, bool *exists, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_rows *rows = pg_conn_query(
        founding->conn, "SELECT current_setting('server_encoding'), to_regnamespace('teller')",
        NULL, 0, &failure);
    if (rows == NULL) {
        return take_failure(&failure, err);
    }
    const bool utf8 = strcmp(pg_rows_text(rows, 0, 0), "UTF8") == 0;
    *exists = !pg_rows_null(rows, 0, 1);
    if (!utf8) {
        (void)err_set(err, ERR_OPERATOR,
                      "the database is encoded in %s: a ledger needs one made with ENCODING 'UTF8'",
                      pg_rows_text(rows, 0, 0));
    }
    pg_rows_free(rows);
    return utf8;
}

static void print_ledger(const char *what, const struct pg_registration *ledger) {
    printf("%s: %" PRId32 " lanes of %s, cluster %s, group %s, schema %" PRId32 "\n", what,
           ledger->partitions, ledger->commands_topic, ledger->cluster_id, ledger->group_id,
           ledger->schema_version);
}

static bool read_cluster(struct founding *founding, struct err *err) {
    struct kafka_topic topic;
    if (!kafka_topic_describe(&founding->kafka, founding->names.commands, TOPICS_MS, &topic, err)) {
        return false;
    }
    (void)snprintf(founding->registration.cluster_id, sizeof founding->registration.cluster_id,
                   "%s", topic.cluster_id);
    return true;
}

/* A second init says what is there; it must not seem to have done what it was asked for. */
static bool compare_existing(struct founding *founding, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_registration ledger;
    if (pg_schema_read(founding->conn, &ledger, &failure) != PG_DONE) {
        return take_failure(&failure, err);
    }
    if (founding->settings->from >= 0) {
        return err_set(err, ERR_OPERATOR,
                       "--from: the ledger is there already and has positions of its own");
    }
    if (!read_cluster(founding, err)) {
        return false;
    }
    if (!pg_schema_compare(&ledger, &founding->registration, err)) {
        return err_context(err, "the database has another ledger");
    }
    print_ledger("already there", &ledger);
    return true;
}

/* Where each lane starts to read. Records that retention took may have been commands: only a person
 * may say that they do not count. */
static bool choose_start(struct founding *founding, struct err *err) {
    struct log_mark marks[PG_LANES_MAX];
    const int64_t from = founding->settings->from;
    const uint16_t lanes = (uint16_t)founding->settings->partitions;
    if (!log_marks_read(&founding->kafka, founding->names.commands, lanes, marks, err)) {
        return false;
    }
    for (uint16_t lane = 0; lane < lanes; lane++) {
        founding->from[lane] = from < 0 ? 0 : from;
        if (from < 0 && marks[lane].low > 0) {
            return err_set(err, ERR_OPERATOR,
                           "partition %u of %s begins at offset %" PRId64
                           ": earlier records are gone; say where to start with --from OFFSET",
                           lane, founding->names.commands, marks[lane].low);
        }
        if (from >= 0 && (from < marks[lane].low || from > marks[lane].high)) {
            return err_set(err, ERR_OPERATOR,
                           "--from %" PRId64 ": partition %u of %s holds offsets %" PRId64
                           " to %" PRId64,
                           from, lane, founding->names.commands, marks[lane].low, marks[lane].high);
        }
    }
    return true;
}

static bool make_schema(struct founding *founding, struct err *err) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct leg_secret secret = {.key_id = FIRST_KEY_ID};
    clock_random(secret.bytes, sizeof secret.bytes);
    if (pg_schema_init(founding->conn, &founding->registration, founding->from, &secret,
                       &failure) != PG_DONE) {
        return take_failure(&failure, err);
    }
    founding->registration.schema_version = SCHEMA_VERSION;
    print_ledger("made", &founding->registration);
    return true;
}

static bool found(struct founding *founding, struct err *err) {
    bool exists;
    const struct verb_settings *settings = founding->settings;
    if (!look_at_database(founding, &exists, err)) {
        return false;
    }
    if (exists) {
        return compare_existing(founding, err);
    }
    return topics_create(&founding->kafka, &founding->names, (uint16_t)settings->partitions,
                         (int16_t)settings->replication, TOPICS_MS, err) &&
           read_cluster(founding, err) && choose_start(founding, err) && make_schema(founding, err);
}

static void describe(struct founding *founding) {
    struct pg_registration *mine = &founding->registration;
    const struct verb_settings *settings = founding->settings;
    mine->partitions = (int32_t)settings->partitions;
    (void)snprintf(mine->prefix, sizeof mine->prefix, "%s", settings->prefix);
    (void)snprintf(mine->commands_topic, sizeof mine->commands_topic, "%s",
                   founding->names.commands);
    (void)snprintf(mine->group_id, sizeof mine->group_id, "%s", settings->group);
}

static bool check_settings(struct founding *founding, struct err *err) {
    const struct verb_settings *settings = founding->settings;
    if (settings->partitions == 0) {
        return err_set(err, ERR_USAGE,
                       "--partitions N is needed: it is fixed for the ledger's life");
    }
    if (settings->replication == 0) {
        return err_set(err, ERR_USAGE,
                       "--replication: at least 1, or -1 for the cluster's default");
    }
    return topic_names_init(&founding->names, settings->prefix, err);
}

int verb_init(int argc, char **argv) {
    int code = 0;
    struct verb_settings settings;
    struct err err = ERR_INIT;
    struct founding founding = {.settings = &settings};
    if (!verb_start(&verb, argc, argv, &settings, NULL, &code)) {
        return code;
    }
    verb_kafka(&settings, &founding.kafka);
    bool fine = check_settings(&founding, &err);
    if (fine) {
        describe(&founding);
        founding.conn = verb_admin(&settings, &err);
        fine = founding.conn != NULL && found(&founding, &err);
    }
    pg_conn_close(founding.conn);
    return fine ? 0 : verb_fail(&verb, &err);
}
