#include "producer/settings.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "common/check.h"

struct row {
    unsigned groups;
    struct option option;
};

#define AT(field) offsetof(struct settings, field)
#define FLAG(letter, name, field, help)                                                            \
    { name, letter, OPTION_FLAG, AT(field), NULL, NULL, NULL, 0, 0, false, help }
#define TEXT(letter, name, field, argument, env, initial, help)                                    \
    { name, letter, OPTION_TEXT, AT(field), argument, env, initial, 0, 0, false, help }
#define NUMBER(name, field, argument, env, initial, low, high, help)                               \
    { name, 0, OPTION_INT, AT(field), argument, env, initial, low, high, false, help }

static const struct row rows[] = {
    {SETTINGS_OUTPUT, FLAG('h', "help", help, "Show this help")},
    {SETTINGS_OUTPUT, FLAG('J', "json", json, "One JSON object per line (teller help json)")},
    {SETTINGS_OUTPUT, FLAG(0, "plain", plain, "Fields between tabs, no colour, no grouping")},
    {SETTINGS_OUTPUT, FLAG('q', "quiet", quiet, "Print errors only; the exit code says the rest")},
    {SETTINGS_OUTPUT, FLAG('v', "verbose", verbose, "Say on stderr what is being done")},
    {SETTINGS_OUTPUT, TEXT(0, "config", config, "FILE", "TELLER_CONFIG", NULL,
                           "Settings file: lines of option = value, named as here")},

    {SETTINGS_KAFKA, TEXT('b', "brokers", brokers, "HOST:PORT,...", "TELLER_BROKERS", NULL,
                          "Kafka brokers to begin with")},
    {SETTINGS_KAFKA, TEXT(0, "prefix", prefix, "NAME", "TELLER_PREFIX", "teller",
                          "Topics are NAME.commands and NAME.results")},
    {SETTINGS_KAFKA,
     TEXT('t', "topic", topic, "TOPIC", NULL, NULL, "Commands topic, instead of --prefix")},
    {SETTINGS_KAFKA,
     {"property", 'X', OPTION_LIST, AT(properties), "PROP=VAL", NULL, NULL, 0, 0, true,
      "Set a librdkafka property; may be repeated"}},
    {SETTINGS_KAFKA, TEXT('F', "kafka-config", kafka_file, "FILE", "TELLER_KAFKA_CONFIG", NULL,
                          "File of librdkafka properties, PROP=VAL per line, as for kcat")},
    {SETTINGS_KAFKA, FLAG(0, "insecure", insecure,
                          "Allow unencrypted traffic to a broker that is not on this machine")},
    {SETTINGS_KAFKA, NUMBER("partitions", partitions, "N", "TELLER_PARTITIONS", "0", 0, 65535,
                            "Refuse a topic with another number of partitions; with --dry-run, "
                            "ask no broker")},

    {SETTINGS_SEND, FLAG('w', "wait", wait, "Wait until the command is applied or rejected")},
    {SETTINGS_SEND, NUMBER("timeout", timeout_s, "S", "TELLER_TIMEOUT", "30", 1, 3600,
                           "How long broker and result may take, in seconds")},
    {SETTINGS_SEND, FLAG('n', "dry-run", dry_run, "Validate, show record and lane, send nothing")},
    {SETTINGS_SEND, TEXT(0, "source", source, "NAME", "TELLER_SOURCE", "teller-cli",
                         "Who asks (ce_source; kept in the journal)")},
    {SETTINGS_ONE, TEXT(0, "id", id, "UUID", NULL, NULL,
                        "Id of the command: sending it again has no second effect")},
    {SETTINGS_ONE | SETTINGS_APPLY,
     TEXT(0, "idempotency-key", idempotency_key, "STRING", NULL, NULL,
          "Make the id from a name of your own (UUIDv5); for apply, from STRING:LINE")},
    {SETTINGS_APPLY, FLAG(0, "make-ids", make_ids,
                          "Give random ids to lines without one; repeating them is not safe")},

    {SETTINGS_COMMON, TEXT(0, "currency", currency, "ASSET", NULL, NULL,
                           "Refuse if account or product is in another asset")},
    {SETTINGS_COMMON, TEXT(0, "memo", memo, "TEXT", NULL, NULL, "A note of up to 140 bytes")},
    {SETTINGS_COMMON, TEXT(0, "expected-version", expected_version, "N", NULL, NULL,
                           "Refuse if account or product has another version")},
    {SETTINGS_OPEN, TEXT(0, "currency", currency, "ASSET", NULL, NULL,
                         "Asset of the account: KRW, EUR, VIEW (required)")},
    {SETTINGS_OPEN, TEXT(0, "memo", memo, "TEXT", NULL, NULL, "A note of up to 140 bytes")},
    {SETTINGS_OPEN, TEXT(0, "floor", floor, "AMOUNT", NULL, NULL,
                         "Lowest balance in minor units, 0 or below (0)")},
    {SETTINGS_OPEN,
     TEXT(0, "ceiling", ceiling, "AMOUNT", NULL, NULL, "Highest balance in minor units (none)")},
    {SETTINGS_HOLD, TEXT(0, "expires-in", expires_in, "S", NULL, NULL,
                         "Seconds until the hold ends by itself (never)")},
    {SETTINGS_CAPTURE, TEXT(0, "amount", amount, "AMOUNT", NULL, NULL,
                            "Capture this much and release the rest (all)")},
    {SETTINGS_CAPTURE,
     TEXT(0, "to", to, "ACCOUNT", NULL, NULL, "Credit this account (the money leaves the ledger)")},
    {SETTINGS_CREATE,
     TEXT(0, "currency", currency, "ASSET", NULL, NULL, "Asset of the price: KRW, EUR (required)")},
    {SETTINGS_CREATE, TEXT(0, "memo", memo, "TEXT", NULL, NULL, "A note of up to 140 bytes")},
    {SETTINGS_CREATE,
     TEXT(0, "price", price, "AMOUNT", NULL, NULL, "Of one piece, in minor units (required)")},
    {SETTINGS_CREATE, TEXT(0, "stock", stock, "N", NULL, NULL, "Pieces there are (required)")},
    {SETTINGS_CREATE, TEXT(0, "mode", mode, "MODE", NULL, "sale",
                           "sale: at once while stock lasts; subscription: allotted "
                           "when finalized")},
    {SETTINGS_CREATE, TEXT(0, "seller", seller, "ACCOUNT", NULL, NULL,
                           "Who gets the money (the ledger's own @sales)")},
    {SETTINGS_CREATE,
     TEXT(0, "cap", cap, "N", NULL, NULL, "Pieces that may be subscribed at most (no cap)")},
    {SETTINGS_CREATE, TEXT(0, "cap-per-account", cap_per_account, "N", NULL, NULL,
                           "Pieces that one account may have (no cap)")},
    {SETTINGS_PURCHASE, TEXT(0, "quantity", quantity, "N", NULL, NULL, "Pieces (required)")},
    {SETTINGS_PURCHASE, TEXT(0, "price", price, "AMOUNT", NULL, NULL,
                             "Most to pay for one piece, in minor units (required)")},

    {SETTINGS_READ | SETTINGS_SEND,
     {"db", 'd', OPTION_TEXT, AT(db), "CONNINFO", "TELLER_DB", NULL, 0, 0, true,
      "PostgreSQL conninfo or URI; PG* variables work too"}},
    {SETTINGS_HISTORY, NUMBER("limit", limit, "N", NULL, "50", 1, 100000, "Newest N entries")},
    {SETTINGS_CONFIG, FLAG(0, "origin", origin, "Say where each value comes from")},

    {SETTINGS_WORKLOAD, TEXT(0, "shape", shape, "NAME", NULL, "uniform",
                             "uniform, hot, transfer, purchase ...: see teller help workload")},
    {SETTINGS_WORKLOAD,
     NUMBER("accounts", accounts, "N", NULL, "1000", 1, 100000000, "How many accounts there are")},
    {SETTINGS_WORKLOAD, NUMBER("count", count, "N", NULL, "10000", 0, 1000000000,
                               "Commands to send after the accounts are open")},
    {SETTINGS_WORKLOAD,
     NUMBER("seed", seed, "N", NULL, "1", 0, INT64_MAX, "The same seed makes the same commands")},
    {SETTINGS_WORKLOAD, NUMBER("stock", pieces, "N", NULL, "1000000", 0, INT64_MAX,
                               "Pieces of the product that purchase and subscribe are about")},
};

