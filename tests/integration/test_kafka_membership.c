/* Who holds which lane, as several members of one group see it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "common/rt/clock.h"
#include "consumer/adapters/membership.h"
#include "tests/harness/must.h"
#include "tests/harness/process.h"
#include "tests/integration/test_kafka_support.h"

enum { LANES = 4, MEMBERS = 2 };

static struct kafka_fixture fixture;
static struct membership *members[MEMBERS];

static void open_fixture(void) {
    kafka_fixture_open(&fixture, NULL, LANES);
}

static void close_fixture(void) {
    for (int i = 0; i < MEMBERS; i++) {
        membership_free(members[i]);
    }
    kafka_fixture_close(&fixture);
}

TestSuite(kafka_membership, .init = open_fixture, .fini = close_fixture, .timeout = 120);

static void join(int i) {
    struct membership_options options = {.kafka = &fixture.settings,
                                         .topic = fixture.names.commands,
                                         .group_id = fixture.prefix,
                                         .session_timeout_ms = 3000};
    struct err err = ERR_INIT;
    members[i] = membership_new(&options, &err);
    cr_assert_not_null(members[i], "%s", err.text);
}

static size_t count_of(int i) {
    struct membership_assignment assignment;
    membership_current(members[i], &assignment);
    return assignment.count;
}

/* Polls all members until the first has `first` lanes and the second `second` (-1: not there). */
static void poll_until(int first, int second) {
    const int want[MEMBERS] = {first, second};
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    for (bool is_so = false; !is_so;) {
        cr_assert(clock_monotonic_ms() < deadline_ms, "%d/%d lanes did not come", first, second);
        is_so = true;
        for (int i = 0; i < MEMBERS; i++) {
            if (want[i] >= 0) {
                membership_poll(members[i], 10);
                is_so = is_so && count_of(i) == (size_t)want[i];
            }
        }
    }
}

Test(kafka_membership, test_a_lone_member_gets_all_lanes_in_order) {
    join(0);
    poll_until(LANES, -1);
    struct membership_assignment assignment;
    membership_current(members[0], &assignment);
    for (uint16_t i = 0; i < LANES; i++) {
        cr_expect_eq(assignment.lanes[i], i);
    }
}

Test(kafka_membership, test_two_members_share_the_lanes_without_overlap) {
    join(0);
    poll_until(LANES, -1);
    join(1);
    poll_until(LANES / 2, LANES / 2);
    struct membership_assignment a;
    struct membership_assignment b;
    membership_current(members[0], &a);
    membership_current(members[1], &b);
    for (size_t i = 0; i < a.count; i++) {
        for (size_t j = 0; j < b.count; j++) {
            cr_expect_neq(a.lanes[i], b.lanes[j]);
        }
    }
}

Test(kafka_membership, test_a_member_that_leaves_hands_its_lanes_over_before_its_session_ends) {
    join(0);
    join(1);
    poll_until(LANES / 2, LANES / 2);
    membership_free(members[1]);
    members[1] = NULL;
    int64_t start_ms = clock_monotonic_ms();
    poll_until(LANES, -1);
    cr_expect_lt(clock_monotonic_ms() - start_ms, 2500);
}

Test(kafka_membership, test_a_revoke_alone_takes_no_lane_away) {
    join(0);
    poll_until(LANES, -1);
    join(1);
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (membership_counters(members[0])->revoked == 0) {
        cr_assert(clock_monotonic_ms() < deadline_ms);
        membership_poll(members[1], 1);
        bool changed = membership_poll(members[0], 1);
        cr_assert(changed || count_of(0) == LANES);
    }
    cr_expect(count_of(0) == LANES || membership_counters(members[0])->assigned == 2);
    poll_until(LANES / 2, LANES / 2);
    cr_expect_eq(membership_counters(members[0])->lost, 0);
}

Test(kafka_membership, test_a_member_that_was_stuck_loses_its_lanes_and_gets_them_again) {
    const char *properties[] = {"max.poll.interval.ms=3000"};
    fixture.settings.properties = properties;
    fixture.settings.properties_count = 1;
    join(0);
    poll_until(LANES, -1);
    clock_sleep_ms(4500); /* the fault itself: a thread that does not poll */
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (membership_counters(members[0])->lost == 0) {
        cr_assert(clock_monotonic_ms() < deadline_ms, "the loss was not noticed");
        membership_poll(members[0], 10);
    }
    /* On a busy machine one poll may bring the loss and the lanes that are given again. */
    cr_expect(count_of(0) == 0 || membership_counters(members[0])->assigned == 2);
    poll_until(LANES, -1);
}

/* What kafka-consumer-groups shows as the committed offset of a lane; -1: nothing yet. */
static int64_t described_offset(int lane) {
    const char *argv[] = {"tests/sandbox/kafka-tool",
                          "consumer-groups",
                          "--bootstrap-server",
                          fixture.settings.brokers,
                          "--describe",
                          "--group",
                          fixture.prefix,
                          NULL};
    struct captured captured;
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, 4 * KAFKA_TIMEOUT_MS);
    int64_t found = -1;
    for (const char *line = captured.out; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        char topic[256];
        int partition;
        int64_t offset;
        if (sscanf(line, "%*s %255s %d %" SCNd64, topic, &partition, &offset) == 3 &&
            strcmp(topic, fixture.names.commands) == 0 && partition == lane) {
            found = offset;
        }
    }
    captured_close(&captured);
    return found;
}

Test(kafka_membership, test_mirrored_offsets_show_in_the_lag_tools) {
    join(0);
    poll_until(LANES, -1);
    struct membership_offset offsets[] = {{.lane = 1, .next_offset = 0},
                                          {.lane = 2, .next_offset = 0}};
    offsets[1].next_offset = 41;
    membership_mirror(members[0], offsets, 2);
    int64_t deadline_ms = clock_monotonic_ms() + KAFKA_TIMEOUT_MS;
    while (described_offset(2) != 41) {
        cr_assert(clock_monotonic_ms() < deadline_ms);
        membership_poll(members[0], 10);
    }
    cr_expect_eq(membership_counters(members[0])->commits_failed, 0);
}

Test(kafka_membership, test_leaving_without_a_broker_takes_seconds_at_most) {
    fixture.settings.brokers = "127.0.0.1:1";
    join(0);
    membership_poll(members[0], 200);
    int64_t start_ms = clock_monotonic_ms();
    membership_free(members[0]);
    members[0] = NULL;
    cr_expect_lt(clock_monotonic_ms() - start_ms, 6000);
    fixture.settings.brokers = must_getenv("TELLER_BROKERS");
}
