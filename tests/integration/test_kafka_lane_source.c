/* Lanes that come and go must not disturb those that stay, and a position is never moved by anybody
 * but the caller. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "common/prng.h"
#include "common/rt/clock.h"
#include "consumer/adapters/lane_source.h"
#include "tests/harness/damage.h"
#include "tests/harness/must.h"
#include "tests/harness/sender.h"
#include "tests/harness/wait.h"
#include "tests/integration/test_kafka_support.h"

enum { LANES = 4, STAYING = 2, ROOM = 256 };

static struct kafka_fixture fixture;
static struct sender sender;
static struct lane_source *source;

static void open_all(void) {
    struct err err = ERR_INIT;
    kafka_fixture_open(&fixture, NULL, LANES);
    sender_open(&sender, fixture.settings.brokers, fixture.names.commands);
    struct lane_source_options options = {.kafka = &fixture.settings,
                                          .topic = fixture.names.commands,
                                          .group_id = "kafka-test",
                                          .partitions = LANES,
                                          .memory_bytes = 16 << 20};
    source = lane_source_new(&options, &err);
    cr_assert_not_null(source, "%s", err.text);
}

static void close_all(void) {
    lane_source_free(source);
    sender_close(&sender);
    kafka_fixture_close(&fixture);
}

TestSuite(kafka_lane_source, .init = open_all, .fini = close_all, .timeout = 120);

static void add(uint16_t lane, int64_t offset) {
    struct err err = ERR_INIT;
    cr_assert(lane_source_add(source, lane, offset, &err), "%s", err.text);
}

static void put(int lane, int count) {
    for (int i = 0; i < count; i++) {
        struct parcel parcel = {.key = slice_of("k"), .value = slice_of("v"), .partition = lane};
        sender_put(&sender, &parcel);
    }
}

static void put_now(int lane, int count) {
    put(lane, count);
    sender_flush(&sender, KAFKA_TIMEOUT_MS);
}

/* What the next record of each lane must be; -1: the lane must give none. */
struct expectation {
    int64_t next[LANES];
};

static void read_some(struct expectation *expect, int timeout_ms) {
    struct lane_source_record records[ROOM];
    size_t count = lane_source_poll(source, records, ROOM, timeout_ms);
    for (size_t i = 0; i < count; i++) {
        int64_t *next = &expect->next[records[i].lane];
        cr_assert_eq(records[i].record.offset, *next, "lane %d gave %" PRId64 " for %" PRId64,
                     records[i].lane, records[i].record.offset, *next);
        (*next)++;
    }
    lane_source_release(records, count);
}

static void read_until(struct expectation *expect, int lane, int64_t next) {
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (expect->next[lane] < next) {
        cr_assert(clock_monotonic_ms() < deadline_ms, "lane %d stands at %" PRId64, lane,
                  expect->next[lane]);
        read_some(expect, 100);
    }
}

static bool wait_event(struct lane_source_event *event) {
    struct lane_source_record records[ROOM];
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (clock_monotonic_ms() < deadline_ms) {
        cr_assert_eq(lane_source_poll(source, records, ROOM, 100), 0);
        if (lane_source_event(source, event)) {
            return true;
        }
    }
    return false;
}

/* One lane that comes and goes: removed, or added at a random offset that the log holds. */
static void churn(struct expectation *expect, struct prng *prng, uint16_t lane, int64_t sent) {
    bool is_read = expect->next[lane] >= 0;
    if (is_read) {
        lane_source_remove(source, lane);
        expect->next[lane] = -1;
    }
    if (!is_read || prng_below(prng, 2) == 0) {
        expect->next[lane] = (int64_t)prng_below(prng, (uint64_t)sent);
        add(lane, expect->next[lane]);
    }
}

Test(kafka_lane_source, test_lanes_that_come_and_go_neither_skip_nor_repeat_a_record_of_any_lane) {
    enum { ROUNDS = 300, PER_ROUND = 40 };
    struct prng prng;
    prng_seed(&prng, 20);
    struct expectation expect = {.next = {0, 0, -1, -1}};
    add(0, 0);
    add(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        for (int lane = 0; lane < LANES; lane++) {
            put(lane, PER_ROUND);
        }
        if (round % 10 == 0) {
            sender_flush(&sender, KAFKA_TIMEOUT_MS);
        }
        read_some(&expect, 1);
        int64_t safe = (int64_t)(round / 10 * 10) * PER_ROUND + 1;
        churn(&expect, &prng, (uint16_t)(STAYING + prng_below(&prng, LANES - STAYING)), safe);
    }
    sender_flush(&sender, KAFKA_TIMEOUT_MS);
    for (int lane = 0; lane < LANES; lane++) {
        if (expect.next[lane] >= 0) {
            read_until(&expect, lane, (int64_t)ROUNDS * PER_ROUND);
        }
    }
    cr_expect_eq(expect.next[0], (int64_t)ROUNDS * PER_ROUND);
    cr_expect_eq(expect.next[1], (int64_t)ROUNDS * PER_ROUND);
}