#define ROWS (sizeof rows / sizeof *rows)
_Static_assert(ROWS <= SETTINGS_MAX, "a table of all options must fit");

static bool listed(const struct option *table, int count, const char *name) {
    for (int i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

int settings_table(unsigned groups, struct option table[SETTINGS_MAX]) {
    int count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if ((rows[i].groups & groups) != 0 && !listed(table, count, rows[i].option.name)) {
            table[count++] = rows[i].option;
        }
    }
    return count;
}

/* True where `word` is an option whose argument is the next word. */
static bool takes_next(const struct option *table, int count, const char *word) {
    for (int i = 0; i < count; i++) {
        bool named = strncmp(word, "--", 2) == 0 ? strcmp(word + 2, table[i].name) == 0
                                                 : word[0] == '-' && word[1] == table[i].letter &&
                                                       word[1] != '\0' && word[2] == '\0';
        if (named) {
            return table[i].kind != OPTION_FLAG;
        }
    }
    return false;
}

/* "-5" among the operands is a bad amount, not an option that nobody knows. */
static bool refuse_negative(unsigned groups, const struct option *table, int count, int argc,
                            char **argv, struct err *err) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (takes_next(table, count, argv[i])) {
            i++;
        } else if (argv[i][0] == '-' && isdigit((unsigned char)argv[i][1])) {
            return (groups & SETTINGS_SIGNED) != 0
                       ? err_set(err, ERR_USAGE, "to say %s write -- %s, behind all options",
                                 argv[i], argv[i])
                       : err_set(err, ERR_DATA, "amount: must be 1 .. 9223372036854775807, not %s",
                                 argv[i]);
        }
    }
    return true;
}

