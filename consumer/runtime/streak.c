#include "consumer/runtime/streak.h"

#include <inttypes.h>

#include "common/outcome.h"
#include "common/rt/log.h"

/* Where a record has several outputs, one of them counts. Nobody is answered for a forged leg: it
 * has a dead letter alone. */
static bool counts(const struct output *output) {
    return output->kind == OUTPUT_RESULT ||
           (output->kind == OUTPUT_DEAD_LETTER && output->outcome == OUTCOME_FORGED_LEG);
}

uint64_t streak_after(const struct batch *batch, uint64_t before) {
    uint64_t streak = before;
    if (streak == 0 && batch->quarantine_count == 0) {
        return 0;
    }
    for (size_t i = 0; i < batch->outputs_count; i++) {
        const struct output *output = &batch->outputs[i];
        const struct record *record = batch_record(batch, output);
        if (!counts(output) || record->offset < batch->old_offset) {
            continue;
        }
        if (outcome_state(output->outcome) == STATE_QUARANTINED) {
            streak++;
        } else if (record->leg.at == NULL) {
            streak = 0;
        }
    }
    return streak;
}

static void set(struct board *board, uint16_t lane, uint64_t streak) {
    struct board_lane *shown = &board->lanes[lane];
    bool was_alarm = streak_alarm(shown);
    atomic_store(&shown->streak, streak);
    bool is_alarm = streak_alarm(shown);
    if (is_alarm && !was_alarm) {
        log_event(LOG_WARN, "nothing but quarantined records", "lane=%d in_a_row=%" PRIu64, lane,
                  streak);
    } else if (was_alarm && !is_alarm) {
        log_event(LOG_INFO, "no longer quarantined records only", "lane=%d", lane);
    }
}

void streak_note(struct board *board, const struct batch *batch) {
    uint16_t lane = batch->after.lane;
    uint64_t before = atomic_load(&board->lanes[lane].streak);
    uint64_t after = streak_after(batch, before);
    if (after != before) {
        set(board, lane, after);
    }
}

void streak_end(struct board *board, uint16_t lane) {
    set(board, lane, 0);
}

bool streak_alarm(const struct board_lane *lane) {
    return atomic_load(&lane->streak) >= STREAK_ALARM;
}
