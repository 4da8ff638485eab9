#include "consumer/core/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "common/utf8.h"
#include "consumer/core/lane_state.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

/* Texts of one record: its memo and the members of a group. Few commands have either. */
#define ARENA_PER_RECORD 512

static bool allocate_tables(struct lane *lane, const struct lane_limits *limits) {
    return accounts_init(&lane->accounts, limits->accounts, limits->seed) &&
           slot_table_init(&lane->holds, limits->holds, sizeof(struct hold_slot), limits->seed) &&
           slot_table_init(&lane->products, limits->sales, sizeof(struct product_slot),
                           limits->seed) &&
           slot_table_init(&lane->subscriptions, limits->sales, sizeof(struct subscription_slot),
                           limits->seed) &&
           slot_table_init(&lane->buyers, limits->sales, sizeof(struct buyer_slot), limits->seed);
}

/* What a batch takes along when it is launched. */
static bool allocate_batch(const struct lane_limits *limits, struct decoded **decoded,
                           struct arena *arena, struct builder *builder) {
    size_t arena_size = (size_t)limits->records * ARENA_PER_RECORD + LANE_ARENA_RESERVE;
    *decoded = malloc(limits->records * sizeof **decoded);
    return *decoded != NULL && arena_init(arena, arena_size) &&
           builder_init(builder, limits->records, limits->seed);
}

static bool allocate(struct lane *lane) {
    const struct lane_limits *limits = &lane->limits;
    struct flight *flight = &lane->flight;
    uint32_t records = limits->records;
    uint32_t rows = records + BUILDER_ROWS_MOST + BUILDER_ROWS_PER_RECORD;
    lane->due = malloc(limits->holds * sizeof *lane->due);
    lane->digest = digest_new();
    return lane->due != NULL && lane->digest != NULL &&
           allocate_batch(limits, &lane->decoded, &lane->arena, &lane->builder) &&
           allocate_batch(limits, &flight->decoded, &flight->arena, &flight->builder) &&
           allocate_tables(lane, limits) && fence_init(&lane->fence, limits->keys, limits->seed) &&
           entries_init(&lane->entries, rows, 2 * records + 3 * WANTS_CHUNK_MAX, WANTS_REVERSED_MAX,
                        limits->seed) &&
           wants_buffer_init(&lane->wants, records);
}

struct lane *lane_new(const struct lane_limits *limits, uint16_t number, uint16_t partitions,
                      const struct leg_secrets *secrets) {
    CHECK(limits->records > 0 && limits->accounts >= 3 * limits->records + 64);
    CHECK(limits->holds >= 18 * 64 + WANTS_DUE_MAX + limits->records);
    CHECK(limits->sales >= WANTS_CHUNK_MAX + limits->records + WANTS_PER_RECORD);
    CHECK(limits->keys >= 2 * limits->records && number < partitions);
    struct lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL) {
        return NULL;
    }
    lane->limits = *limits;
    lane->intake = (struct intake){.lane = number, .partitions = partitions, .secrets = secrets};
    lane->phase = PHASE_IDLE;
    if (allocate(lane)) {
        return lane;
    }
    lane_free(lane);
    return NULL;
}

void lane_free(struct lane *lane) {
    if (lane == NULL) {
        return;
    }
    free(lane->decoded);
    free(lane->flight.decoded);
    free(lane->due);
    digest_free(lane->digest);
    arena_close(&lane->arena);
    arena_close(&lane->flight.arena);
    accounts_close(&lane->accounts);
    slot_table_close(&lane->holds);
    slot_table_close(&lane->products);
    slot_table_close(&lane->subscriptions);
    slot_table_close(&lane->buyers);
    allotment_close(&lane->allotment);
    fence_close(&lane->fence);
    entries_close(&lane->entries);
    wants_buffer_close(&lane->wants);
    builder_close(&lane->builder);
    builder_close(&lane->flight.builder);
    free(lane);
}

void lane_open_batch(struct lane *lane) {
    builder_clear(&lane->builder);
    entries_clear(&lane->entries);
    wants_buffer_clear(&lane->wants);
    slot_table_next_batch(&lane->accounts.table);
    slot_table_next_batch(&lane->holds);
    slot_table_next_batch(&lane->products);
    slot_table_next_batch(&lane->subscriptions);
    slot_table_next_batch(&lane->buyers);
    lane->due_loaded = false;
    allotment_close(&lane->allotment); /* large, and wanted once in a product's life */
    lane->chunk.product_number = 0;
    lane->prepared = lane->applied;
    lane->lane_time_ms = lane_head(lane)->lane_time_ms;
    lane->next_number = lane_head(lane)->next_number;
}

void lane_forget_records(struct lane *lane) {
    lane->count = 0;
    lane->done = 0;
    lane->applied = 0;
    lane->prepared = 0;
    arena_reset(&lane->arena);
}

static bool stop_at_begin(struct lane *lane, enum lane_stop stop, const char *detail) {
    lane_halt(lane, stop, detail);
    return false;
}

