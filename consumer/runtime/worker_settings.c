#include "consumer/runtime/worker_settings.h"

#include <stdlib.h>
#include <string.h>

#include "common/rt/log.h"

#define AT(field) offsetof(struct worker_settings, field)
#define FLAG(letter, name, field, help)                                                            \
    { name, letter, OPTION_FLAG, AT(field), NULL, NULL, NULL, 0, 0, false, help }
#define TEXT(letter, name, field, argument, env, initial, help)                                    \
    { name, letter, OPTION_TEXT, AT(field), argument, env, initial, 0, 0, false, help }
#define NUMBER(name, field, env, initial, low, high, help)                                         \
    { name, 0, OPTION_INT, AT(field), "N", env, initial, low, high, false, help }

const struct option worker_options[] = {
    FLAG('h', "help", help, "Show this help"),
    TEXT(0, "config", config, "FILE", "TELLER_CONFIG", NULL,
         "Settings file: lines of option = value, named as here"),
    TEXT('b', "brokers", kafka.brokers, "HOST:PORT,...", "TELLER_BROKERS", NULL,
         "Kafka brokers to begin with"),
    TEXT(0, "prefix", prefix, "NAME", "TELLER_PREFIX", "teller",
         "Topics are NAME.commands, NAME.results and NAME.dead-letters"),
    TEXT(0, "group", group, "NAME", "TELLER_GROUP", NULL, "Consumer group (the prefix)"),
    {"property", 'X', OPTION_LIST, AT(kafka.properties), "PROP=VAL", NULL, NULL, 0, 0, true,
     "Set a librdkafka property; may be repeated"},
    TEXT('F', "kafka-config", kafka.file, "FILE", "TELLER_KAFKA_CONFIG", NULL,
         "File of librdkafka properties, PROP=VAL per line, as for kcat"),
    FLAG(0, "insecure", kafka.insecure,
         "Allow unencrypted traffic to a broker that is not on this machine"),
    {"db", 'd', OPTION_TEXT, AT(db), "CONNINFO", "TELLER_DB", "", 0, 0, true,
     "PostgreSQL conninfo or URI; PG* variables work too"},
    TEXT(0, "lanes", lanes, "LIST", NULL, NULL,
         "Own exactly these lanes (0-3,7), without a group; another owner ends the worker"),
    NUMBER("writers", writers, "TELLER_WRITERS", "0", 0, 64,
           "Threads that commit, each for some of the lanes (0: one per core)"),
    NUMBER("batch", batch, NULL, "5000", 1, 50000, "Most records of one transaction"),
    NUMBER("copy-threshold", copy_threshold, NULL, "0", 0, INT64_MAX,
           "Rows from which on COPY is used (0: as measured; for tests)"),
    NUMBER("overlap-threshold", overlap_threshold, NULL, "0", 0, INT64_MAX,
           "Records of a round from which on the next is applied while they are committed "
           "(0: as measured; for tests)"),
    NUMBER("session-timeout", session_timeout_ms, NULL, "6000", 1000, 300000,
           "Milliseconds until the group gives a silent worker's lanes to others"),
    NUMBER("drain", drain_ms, NULL, "10000", 0, 600000,
           "Milliseconds that SIGTERM may take to hand the lanes over"),
    TEXT(0, "log-level", log_level, "LEVEL", "TELLER_LOG_LEVEL", "info",
         "debug, info, warn or error"),
    TEXT(0, "http", http, "ADDRESS:PORT", "TELLER_HTTP", NULL,
         "Serve /metrics, /livez and /readyz there"),
};

const int worker_options_count = sizeof worker_options / sizeof *worker_options;
_Static_assert(sizeof worker_options / sizeof *worker_options <= WORKER_OPTIONS_MAX,
               "arrays of one entry per option must fit");

bool worker_settings_parse(int argc, char **argv, struct worker_settings *settings,
                           struct err *err) {
    enum log_level level;
    int operands = argc;
    *settings = (struct worker_settings){.help = false};
    if (!options_parse(worker_options, worker_options_count, argc, argv, settings, NULL, &operands,
                       err)) {
        return false;
    }
    if (settings->help) {
        return true;
    }
    if (operands < argc) {
        return err_set(err, ERR_USAGE, "run takes no operand: %s", argv[operands]);
    }
    if (!log_level_parse(settings->log_level, &level)) {
        return err_set(err, ERR_USAGE, "--log-level: not a level: %s", settings->log_level);
    }
    if (settings->kafka.brokers == NULL && settings->kafka.file == NULL) {
        return err_set(err, ERR_USAGE, "no brokers: use -b HOST:PORT or TELLER_BROKERS");
    }
    if (settings->group == NULL) {
        settings->group = settings->prefix;
    }
    return true;
}

/* Reads a number below `bound` and moves *text behind it. */
static bool read_lane(const char **text, unsigned long bound, unsigned long *lane) {
    char *end = NULL;
    if (**text < '0' || **text > '9') {
        return false;
    }
    *lane = strtoul(*text, &end, 10);
    *text = end;
    return *lane < bound;
}

bool worker_settings_lanes(const char *text, uint16_t partitions, bool *wanted, struct err *err) {
    const char *at = text;
    memset(wanted, 0, partitions * sizeof *wanted);
    for (;;) {
        unsigned long first = 0;
        if (!read_lane(&at, partitions, &first)) {
            break;
        }
        unsigned long last = first;
        if (*at == '-' && (at++, !read_lane(&at, partitions, &last) || last < first)) {
            break;
        }
        for (unsigned long lane = first; lane <= last; lane++) {
            wanted[lane] = true;
        }
        if (*at == '\0') {
            return true;
        }
        if (*at++ != ',') {
            break;
        }
    }
    return err_set(err, ERR_USAGE, "--lanes: not a list of lanes below %u, like 0-3,7: %s",
                   (unsigned)partitions, text);
}

#define RECORDS_IN_ALL 40960u   /* that the batches of all lanes may hold */
#define ACCOUNTS_IN_ALL 131072u /* account rows kept in memory */
#define HOLDS_IN_ALL 65536u
#define SALES_IN_ALL 65536u  /* products, subscriptions and buyers, each */
#define KEYS_IN_ALL 1048576u /* of the id fences */
#define HOLDS_LOADED_MOST (18 * 64 + WANTS_DUE_MAX)

static uint32_t at_least(uint32_t number, uint32_t floor) {
    return number > floor ? number : floor;
}

struct lane_limits worker_settings_limits(uint16_t partitions, uint32_t batch) {
    uint32_t share = at_least(RECORDS_IN_ALL / partitions, 128);
    uint32_t records = share < batch ? share : batch;
    return (struct lane_limits){
        .records = records,
        .accounts = at_least(ACCOUNTS_IN_ALL / partitions, WANTS_DUE_MAX + 3 * records + 64),
        .holds = at_least(HOLDS_IN_ALL / partitions, HOLDS_LOADED_MOST + records),
        .sales = at_least(SALES_IN_ALL / partitions, WANTS_CHUNK_MAX + records + WANTS_PER_RECORD),
        .keys = at_least(KEYS_IN_ALL / partitions, 2 * records),
    };
}
