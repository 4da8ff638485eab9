/* What `tellerd run` was told, and what follows from it for the sizes of everything. */
#ifndef TELLER_RUNTIME_WORKER_SETTINGS_H
#define TELLER_RUNTIME_WORKER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_options.h"
#include "common/rt/options.h"
#include "consumer/core/lane.h"

/* Values of the options, as options_parse fills them. Texts live until the process ends. */
struct worker_settings {
    bool help;
    const char *config; /* settings file */
    struct kafka_options kafka;
    const char *prefix; /* of the topics */
    const char *group;  /* NULL: the prefix */
    const char *db;     /* conninfo */
    const char *lanes;  /* "0-3,7": these, without a group; NULL: what the group assigns */
    int64_t writers;    /* 0: one per core */
    int64_t batch;      /* records of one transaction */
    int64_t copy_threshold;
    int64_t overlap_threshold;
    int64_t session_timeout_ms;
    int64_t drain_ms;
    const char *log_level;
    const char *http; /* ADDRESS:PORT of metrics and health; NULL: none */
};

#define WORKER_OPTIONS_MAX 20

extern const struct option worker_options[];
extern const int worker_options_count;

/* Fills *settings from file, environment and argv (argv[0] is passed over), and checks what bounds
 * alone cannot. False: *err, ERR_USAGE. */
bool worker_settings_parse(int argc, char **argv, struct worker_settings *settings,
                           struct err *err);

/* Marks the lanes that "0-3,7" names in wanted[partitions]. False (ERR_USAGE): not such a list, or
 * beyond the partitions. */
bool worker_settings_lanes(const char *text, uint16_t partitions, bool *wanted, struct err *err);

/* Sizes of one lane's memory where a worker may come to own all `partitions` lanes: together they
 * stay within a fixed budget, however many there are. */
struct lane_limits worker_settings_limits(uint16_t partitions, uint32_t batch);

#endif
