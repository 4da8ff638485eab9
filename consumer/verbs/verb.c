#include "consumer/verbs/verb.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "common/kafka/topic_names.h"

#define AT(field) offsetof(struct verb_settings, field)
#define VERB_OPTIONS_MAX 20
#define STREAM_CALL_MS 600000 /* a page of a long journal, or the next row of a sorted stream */

/* Every option of every verb, once: the verbs choose by name. */
static const struct option all_options[] = {
    {"help", 'h', OPTION_FLAG, AT(help), NULL, NULL, NULL, 0, 0, false, "Show this help"},
    {"config", 0, OPTION_TEXT, AT(config), "FILE", "TELLER_CONFIG", NULL, 0, 0, false,
     "Settings file: lines of option = value, named as here"},
    {"brokers", 'b', OPTION_TEXT, AT(kafka.brokers), "HOST:PORT,...", "TELLER_BROKERS", NULL, 0, 0,
     false, "Kafka brokers to begin with"},
    {"prefix", 0, OPTION_TEXT, AT(prefix), "NAME", "TELLER_PREFIX", TOPIC_NAMES_PREFIX, 0, 0, false,
     "Topics are NAME.commands, NAME.results and NAME.dead-letters"},
    {"group", 0, OPTION_TEXT, AT(group), "NAME", "TELLER_GROUP", NULL, 0, 0, false,
     "Consumer group of the workers (the prefix)"},
    {"property", 'X', OPTION_LIST, AT(kafka.properties), "PROP=VAL", NULL, NULL, 0, 0, true,
     "Set a librdkafka property; may be repeated"},
    {"kafka-config", 'F', OPTION_TEXT, AT(kafka.file), "FILE", "TELLER_KAFKA_CONFIG", NULL, 0, 0,
     false, "File of librdkafka properties, PROP=VAL per line, as for kcat"},
    {"insecure", 0, OPTION_FLAG, AT(kafka.insecure), NULL, NULL, NULL, 0, 0, false,
     "Allow unencrypted traffic to a broker that is not on this machine"},
    {"db", 'd', OPTION_TEXT, AT(db), "CONNINFO", "TELLER_DB", "", 0, 0, true,
     "PostgreSQL conninfo or URI; PG* variables work too"},
    {"db-admin", 0, OPTION_TEXT, AT(db_admin), "CONNINFO", "TELLER_DB_ADMIN", NULL, 0, 0, true,
     "The same for a role that may create roles and schemas (--db)"},
    {"partitions", 'p', OPTION_INT, AT(partitions), "N", NULL, "0", 0, 1024, false,
     "Lanes of the ledger, fixed for its life; 64 is a good number"},
    {"replication", 'r', OPTION_INT, AT(replication), "R", NULL, "-1", -1, 100, false,
     "Copies of each partition (-1: the cluster's default)"},
    {"from", 0, OPTION_INT, AT(from), "OFFSET", NULL, "-1", -1, INT64_MAX, false,
     "First offset that is read, in every lane, where the log does not begin at 0"},
    {"lane", 'l', OPTION_INT, AT(lane), "N", NULL, "-1", -1, 1023, false, "Only this lane"},
    {"limit", 'n', OPTION_INT, AT(limit), "N", NULL, "100", 1, 1000000, false,
     "Show at most so many rows, newest first"},
    {"file", 'f', OPTION_TEXT, AT(file), "FILE", NULL, "-", 0, 0, false,
     "Read or write this file (-: standard input or output)"},
    {"older-than", 0, OPTION_INT, AT(older_than_s), "SECONDS", NULL, "60", 0, 1000000000, false,
     "List legs that have been under way for so long"},
    {"dump", 0, OPTION_TEXT, AT(dump), "FILE", NULL, NULL, 0, 0, false,
     "Read the records from this file instead of Kafka (-: standard input)"},
    {"write", 0, OPTION_TEXT, AT(write), "FILE", NULL, NULL, 0, 0, false,
     "Write the records that are read to this file (-: standard output)"},
    {"http", 0, OPTION_TEXT, AT(http), "ADDRESS:PORT", "TELLER_HTTP", NULL, 0, 0, false,
     "Where the worker serves /readyz"},
    {"json", 'j', OPTION_FLAG, AT(json), NULL, NULL, NULL, 0, 0, false, "JSON instead of text"},
};

