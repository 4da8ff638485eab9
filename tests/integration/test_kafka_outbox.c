/* published moves only over what the broker has, whatever happens to the broker meanwhile. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "common/rt/clock.h"
#include "consumer/adapters/outbox.h"
#include "tests/harness/must.h"
#include "tests/harness/sandbox.h"
#include "tests/harness/sender.h"
#include "tests/harness/topics.h"
#include "tests/integration/test_kafka_support.h"

enum { LANES = 2, CAP = 5000 };

static struct kafka_fixture fixture;
static struct outbox *outbox;

static void open_outbox(const struct kafka_settings *settings, uint32_t cap) {
    struct outbox_options options = {
        .kafka = settings, .topics = &fixture.names, .lanes = LANES, .lane_cap = cap};
    struct err err = ERR_INIT;
    outbox = outbox_new(&options, &err);
    cr_assert_not_null(outbox, "%s", err.text);
    for (uint16_t lane = 0; lane < LANES; lane++) {
        outbox_begin(outbox, lane, 0);
    }
}

static void open_all(void) {
    kafka_fixture_open(&fixture, NULL, LANES);
    open_outbox(&fixture.settings, CAP);
}

static void close_all(void) {
    outbox_free(outbox);
    kafka_fixture_close(&fixture);
}

TestSuite(kafka_outbox, .init = open_all, .fini = close_all, .timeout = 120);

static enum outbox_send send_text(enum outbox_topic topic, uint16_t lane, const char *text) {
    struct outbox_header header = {.name = slice_of("ce_id"), .value = slice_of("x")};
    struct outbox_message message = {.topic = topic,
                                     .partition = lane,
                                     .key = slice_of("k"),
                                     .value = slice_of(text),
                                     .headers = &header,
                                     .headers_count = 1};
    return outbox_send(outbox, lane, &message);
}

static void wait_published(uint16_t lane, int64_t offset) {
    int64_t deadline_ms = clock_monotonic_ms() + 4 * KAFKA_TIMEOUT_MS;
    while (outbox_published(outbox, lane) < offset) {
        cr_assert(clock_monotonic_ms() < deadline_ms, "published stands at %" PRId64,
                  outbox_published(outbox, lane));
        outbox_poll(outbox, 10);
    }
}

/* Serves acknowledgements until nothing is on its way, of older tenures either. False: the time is
 * up. */
static bool settles(int timeout_ms) {
    struct outbox_counters counters;
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    outbox_counters(outbox, &counters);
    while (counters.unacknowledged > 0 && clock_monotonic_ms() < deadline_ms) {
        outbox_poll(outbox, 10);
        outbox_counters(outbox, &counters);
    }
    return counters.unacknowledged == 0;
}

struct reading {
    int count;
    bool in_order; /* values are 0, 1, 2, ... and every record has its header */
};

static void on_record(void *context, const rd_kafka_message_t *message) {
    struct reading *reading = context;
    char value[16] = "";
    memcpy(value, message->payload, message->len < sizeof value ? message->len : sizeof value - 1);
    const char *id = topic_header(message, "ce_id");
    reading->in_order =
        reading->in_order && strtol(value, NULL, 10) == reading->count && id != NULL;
    reading->count++;
}

static struct reading read_results(const char *brokers) {
    struct reading reading = {.in_order = true};
    topic_read(brokers, fixture.names.results, on_record, &reading);
    return reading;
}

static void send_numbers(int from, int to) {
    for (int i = from; i < to; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        cr_assert_eq(send_text(OUTBOX_RESULTS, 0, text), OUTBOX_SENT);
        outbox_mark(outbox, 0, i + 1);
    }
}

Test(kafka_outbox, test_published_reaches_the_mark_when_the_broker_has_all_outputs) {
    send_numbers(0, 500);
    wait_published(0, 500);
    cr_expect_eq(outbox_pending(outbox, 0), 0);
    struct reading reading = read_results(fixture.settings.brokers);
    cr_expect_eq(reading.count, 500);
    cr_expect(reading.in_order);
}

/* They would wait a quarter of an hour for company, were it not for the one that hurries. */
Test(kafka_outbox, test_outputs_go_at_once_when_somebody_hurries) {
    const char *const patient[] = {"linger.ms=900000"};
    struct kafka_settings settings = fixture.settings;
    settings.properties = patient;
    settings.properties_count = 1;
    outbox_free(outbox);
    open_outbox(&settings, CAP);
    send_numbers(0, 10);
    for (int i = 0; i < 20; i++) {
        outbox_poll(outbox, 10);
    }
    cr_expect_eq(outbox_published(outbox, 0), 0, "linger.ms does not count: the test is blind");
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (outbox_published(outbox, 0) < 10 && clock_monotonic_ms() < deadline_ms) {
        outbox_hurry(outbox);
        outbox_poll(outbox, 10);
    }
    cr_expect_eq(outbox_published(outbox, 0), 10);
}

