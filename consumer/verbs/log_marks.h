/* Where the log of every lane begins and ends, as the broker says. */
#ifndef TELLER_VERBS_LOG_MARKS_H
#define TELLER_VERBS_LOG_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/kafka/kafka_settings.h"

struct log_mark {
    int64_t low;  /* first offset that the log holds */
    int64_t high; /* the one behind its last record */
};

/* Fills marks[lanes]. Waits a few seconds for the first answer. */
bool log_marks_read(const struct kafka_settings *kafka, const char *topic, uint16_t lanes,
                    struct log_mark *marks, struct err *err);

#endif