#define ALL_OPTIONS (sizeof all_options / sizeof *all_options)

static const struct option *find_option(const char *name) {
    for (size_t i = 0; i < ALL_OPTIONS; i++) {
        if (strcmp(all_options[i].name, name) == 0) {
            return &all_options[i];
        }
    }
    return NULL;
}

static int choose_options(const struct verb *verb, struct option table[VERB_OPTIONS_MAX]) {
    int count = 0;
    table[count++] = all_options[0];
    for (const char *const *name = verb->options; *name != NULL; name++) {
        const struct option *option = find_option(*name);
        CHECK(option != NULL && count < VERB_OPTIONS_MAX);
        table[count++] = *option;
    }
    return count;
}

static void print_help(const struct verb *verb, const struct option *table, int count) {
    printf("usage: tellerd %s %s\n\n%s\n", verb->name, verb->usage, verb->about);
    options_help(table, count, stdout);
}

static bool check_operands(const struct verb *verb, int count, struct err *err) {
    if (count < verb->operands_min) {
        return err_set(err, ERR_USAGE, "usage: tellerd %s %s", verb->name, verb->usage);
    }
    return count <= verb->operands_max ||
           err_set(err, ERR_USAGE, "too many operands; usage: tellerd %s %s", verb->name,
                   verb->usage);
}

bool verb_start(const struct verb *verb, int argc, char **argv, struct verb_settings *settings,
                int *operands, int *exit_code) {
    struct option table[VERB_OPTIONS_MAX];
    struct err err = ERR_INIT;
    int first = argc;
    const int count = choose_options(verb, table);
    *settings = (struct verb_settings){.from = -1, .lane = -1};
    bool fine = options_parse(table, count, argc, argv, settings, NULL, &first, &err);
    if (fine && settings->help) {
        print_help(verb, table, count);
        *exit_code = 0;
        return false;
    }
    if (!fine || !check_operands(verb, argc - first, &err)) {
        *exit_code = verb_fail(verb, &err);
        return false;
    }
    if (settings->group == NULL) {
        settings->group = settings->prefix;
    }
    if (operands != NULL) {
        *operands = first;
    }
    return true;
}

int verb_fail(const struct verb *verb, const struct err *err) {
    fprintf(stderr, "tellerd %s: %s\n", verb->name, err->text);
    return err_exit_code(err->kind);
}

bool verb_has_broker(const struct verb_settings *settings) {
    return settings->kafka.brokers != NULL || settings->kafka.file != NULL;
}

void verb_kafka(const struct verb_settings *settings, struct kafka_settings *kafka) {
    *kafka = kafka_options_settings(&settings->kafka, "tellerd");
}

static struct pg_conn *connect_as(const char *conninfo, enum pg_session session, struct err *err) {
    const struct pg_conn_options options = {
        .conninfo = conninfo,
        /* not a worker's name: takers terminate sessions by it */
        .application = "tellerd-admin",
        .session = session,
        .call_ms = STREAM_CALL_MS,
    };
    struct pg_failure failure = PG_FAILURE_INIT;
    struct pg_conn *conn = pg_conn_open(&options, &failure);
    if (conn == NULL) {
        *err = failure.err;
        (void)err_context(err, "database");
    }
    return conn;
}

struct pg_conn *verb_admin(const struct verb_settings *settings, struct err *err) {
    const char *conninfo = settings->db_admin != NULL ? settings->db_admin : settings->db;
    return connect_as(conninfo, PG_SESSION_ADMIN, err);
}

struct pg_conn *verb_reader(const struct verb_settings *settings, struct err *err) {
    return connect_as(settings->db, PG_SESSION_READER, err);
}
