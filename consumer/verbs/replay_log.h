/* The records of one lane, from Kafka or from a dump: in order, in portions. */
#ifndef TELLER_VERBS_REPLAY_LOG_H
#define TELLER_VERBS_REPLAY_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"
#include "common/record.h"

struct replay_log;

struct replay_log_options {
    const char *dump;  /* file, "-": standard input; NULL: Kafka */
    const char *write; /* records that are read are written here too; NULL: nowhere */
    const struct kafka_settings *kafka;
    const char *topic; /* of commands */
    uint16_t lane;
    uint16_t lanes;
    int64_t from; /* records before are passed over */
};

/* NULL: *err says why; also if the log does not hold the records from `from` on any more. */
struct replay_log *replay_log_new(const struct replay_log_options *options, struct err *err);

/* Frees it. False: what was read is not all in the file `write`, *err says why. */
bool replay_log_close(struct replay_log *log, struct err *err);

/* Takes the next records below offset `to`, at most max; their bytes live until the next call.
 * *count 0: there are no more, and will be none. False: *err says why. */
bool replay_log_read(struct replay_log *log, int64_t to, struct record *records, size_t max,
                     size_t *count, struct err *err);

#endif