/* Whether this log can be the one whose records the row tells of. */
static bool check_log(struct lane *lane, int64_t log_start, int64_t log_end) {
    char detail[LANE_DETAIL_MAX];
    int64_t next = lane->row.next_offset;
    if (lane->row.rules != LANE_RULES) {
        return stop_at_begin(lane, LANE_STOP_NEWER, "the lane row has rules of a newer worker");
    }
    if (log_start > next) {
        snprintf(detail, sizeof detail, "records %lld to %lld are gone from the log",
                 (long long)next, (long long)log_start - 1);
        return stop_at_begin(lane, LANE_STOP_GAP, detail);
    }
    if (log_end < next) {
        snprintf(detail, sizeof detail, "the log ends at %lld, but %lld was applied before",
                 (long long)log_end, (long long)next - 1);
        return stop_at_begin(lane, LANE_STOP_IDENTITY, detail);
    }
    return true;
}

bool lane_begin(struct lane *lane, const struct lane_row *row, int64_t log_start, int64_t log_end) {
    CHECK(row->lane == lane->intake.lane && row->published_offset <= row->next_offset);
    lane->row = *row;
    lane->intake.rules = row->rules;
    lane->stop = LANE_RUNNING;
    lane->stop_detail[0] = '\0';
    lane->closed = false;
    lane->tick_sent_ms = 0;
    lane->again_ms = 0;
    lane->flight.state = FLIGHT_NONE;
    lane_forget_records(lane);
    lane_open_batch(lane);
    accounts_clear(&lane->accounts);
    slot_table_clear(&lane->holds);
    slot_table_clear(&lane->products);
    slot_table_clear(&lane->subscriptions);
    slot_table_clear(&lane->buyers);
    lane->position = row->published_offset > log_start ? row->published_offset : log_start;
    lane->compare_last = row->last_offset >= log_start;
    lane_fence_reload(lane);
    return check_log(lane, log_start, log_end);
}

int64_t lane_read_from(const struct lane *lane) {
    if (lane->compare_last && lane->row.last_offset < lane->position) {
        return lane->row.last_offset;
    }
    return lane->position;
}

bool lane_fence_old(const struct lane *lane) {
    return lane->phase == PHASE_FILLING && lane->applied == lane->done &&
           lane->row.lane_time_ms > lane->fence_until_ms - DAY_MS / 2;
}

void lane_fence_reload(struct lane *lane) {
    CHECK(lane->applied == lane->done && lane->flight.state == FLIGHT_NONE);
    lane->phase = PHASE_STARTING;
    lane->fence_until_ms = lane->row.lane_time_ms + DAY_MS;
    struct uuid upper = uuid_v7_floor(lane->fence_until_ms);
    fence_begin(&lane->fence, &upper);
    lane->earliest_due_ms = HOLD_NEVER;
}

struct uuid lane_fence_upper(const struct lane *lane) {
    return lane->fence.upper;
}

/* Half of its room, so that new keys do not at once push the loaded ones out. */
size_t lane_fence_room(const struct lane *lane) {
    return lane->limits.keys / 2;
}

void lane_put_start_due(struct lane *lane, int64_t earliest_expiry_ms) {
    CHECK(lane->phase == PHASE_STARTING);
    lane->earliest_due_ms = earliest_expiry_ms;
}

void lane_put_start_key(struct lane *lane, const struct journal_key *key) {
    CHECK(lane->phase == PHASE_STARTING);
    fence_add(&lane->fence, key);
}

void lane_started(struct lane *lane, bool complete) {
    CHECK(lane->phase == PHASE_STARTING);
    fence_open(&lane->fence, complete);
    lane->phase = PHASE_FILLING;
}

void lane_committed(struct lane *lane) {
    CHECK(lane->phase == PHASE_READY && lane->flight.state == FLIGHT_NONE);
    lane->row = lane->batch.after;
    lane->done = lane->applied;
    lane->phase = PHASE_FILLING;
    if (lane->done == lane->count) {
        lane_forget_records(lane);
    }
    lane_open_batch(lane);
    lane_stop_if_done(lane);
}

void lane_stop_if_done(struct lane *lane) {
    if (lane->closed && lane->count == 0 && lane->flight.state == FLIGHT_NONE) {
        lane->stop = lane->halt;
    }
}

void lane_halt(struct lane *lane, enum lane_stop stop, const char *detail) {
    lane->stop = stop;
    lane->closed = true;
    lane->halt = stop;
    /* The database takes no half characters, and its own messages are in its own language. */
    int len = (int)utf8_cut(detail, sizeof lane->stop_detail - 1);
    snprintf(lane->stop_detail, sizeof lane->stop_detail, "%.*s", len, detail);
}

enum lane_stop lane_stopped(const struct lane *lane) {
    return lane->stop;
}

const char *lane_stop_detail(const struct lane *lane) {
    return lane->stop_detail;
}

const struct lane_row *lane_row(const struct lane *lane) {
    return &lane->row;
}

bool lane_tick_wanted(struct lane *lane, int64_t now_ms) {
    if (lane->phase != PHASE_FILLING || lane->stop != LANE_RUNNING ||
        lane->earliest_due_ms > now_ms) {
        return false;
    }
    if (now_ms - lane->tick_sent_ms < 1000 && now_ms >= lane->tick_sent_ms) {
        return false;
    }
    lane->tick_sent_ms = now_ms;
    return true;
}
