#include "consumer/verbs/log_marks.h"

#include <stddef.h>

#include "common/rt/clock.h"
#include "consumer/adapters/lane_source.h"

#define ANSWER_MS 5000
#define SETTLE_MS 15000
#define NEW_TOPIC_MS 5000
#define AGAIN_MS 50

/* The leaders of a topic that was made a moment ago may not know it yet, and a busy broker may not
 * have told our client of its partitions. */
static int64_t patience_ms(const struct err *err) {
    return err->kind == ERR_UNREACHABLE ? SETTLE_MS : err->kind == ERR_OPERATOR ? NEW_TOPIC_MS : 0;
}

static bool read_mark(struct lane_source *source, uint16_t lane, struct log_mark *mark,
                      struct err *err) {
    int64_t begun_ms = clock_monotonic_ms();
    while (!lane_source_watermarks(source, lane, ANSWER_MS, &mark->low, &mark->high, err)) {
        if (clock_monotonic_ms() - begun_ms >= patience_ms(err)) {
            return false;
        }
        clock_sleep_ms(AGAIN_MS);
    }
    return true;
}

bool log_marks_read(const struct kafka_settings *kafka, const char *topic, uint16_t lanes,
                    struct log_mark *marks, struct err *err) {
    const struct lane_source_options options = {
        .kafka = kafka,
        .topic = topic,
        .group_id = "tellerd-admin", /* no member, no commit: only a name */
        .partitions = lanes,
        .memory_bytes = (size_t)8 << 20,
    };
    struct lane_source *source = lane_source_new(&options, err);
    bool fine = source != NULL;
    for (uint16_t lane = 0; fine && lane < lanes; lane++) {
        fine = read_mark(source, lane, &marks[lane], err);
    }
    if (source != NULL) {
        lane_source_free(source);
    }
    return fine;
}
