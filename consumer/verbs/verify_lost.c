#include "consumer/verbs/verify_lost.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/check.h"
#include "common/rt/clock.h"
#include "consumer/adapters/pg_audit.h"
#include "consumer/verbs/log_marks.h"

#define LOOK_MS 100

struct positions {
    struct pg_lane *before; /* after the old legs were seen */
    struct pg_lane *now;
    struct log_mark *ends; /* asked for after `before` */
};

static bool positions_init(struct positions *positions, uint16_t lanes) {
    positions->before = calloc(lanes, sizeof *positions->before);
    positions->now = calloc(lanes, sizeof *positions->now);
    positions->ends = calloc(lanes, sizeof *positions->ends);
    return positions->before != NULL && positions->now != NULL && positions->ends != NULL;
}

static void positions_close(struct positions *positions) {
    free(positions->before);
    free(positions->now);
    free(positions->ends);
}

static enum pg_answer read_lanes(const struct verify_lost *lost, struct pg_lane *out,
                                 struct pg_failure *failure) {
    enum pg_answer answer = PG_DONE;
    for (uint16_t lane = 0; answer == PG_DONE && lane < lost->lanes; lane++) {
        answer = pg_audit_lane(lost->conn, lane, &out[lane], failure);
    }
    return answer;
}

static bool all_at_end(const struct verify_lost *lost, const struct positions *positions) {
    bool at_end = true;
    for (uint16_t lane = 0; lane < lost->lanes; lane++) {
        at_end = at_end && positions->now[lane].row.next_offset >= positions->ends[lane].high;
    }
    return at_end;
}

static enum pg_answer wait_for_ends(const struct verify_lost *lost, struct positions *positions,
                                    bool *reached, struct pg_failure *failure) {
    const int64_t deadline_ms = clock_monotonic_ms() + lost->patience_ms;
    enum pg_answer answer = read_lanes(lost, positions->now, failure);
    while (answer == PG_DONE && !all_at_end(lost, positions) &&
           clock_monotonic_ms() < deadline_ms) {
        clock_sleep_ms(LOOK_MS);
        answer = read_lanes(lost, positions->now, failure);
    }
    *reached = answer == PG_DONE && all_at_end(lost, positions);
    return answer;
}

/* The record that settled a subscription is not known: it lies before the lane's position. */
static bool was_published(const struct positions *positions, const struct verify_flight *flight) {
    const struct lane_row *row = &positions->before[flight->lane].row;
    return flight->step == STEP_SETTLE ? row->published_offset >= row->next_offset
                                       : row->published_offset > flight->log_offset;
}

static const struct verify_flight *find(const struct verify_legs *legs,
                                        const struct verify_flight *flight) {
    for (size_t i = 0; i < legs->old_kept; i++) {
        const struct verify_flight *other = &legs->old[i];
        if (uuid_equal(&other->id, &flight->id) && other->origin == flight->origin &&
            other->step == flight->step) {
            return other;
        }
    }
    return NULL;
}

static void compare(const struct verify_legs *before, const struct verify_legs *after,
                    const struct positions *positions, struct finding *finding) {
    char id[UUID_TEXT_LEN + 1];
    for (size_t i = 0; i < before->old_kept; i++) {
        const struct verify_flight *flight = &before->old[i];
        if (was_published(positions, flight) && find(after, flight) != NULL) {
            uuid_format(&flight->id, id);
            (void)finding_set(finding, 0,
                              "the leg for step %" PRId32 " of command %s origin %d, told by lane "
                              "%d at offset %" PRId64 " with %" PRId64 " %s, is lost: all lanes "
                              "have read on to their ends",
                              flight->step, id, flight->origin, flight->lane, flight->log_offset,
                              flight->amount, flight->asset.text);
        }
    }
}

static enum pg_answer look_again(const struct verify_lost *lost, const struct verify_legs *legs,
                                 const struct positions *positions, struct finding *finding,
                                 struct pg_failure *failure) {
    struct verify_legs after = {.older_than_ms = legs->older_than_ms};
    const enum pg_answer answer = verify_legs_read(&after, lost->conn, finding, failure);
    if (answer == PG_DONE && !finding->found) {
        compare(legs, &after, positions, finding);
    }
    verify_legs_close(&after);
    return answer;
}

static enum pg_answer ask_broker(const struct verify_lost *lost, struct positions *positions,
                                 struct pg_failure *failure) {
    if (log_marks_read(lost->kafka, lost->topic, lost->lanes, positions->ends, &failure->err)) {
        return PG_DONE;
    }
    failure->sqlstate[0] = '\0';
    return failure->answer = PG_RETRY;
}

enum pg_answer verify_lost_find(const struct verify_lost *lost, const struct verify_legs *legs,
                                struct finding *finding, struct pg_failure *failure) {
    struct positions positions;
    bool reached = false;
    CHECK(positions_init(&positions, lost->lanes));
    enum pg_answer answer = read_lanes(lost, positions.before, failure);
    if (answer == PG_DONE) {
        answer = ask_broker(lost, &positions, failure);
    }
    if (answer == PG_DONE) {
        answer = wait_for_ends(lost, &positions, &reached, failure);
    }
    if (answer == PG_DONE && reached) {
        answer = look_again(lost, legs, &positions, finding, failure);
    }
    positions_close(&positions);
    return answer;
}
