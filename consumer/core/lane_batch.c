/* The batch of a lane: records in, rows wanted, the batch out. */
#include <stdio.h>
#include <string.h>

#include "common/check.h"
#include "consumer/core/gather.h"
#include "consumer/core/ledger.h"
#include "consumer/core/seal.h"

/* Nothing is taken any more, and the lane stops behind what it has. */
static enum lane_offer close_behind(struct lane *lane, enum lane_stop stop, const char *what,
                                    const struct record *record) {
    lane->closed = true;
    lane->halt = stop;
    snprintf(lane->stop_detail, sizeof lane->stop_detail, "%s at offset %lld", what,
             (long long)record->offset);
    lane_stop_if_done(lane);
    return LANE_STOPPED;
}

/* The first record of a tenure at or behind the last one that was applied must be that very one. */
static bool is_last_applied(const struct lane *lane, const struct record *record) {
    uint8_t fingerprint[RECORD_FINGERPRINT_LEN];
    if (record->offset != lane->row.last_offset) {
        return false;
    }
    record_fingerprint(record, fingerprint);
    return memcmp(fingerprint, lane->row.last_fingerprint, sizeof fingerprint) == 0;
}

enum lane_offer lane_offer(struct lane *lane, const struct record *record) {
    CHECK(lane->phase == PHASE_FILLING);
    if (lane->closed) {
        return LANE_STOPPED;
    }
    if (lane->count == lane->limits.records ||
        lane->arena.size - lane->arena.used < LANE_ARENA_RESERVE) {
        return LANE_FULL;
    }
    if (!record->log_append_time) {
        return close_behind(lane, LANE_STOP_TIMESTAMP, "a record without LogAppendTime", record);
    }
    if (lane->compare_last && record->offset >= lane->row.last_offset) {
        if (!is_last_applied(lane, record)) {
            return close_behind(lane, LANE_STOP_IDENTITY, "another record than was applied",
                                record);
        }
        lane->compare_last = false;
        if (record->offset < lane->position) {
            return LANE_DROPPED; /* read for the comparison only */
        }
    }
    if (record->offset < lane->position) {
        return LANE_DROPPED;
    }
    struct decoded *decoded = &lane->decoded[lane->count];
    intake_decode(&lane->intake, record, &lane->arena, decoded);
    if (decoded->kind == INTAKE_NEWER) {
        return close_behind(lane, LANE_STOP_NEWER, "a leg of a newer worker", record);
    }
    lane->position = record->offset + 1;
    lane->count++;
    return LANE_TAKEN;
}

size_t lane_backlog(const struct lane *lane) {
    return lane->count - lane->done;
}

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* One record misses something: ask for what the rest of the backlog misses too, so that a batch
 * takes a few round trips and not one per record. */
static void prepare_rest(struct lane *lane) {
    int64_t at_ms = lane->lane_time_ms;
    for (uint32_t i = lane->applied; i < lane->count; i++) {
        const struct decoded *decoded = &lane->decoded[i];
        at_ms = later(at_ms, decoded->record.timestamp_ms);
        if (i > lane->applied && gather_record(lane, decoded, at_ms) == GATHER_FULL) {
            return;
        }
        if (lane->prepared <= i) {
            lane->prepared = i + 1;
        }
    }
}

const struct wants *lane_wants(const struct lane *lane) {
    return &lane->wants.view;
}

/* The rows that the last record made are known from now on. */
static void settle_rows(struct lane *lane, uint32_t first) {
    for (uint32_t i = first; i < lane->builder.rows_count; i++) {
        const struct entry *entry = &lane->builder.rows[i].entry;
        entries_add(&lane->entries, entry);
        fence_add(&lane->fence, &entry->key);
    }
}

static void seal_batch(struct lane *lane, struct batch *batch) {
    batch->has_seal = batch->rows_count + batch->quarantine_count > 0;
    if (!batch->has_seal) {
        return;
    }
    batch->seal.number = batch->after.next_seal++;
    batch->seal.first_offset = batch->old_offset;
    batch->seal.last_offset = batch->after.last_offset;
    seal_begin(lane->digest, lane_head(lane)->seal_head);
    for (size_t i = 0; i < batch->rows_count; i++) {
        seal_add_row(lane->digest, &batch->rows[i], lane->intake.lane);
    }
    for (size_t i = 0; i < batch->quarantine_count; i++) {
        seal_add_quarantine(lane->digest, &batch->quarantine[i], lane->intake.lane);
    }
    seal_end(lane->digest, batch->seal.digest);
    memcpy(batch->after.seal_head, batch->seal.digest, sizeof batch->after.seal_head);
}

static void close_batch(struct lane *lane) {
    struct batch *batch = &lane->batch;
    const struct lane_row *head = lane_head(lane);
    *batch = (struct batch){.old_offset = head->next_offset, .after = *head};
    batch->records_count = lane->applied - lane->done;
    batch->decoded = lane->decoded;
    builder_close_batch(&lane->builder, batch);
    batch->after.lane_time_ms = lane->lane_time_ms;
    batch->after.next_number = lane->next_number;
    if (batch->records_count > 0) {
        const struct record *last = &lane->decoded[lane->applied - 1].record;
        if (last->offset >= head->next_offset) {
            batch->after.next_offset = last->offset + 1;
            batch->after.last_offset = last->offset;
            record_fingerprint(last, batch->after.last_fingerprint);
        }
        seal_batch(lane, batch);
    }
    lane->phase = PHASE_READY;
}

enum lane_apply lane_apply(struct lane *lane) {
    CHECK(lane->phase == PHASE_FILLING);
    wants_buffer_clear(&lane->wants);
    while (lane->applied < lane->count) {
        const struct decoded *decoded = &lane->decoded[lane->applied];
        int64_t at_ms = later(lane->lane_time_ms, decoded->record.timestamp_ms);
        bool alone = gather_is_alone(lane, decoded, at_ms);
        if (!alone && !builder_has_room(&lane->builder, BUILDER_ROWS_PER_RECORD)) {
            break;
        }
        enum gather gather = gather_record(lane, decoded, at_ms);
        if (gather == GATHER_WANTS) {
            prepare_rest(lane);
            return LANE_MISSING;
        }
        if (gather == GATHER_FULL && !wants_buffer_empty(&lane->wants)) {
            return LANE_MISSING; /* what was asked for must come, or nobody asks for it again */
        }
        if (gather == GATHER_FULL) {
            break;
        }
        uint32_t first = lane->builder.rows_count;
        if (!apply_record(lane, lane->applied, at_ms)) {
            break;
        }
        settle_rows(lane, first);
        lane->lane_time_ms = at_ms;
        lane->applied++;
        if (alone) {
            break;
        }
    }
    CHECK(lane->applied > lane->done || lane->count == lane->applied);
    close_batch(lane);
    return lane->closed && lane->applied == lane->count ? LANE_HALTED : LANE_APPLIED;
}

const struct batch *lane_batch(const struct lane *lane) {
    CHECK(lane->phase == PHASE_READY);
    return &lane->batch;
}