Test(kafka_outbox, test_nothing_is_published_while_no_broker_answers) {
    outbox_free(outbox);
    struct kafka_settings nowhere = {.brokers = "127.0.0.1:1"};
    open_outbox(&nowhere, CAP);
    send_numbers(0, 10);
    cr_expect_not(settles(300));
    cr_expect_eq(outbox_published(outbox, 0), 0);
    cr_expect_eq(outbox_pending(outbox, 0), 10);
}

Test(kafka_outbox, test_a_lane_with_too_many_unacknowledged_outputs_is_full_and_others_are_not) {
    outbox_free(outbox);
    struct kafka_settings nowhere = {.brokers = "127.0.0.1:1"};
    open_outbox(&nowhere, 3);
    send_numbers(0, 3);
    cr_expect_eq(send_text(OUTBOX_RESULTS, 0, "more"), OUTBOX_FULL);
    cr_expect_eq(send_text(OUTBOX_RESULTS, 1, "more"), OUTBOX_SENT);
}

static char *huge_text(void) {
    enum { HUGE = 2000000 };
    char *text = malloc(HUGE + 1);
    cr_assert_not_null(text);
    memset(text, 'x', HUGE);
    text[HUGE] = '\0';
    return text;
}

Test(kafka_outbox, test_a_result_that_is_refused_for_good_is_counted_and_passed) {
    char *huge = huge_text();
    cr_expect_eq(send_text(OUTBOX_RESULTS, 0, huge), OUTBOX_SENT);
    outbox_mark(outbox, 0, 1);
    struct outbox_counters counters;
    outbox_counters(outbox, &counters);
    cr_expect_eq(counters.refused, 1);
    cr_expect_eq(outbox_published(outbox, 0), 1);
    free(huge);
}

Test(kafka_outbox, test_a_leg_that_is_refused_breaks_its_lane) {
    char *huge = huge_text();
    cr_expect_eq(send_text(OUTBOX_COMMANDS, 0, huge), OUTBOX_BROKEN);
    outbox_mark(outbox, 0, 1);
    cr_expect(outbox_broken(outbox, 0));
    cr_expect_not(outbox_broken(outbox, 1));
    cr_expect_eq(outbox_published(outbox, 0), 0);
    free(huge);
}

Test(kafka_outbox, test_a_missing_topic_breaks_the_lane_instead_of_losing_the_output) {
    int64_t sent = 0;
    topics_drop(fixture.settings.brokers, fixture.prefix);
    do { /* the broker takes records until it has heard of it */
        cr_assert_neq(send_text(OUTBOX_RESULTS, 0, "0"), OUTBOX_FULL);
        outbox_mark(outbox, 0, ++sent);
        (void)settles(1000);
    } while (outbox_published(outbox, 0) == sent && sent < 100);
    cr_expect_lt(outbox_published(outbox, 0), sent);
}

Test(kafka_outbox, test_a_new_tenure_forgets_what_was_sent_before) {
    send_numbers(0, 100);
    outbox_begin(outbox, 0, 40);
    cr_expect_eq(outbox_pending(outbox, 0), 0);
    cr_expect(settles(KAFKA_TIMEOUT_MS));
    cr_expect_eq(outbox_published(outbox, 0), 40);
}

Test(kafka_outbox, test_after_warming_the_first_output_is_not_a_second_late) {
    cr_assert(outbox_warm(outbox, KAFKA_TIMEOUT_MS));
    int64_t start_ms = clock_monotonic_ms();
    send_numbers(0, 1);
    wait_published(0, 1);
    cr_expect_lt(clock_monotonic_ms() - start_ms, 500);
}

Test(kafka_outbox, test_outputs_survive_a_broker_that_is_killed_once_each_and_in_order) {
    struct sandbox sandbox;
    sandbox_up(&sandbox, "kafka-outbox");
    struct kafka_fixture shared = fixture;
    outbox_free(outbox);
    kafka_fixture_open(&fixture, sandbox.brokers, LANES);
    open_outbox(&fixture.settings, CAP);
    send_numbers(0, 1000);
    wait_published(0, 1000);
    send_numbers(1000, 1500);
    sandbox_kill_broker(&sandbox);
    send_numbers(1500, 2000);
    cr_expect_not(settles(500));
    cr_expect_lt(outbox_published(outbox, 0), 2000);
    sandbox_script(&sandbox, "kafka-start");
    wait_published(0, 2000);
    struct reading reading = read_results(sandbox.brokers);
    cr_expect_eq(reading.count, 2000);
    cr_expect(reading.in_order);
    outbox_free(outbox);
    outbox = NULL;
    sandbox_down(&sandbox);
    fixture = shared;
}
