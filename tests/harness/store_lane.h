/* One lane machine over the real store, with a log in memory: legs that it sends by way of the log
 * come back as its next records. For tests of what is loaded and committed, without a broker. */
#ifndef TELLER_TESTS_HARNESS_STORE_LANE_H
#define TELLER_TESTS_HARNESS_STORE_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/record.h"
#include "consumer/core/lane.h"
#include "tests/harness/store_ledger.h"

#define STORE_LOG_MAX 64
#define STORE_LOG_VALUE_MAX 512
#define STORE_LANE_START_MS INT64_C(1733000000000)

struct store_log_record {
    struct record record;
    char key[IDENT_MAX];
    char value[STORE_LOG_VALUE_MAX];
    uint8_t envelope[LEG_ENVELOPE_LEN];
};

struct store_lane {
    struct store_ledger *ledger;
    struct leg_secrets secrets;
    struct lane *lane;
    struct store_log_record log[STORE_LOG_MAX];
    int64_t log_end;
    bool forgetful; /* every record starts with empty memory: all that it needs must be loaded */
};

/* Lane 0 of a ledger with one lane. */
void store_lane_open(struct store_lane *at, struct store_ledger *ledger);
void store_lane_close(struct store_lane *at);

/* A new tenure with empty memory. */
void store_lane_begin(struct store_lane *at);

/* One record at STORE_LANE_START_MS + at_ms, and what follows from it through the log, each loaded
 * for, applied and committed. The last result's outcome; "" where there was none. */
const char *store_lane_apply_at(struct store_lane *at, int64_t at_ms, const char *key,
                                const char *json);
const char *store_lane_apply(struct store_lane *at, const char *key, const char *json);

#endif