bool settings_parse(unsigned groups, int argc, char **argv, struct settings *settings,
                    enum option_origin *origins, int *operands, struct err *err) {
    struct option table[SETTINGS_MAX];
    int count = settings_table(groups | SETTINGS_OUTPUT, table);
    memset(settings, 0, sizeof *settings);
    return refuse_negative(groups, table, count, argc, argv, err) &&
           options_parse(table, count, argc, argv, settings, origins, operands, err);
}

bool settings_topics(const struct settings *settings, struct topic_names *names, struct err *err) {
    static const char tail[] = ".commands";
    if (settings->topic == NULL) {
        return topic_names_init(names, settings->prefix, err);
    }
    char prefix[TOPIC_NAME_MAX + 1];
    size_t len = strlen(settings->topic);
    size_t tail_len = sizeof tail - 1;
    if (len <= tail_len || len >= sizeof prefix ||
        strcmp(settings->topic + len - tail_len, tail) != 0) {
        return err_set(err, ERR_USAGE,
                       "--topic %s: a commands topic is named PREFIX.commands, and its results are "
                       "in PREFIX.results",
                       settings->topic);
    }
    snprintf(prefix, sizeof prefix, "%.*s", (int)(len - tail_len), settings->topic);
    return topic_names_init(names, prefix, err);
}

bool settings_kafka(const struct settings *settings, struct kafka_settings *kafka,
                    struct err *err) {
    if (settings->brokers == NULL && settings->kafka_file == NULL &&
        settings->properties.count == 0) {
        return err_set(err, ERR_USAGE,
                       "no broker was named: give -b HOST:PORT or set TELLER_BROKERS");
    }
    *kafka = (struct kafka_settings){.brokers = settings->brokers,
                                     .file = settings->kafka_file,
                                     .properties = settings->properties.items,
                                     .properties_count = settings->properties.count,
                                     .client_id = "teller",
                                     .insecure = settings->insecure};
    return true;
}

static void show_value(const struct option *option, const struct settings *settings, FILE *out) {
    const char *field = (const char *)settings + option->offset;
    switch (option->kind) {
    case OPTION_FLAG: fprintf(out, "%s", *(const bool *)field ? "true" : "false"); return;
    case OPTION_INT: fprintf(out, "%lld", (long long)*(const int64_t *)(const void *)field); return;
    case OPTION_TEXT: {
        const char *text = *(const char *const *)(const void *)field;
        fprintf(out, "%s", text == NULL ? "(none)" : option->secret ? "********" : text);
        return;
    }
    case OPTION_LIST: {
        const struct option_list *list = (const void *)field;
        for (int i = 0; i < list->count; i++) {
            const char *item = list->items[i];
            int shown = option->secret ? (int)strcspn(item, "=") : (int)strlen(item);
            fprintf(out, "%s%.*s%s", i > 0 ? "," : "", shown, item,
                    option->secret ? "=********" : "");
        }
        fprintf(out, "%s", list->count == 0 ? "(none)" : "");
        return;
    }
    }
    CHECK(!"option kind");
}

void settings_show(const struct settings *settings, const enum option_origin *origins, bool origin,
                   FILE *out) {
    static const char *const words[] = {"default", "file", "environment", "flag"};
    struct option table[SETTINGS_MAX];
    int count = settings_table(SETTINGS_SHOWN, table);
    for (int i = 0; i < count; i++) {
        fprintf(out, "%s = ", table[i].name);
        show_value(&table[i], settings, out);
        if (origin) {
            fprintf(out, "  # %s%s%s", words[origins[i]], origins[i] == ORIGIN_ENV ? " " : "",
                    origins[i] == ORIGIN_ENV ? table[i].env : "");
        }
        fputc('\n', out);
    }
}
