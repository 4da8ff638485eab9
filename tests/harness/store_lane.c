#include "tests/harness/store_lane.h"

#include <stdio.h>
#include <string.h>

#include "tests/harness/must.h"

void store_lane_open(struct store_lane *at, struct store_ledger *ledger) {
    *at = (struct store_lane){.ledger = ledger, .secrets = {.count = 1}};
    store_lane_begin(at);
}

void store_lane_close(struct store_lane *at) {
    lane_free(at->lane);
    at->lane = NULL;
}

void store_lane_begin(struct store_lane *at) {
    static const struct lane_limits limits = {
        .records = 16, .accounts = 1200, .holds = 2400, .sales = 600, .keys = 64};
    struct pg_failure failure = PG_FAILURE_INIT;
    struct store_ledger *ledger = at->ledger;
    struct pg_lane *taken = &ledger->lane[0];
    lane_free(at->lane);
    at->lane = lane_new(&limits, 0, 1, &at->secrets);
    must(at->lane != NULL, "out of memory");
    must(pg_lane_take(ledger->taker, 0, &ledger->owner, taken, &failure) == PG_DONE, "%s",
         failure.err.text);
    must(lane_begin(at->lane, &taken->row, 0, at->log_end), "%s", lane_stop_detail(at->lane));
    must(pg_store_start(ledger->store, at->lane, &failure) == PG_DONE, "%s", failure.err.text);
    for (int64_t i = lane_read_from(at->lane); i < taken->row.next_offset; i++) {
        must(lane_offer(at->lane, &at->log[i].record) == LANE_DROPPED, "%s",
             lane_stop_detail(at->lane));
    }
}

static struct store_log_record *append(struct store_lane *at, int64_t at_ms, const char *key,
                                       const char *value) {
    must(at->log_end < STORE_LOG_MAX, "the log is full");
    struct store_log_record *logged = &at->log[at->log_end];
    must(strlen(value) < sizeof logged->value, "too long: %s", value);
    (void)snprintf(logged->key, sizeof logged->key, "%s", key);
    (void)snprintf(logged->value, sizeof logged->value, "%s", value);
    logged->record = (struct record){
        .offset = at->log_end++,
        .timestamp_ms = STORE_LANE_START_MS + at_ms,
        .log_append_time = true,
        .key = {(const uint8_t *)logged->key, strlen(logged->key)},
        .value = {(const uint8_t *)logged->value, strlen(logged->value)},
    };
    return logged;
}

static void append_leg(struct store_lane *at, int64_t at_ms, const struct leg_message *message) {
    struct strbuf value = STRBUF_INIT;
    struct leg leg = message->leg;
    leg_body_encode(&message->body, &value);
    struct store_log_record *logged = append(at, at_ms, message->body.target.text, value.text);
    leg_seal(&leg, &at->secrets, 0, logged->record.key, logged->record.value, logged->envelope);
    logged->record.leg = (struct slice){logged->envelope, LEG_ENVELOPE_LEN};
    strbuf_close(&value);
}

static void load(struct store_lane *at) {
    struct pg_failure failure = PG_FAILURE_INIT;
    struct lane *const lanes[] = {at->lane};
    must(pg_store_load(at->ledger->store, lanes, 1, &failure) == PG_DONE, "%s", failure.err.text);
}

static void commit(struct store_lane *at) {
    struct pg_failure failure = PG_FAILURE_INIT;
    const struct batch *batch = lane_batch(at->lane);
    const struct pg_part part = {.batch = batch, .published_offset = batch->after.next_offset};
    must(pg_store_commit(at->ledger->store, &part, 1, &failure) == PG_DONE, "%s", failure.err.text);
    lane_committed(at->lane);
}

/* Takes the record at that offset; the last result in *word. */
static void take(struct store_lane *at, int64_t offset, int64_t at_ms, const char **word) {
    must(lane_offer(at->lane, &at->log[offset].record) == LANE_TAKEN, "%s",
         lane_stop_detail(at->lane));
    while (lane_apply(at->lane) == LANE_MISSING) {
        load(at);
    }
    const struct batch *batch = lane_batch(at->lane);
    for (size_t i = 0; i < batch->outputs_count; i++) {
        const struct output *output = &batch->outputs[i];
        if (output->kind == OUTPUT_LEG) {
            append_leg(at, at_ms, output->leg);
        } else {
            *word = outcome_word(output->outcome);
        }
    }
    commit(at);
}

const char *store_lane_apply_at(struct store_lane *at, int64_t at_ms, const char *key,
                                const char *json) {
    const char *word = "";
    int64_t offset = append(at, at_ms, key, json)->record.offset;
    for (; offset < at->log_end; offset++) {
        if (at->forgetful) {
            store_lane_begin(at);
        }
        take(at, offset, at_ms, &word);
    }
    return word;
}

const char *store_lane_apply(struct store_lane *at, const char *key, const char *json) {
    return store_lane_apply_at(at, at->log_end, key, json);
}
