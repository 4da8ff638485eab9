/* What the administrative verbs have in common: their options, their help, their connections and
 * how they fail. `tellerd run` has its own options, which are named alike. */
#ifndef TELLER_VERBS_VERB_H
#define TELLER_VERBS_VERB_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_options.h"
#include "common/pg/pg_conn.h"
#include "common/rt/options.h"

/* Values of all options that a verb may have; a verb fills those that it names. */
struct verb_settings {
    bool help;
    bool json;
    const char *config;
    struct kafka_options kafka;
    const char *prefix;
    const char *group; /* NULL: the prefix */
    const char *db;
    const char *db_admin; /* NULL: db */
    int64_t partitions;
    int64_t replication;
    int64_t from;  /* -1: not given */
    int64_t lane;  /* -1: all */
    int64_t limit; /* rows shown at most */
    int64_t older_than_s;
    const char *dump;  /* file of records; NULL: read Kafka */
    const char *write; /* file for records; NULL: none */
    const char *file;
    const char *http; /* NULL: none */
};

struct verb {
    const char *name;           /* "init" */
    const char *usage;          /* behind the name: "[OPTION]...", "list|show ..." */
    const char *about;          /* what it does, for the help; ends with a newline */
    const char *const *options; /* names of its options, NULL at the end; help is always there */
    int operands_min, operands_max;
};

/* True: go on, with *operands (may be NULL) the index of the first operand. False: the help was
 * asked for and printed, or the command line is wrong and was complained about; *exit_code is what
 * the verb returns. */
bool verb_start(const struct verb *verb, int argc, char **argv, struct verb_settings *settings,
                int *operands, int *exit_code);

/* Says the error on stderr, as "tellerd NAME: ...", and returns its exit code. */
int verb_fail(const struct verb *verb, const struct err *err);

/* True: there is a broker to ask, named by --brokers or in the file of --kafka-config. */
bool verb_has_broker(const struct verb_settings *settings);

/* How to reach Kafka; borrows from *settings. */
void verb_kafka(const struct verb_settings *settings, struct kafka_settings *kafka);

/* A connection that may write (--db-admin, else --db; no standby), or one that only reads (--db; a
 * standby will do). NULL: *err. To be closed with pg_conn_close. */
struct pg_conn *verb_admin(const struct verb_settings *settings, struct err *err);
struct pg_conn *verb_reader(const struct verb_settings *settings, struct err *err);

#endif
