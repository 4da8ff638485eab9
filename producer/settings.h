/* What a run of `teller` was told: one table of options feeds parsing, environment, file, help and
 * `config show`; a verb takes the groups of options that mean something to it. */
#ifndef TELLER_PRODUCER_SETTINGS_H
#define TELLER_PRODUCER_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/kafka/topic_names.h"
#include "common/rt/options.h"

/* Groups of options, as bits. */
enum settings_group {
    SETTINGS_OUTPUT = 1 << 0,  /* every verb */
    SETTINGS_KAFKA = 1 << 1,   /* verbs that talk to the broker */
    SETTINGS_SEND = 1 << 2,    /* verbs that send commands */
    SETTINGS_ONE = 1 << 3,     /* ... exactly one: it has an id that can be given */
    SETTINGS_COMMON = 1 << 4,  /* optional fields of any command */
    SETTINGS_OPEN = 1 << 5,    /* fields of account.open */
    SETTINGS_HOLD = 1 << 6,    /* fields of hold */
    SETTINGS_CAPTURE = 1 << 7, /* fields of capture */
    SETTINGS_APPLY = 1 << 8,
    SETTINGS_READ = 1 << 9, /* verbs that read the database */
    SETTINGS_HISTORY = 1 << 10,
    SETTINGS_WORKLOAD = 1 << 11,
    SETTINGS_CONFIG = 1 << 12,
    SETTINGS_CREATE = 1 << 13,   /* fields of product.create */
    SETTINGS_PURCHASE = 1 << 14, /* fields of purchase and subscribe */
    SETTINGS_SIGNED = 1 << 15,   /* an operand may be negative, behind -- */
    SETTINGS_SHOWN =
        SETTINGS_OUTPUT | SETTINGS_KAFKA | SETTINGS_SEND | SETTINGS_READ | SETTINGS_CONFIG,
};

struct settings {
    bool help;
    const char *config; /* settings file */
    /* output */
    bool json;
    bool plain;
    bool quiet;
    bool verbose;
    /* broker */
    const char *brokers;
    const char *prefix; /* topics are PREFIX.commands and PREFIX.results */
    const char *topic;  /* the commands topic, if named otherwise; NULL: by prefix */
    const char *kafka_file;
    struct option_list properties;
    bool insecure;
    int64_t partitions; /* 0: whatever the topic has */
    /* sending */
    bool wait;
    bool dry_run;
    int64_t timeout_s;
    const char *source;
    const char *id;
    const char *idempotency_key;
    bool make_ids;
    /* fields of commands, as typed; NULL: not given */
    const char *currency;
    const char *memo;
    const char *expected_version;
    const char *floor;
    const char *ceiling;
    const char *expires_in;
    const char *amount;
    const char *to;
    const char *quantity;
    const char *price;
    const char *stock;
    const char *seller;
    const char *mode;
    const char *cap;
    const char *cap_per_account;
    /* reading */
    const char *db;
    int64_t limit;
    bool origin;
    /* workload */
    const char *shape;
    int64_t accounts;
    int64_t count;
    int64_t seed;
    int64_t pieces;
};

#define SETTINGS_MAX 64 /* options */

/* The rows of the option table that belong to `groups`; returns how many. */
int settings_table(unsigned groups, struct option table[SETTINGS_MAX]);

/* Parses argv (argv[0] is passed over) for a verb with `groups`. *operands gets the index of the
 * first operand; argv is permuted. origins may be NULL, else has room for SETTINGS_MAX. Texts live
 * until the process ends. False: *err, ERR_USAGE, or ERR_DATA for a negative operand. */
bool settings_parse(unsigned groups, int argc, char **argv, struct settings *settings,
                    enum option_origin *origins, int *operands, struct err *err);

/* The topics that --prefix or --topic name. False: *err, ERR_USAGE. */
bool settings_topics(const struct settings *settings, struct topic_names *names, struct err *err);

/* How to reach Kafka; what *kafka points to is borrowed from *settings. False: *err, ERR_USAGE,
 * where no broker was named. */
bool settings_kafka(const struct settings *settings, struct kafka_settings *kafka, struct err *err);

/* Prints what the groups of SETTINGS_SHOWN hold and, where asked, the origin; secrets are masked.
 * `origins` come from settings_parse with those groups. */
void settings_show(const struct settings *settings, const enum option_origin *origins, bool origin,
                   FILE *out);

#endif