Test(kafka_lane_source, test_a_lane_that_stays_does_not_stall_while_another_is_moved) {
    put_now(1, 100);
    struct expectation expect = {.next = {0, -1, -1, -1}};
    add(0, 0);
    put_now(0, 1);
    read_until(&expect, 0, 1);
    int64_t worst_ms = 0;
    for (int i = 1; i <= 40; i++) {
        expect.next[1] = 0;
        add(1, 0);
        int64_t start_ms = clock_monotonic_ms();
        put_now(0, 1);
        read_until(&expect, 0, i + 1);
        int64_t took_ms = clock_monotonic_ms() - start_ms;
        worst_ms = took_ms > worst_ms ? took_ms : worst_ms;
        lane_source_remove(source, 1);
        expect.next[1] = -1;
    }
    cr_expect_lt(worst_ms, 900, "a fetch back-off would take a second; worst %" PRId64 " ms",
                 worst_ms);
}

Test(kafka_lane_source, test_an_offset_behind_the_log_is_reported_and_nothing_is_read) {
    put_now(0, 3);
    add(0, 1000);
    struct lane_source_event event;
    cr_assert(wait_event(&event));
    cr_expect_eq(event.kind, LANE_SOURCE_OUT_OF_RANGE, "%s", event.text);
    cr_expect_eq(event.lane, 0);
}

Test(kafka_lane_source, test_a_lane_reads_again_after_it_was_out_of_range) {
    put_now(0, 3);
    add(0, 1000);
    struct lane_source_event event;
    cr_assert(wait_event(&event));
    lane_source_remove(source, 0);
    struct expectation expect = {.next = {1, -1, -1, -1}};
    add(0, 1);
    read_until(&expect, 0, 3);
}

Test(kafka_lane_source, test_watermarks_are_the_ends_of_the_log) {
    put_now(2, 7);
    struct err err = ERR_INIT;
    int64_t low = -1;
    int64_t high = -1;
    cr_assert(lane_source_watermarks(source, 2, KAFKA_TIMEOUT_MS, &low, &high, &err), "%s",
              err.text);
    cr_expect_eq(low, 0);
    cr_expect_eq(high, 7);
}

Test(kafka_lane_source, test_a_wake_ends_a_poll_at_once) {
    struct lane_source_record records[1];
    int64_t start_ms = clock_monotonic_ms();
    lane_source_wake(source);
    lane_source_poll(source, records, 1, KAFKA_TIMEOUT_MS);
    cr_expect_lt(clock_monotonic_ms() - start_ms, KAFKA_TIMEOUT_MS / 2);
}

Test(kafka_lane_source, test_a_record_keeps_its_bytes_header_and_broker_time) {
    struct parcel parcel = {.key = slice_of("alice"), .partition = 3, .leg = slice_of("envelope")};
    sender_put(&sender, &parcel);
    add(3, 0);
    struct lane_source_record got[1];
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (lane_source_poll(source, got, 1, 100) == 0) {
        cr_assert(clock_monotonic_ms() < deadline_ms);
    }
    const struct record *record = &got[0].record;
    cr_expect_eq(record->key.len, 5);
    cr_expect_arr_eq(record->key.at, "alice", 5);
    cr_expect_null(record->value.at, "a tombstone stays one");
    cr_expect_eq(record->leg.len, 8);
    cr_expect_null(record->source.at);
    cr_expect(record->log_append_time);
    lane_source_release(got, 1);
}

Test(kafka_lane_source, test_behind_a_damaged_batch_nothing_is_given_out) {
    put_now(0, 1);
    put_now(0, 1);
    damage_first_batch(must_getenv("TELLER_SANDBOX"), fixture.names.commands);
    add(0, 0);
    struct lane_source_event event;
    cr_assert(wait_event(&event));
    cr_expect_eq(event.kind, LANE_SOURCE_CORRUPT, "%s", event.text);
    struct lane_source_record records[ROOM];
    int64_t deadline_ms = clock_monotonic_ms() + 700;
    while (clock_monotonic_ms() < deadline_ms) {
        cr_assert_eq(lane_source_poll(source, records, ROOM, 100), 0);
    }
}

static bool is_heard(void *context) {
    struct lane_source_record records[ROOM];
    uint16_t lane = *(const uint16_t *)context;
    cr_assert_eq(lane_source_poll(source, records, ROOM, 100), 0);
    return lane_source_heard(source, lane);
}

Test(kafka_lane_source, test_an_idle_lane_is_heard_of_each_time_it_is_added) {
    uint16_t lane = 1;
    put_now(lane, 3);
    add(lane, 3);
    for (int i = 0; i < 2; i++) {
        cr_expect_not(lane_source_heard(source, lane));
        wait_for("an answer", is_heard, &lane, KAFKA_TIMEOUT_MS);
        lane_source_remove(source, lane);
        cr_expect_not(lane_source_heard(source, lane));
        add(lane, 3);
    }
    struct lane_source_event event;
    cr_expect_not(lane_source_event(source, &event), "%s", event.text);
}
