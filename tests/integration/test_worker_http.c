/* What a worker says of itself over HTTP. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "consumer/adapters/http_probe.h"
#include "consumer/runtime/streak.h"
#include "tests/harness/sender.h"
#include "tests/harness/stage.h"
#include "tests/harness/topics.h"
#include "tests/harness/wait.h"

#define PROBE_MS 3000

/* A port of this test's own, outside the range that the kernel gives to clients. */
#define ADDRESS "127.0.0.1:18473"

static const char *const with_http[] = {"--http", ADDRESS, NULL};

/* Lanes that no group gives or takes away: their tenure outlives the broker. */
static const char *const with_lanes[] = {"--http", ADDRESS, "--lanes", "0-7", NULL};

static int ask(const char *path, struct http_probe *answer) {
    struct err err = ERR_INIT;
    return http_probe(ADDRESS, path, PROBE_MS, answer, &err) ? answer->status : -1;
}

static bool is_ready(void *context) {
    return ask("/readyz", context) == 200;
}

static bool is_unready(void *context) {
    return ask("/readyz", context) == 503;
}

static void open_serving(struct stage *stage, const char *name) {
    struct http_probe answer;
    stage_open(stage, name, 0);
    stage_add(stage, &(struct worker_plan){.arguments = with_http});
    wait_for("readiness", is_ready, &answer, STAGE_TIMEOUT_MS);
}

Test(worker_http, test_a_worker_that_applies_its_lanes_is_ready_and_alive, .timeout = 120) {
    struct stage stage;
    struct http_probe answer;
    open_serving(&stage, "httpready");
    cr_expect_eq(ask("/readyz", &answer), 200);
    cr_expect_str_eq(answer.text, "{\"ready\":true,\"reasons\":[]}\n");
    cr_expect_eq(ask("/livez", &answer), 200);
    stage_close(&stage);
}

Test(worker_http, test_metrics_count_each_answer, .timeout = 120) {
    struct stage stage;
    struct http_probe answer;
    open_serving(&stage, "httpcount");
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    stage_teller(&stage.ledger, 1, NULL, 0, "withdraw", "alice", "5", "--wait", NULL);
    cr_expect_eq(ask("/metrics", &answer), 200);
    cr_expect_not_null(strstr(answer.text, "{type=\"account.open\",outcome=\"applied\"} 1\n"), "%s",
                       answer.text);
    cr_expect_not_null(
        strstr(answer.text, "{type=\"withdraw\",outcome=\"insufficient_funds\"} 1\n"), "%s",
        answer.text);
    stage_close(&stage);
}

Test(worker_http, test_an_unknown_page_is_not_found, .timeout = 120) {
    struct stage stage;
    struct http_probe answer;
    open_serving(&stage, "httpnone");
    cr_expect_eq(ask("/nothing", &answer), 404);
    stage_close(&stage);
}

struct ear {
    const struct stage *stage;
    const char *text;
};

static bool was_said(void *context) {
    const struct ear *ear = context;
    return worker_said(&ear->stage->ledger, &ear->stage->workers[0], ear->text);
}

static void expect_said(const struct stage *stage, const char *text) {
    struct ear ear = {.stage = stage, .text = text};
    wait_for(text, was_said, &ear, STAGE_TIMEOUT_MS);
}

static void send_parcels(const struct stage *stage, const struct parcel *parcel, int count) {
    struct sender sender;
    sender_open(&sender, stage->ledger.sandbox.brokers, stage->ledger.commands);
    for (int i = 0; i < count; i++) {
        sender_put(&sender, parcel);
    }
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
}

static void send_poison(const struct stage *stage, int count) {
    send_parcels(stage,
                 &(struct parcel){.key = slice_of("alice"),
                                  .value = slice_of("no JSON"),
                                  .partition = -1,
                                  .expect = "malformed"},
                 count);
}

static void send_forged_legs(const struct stage *stage, int count) {
    static const uint8_t forged[44] = {1, 0xee};
    send_parcels(stage,
                 &(struct parcel){.key = slice_of("alice"),
                                  .value = slice_of("{}"),
                                  .partition = -1,
                                  .expect = "forged_leg",
                                  .leg = {forged, sizeof forged}},
                 count);
}

/* How many lanes say so of themselves. */
static int count_alarms(const char *metrics, int value) {
    int count = 0;
    char line[64];
    for (int lane = 0; lane < STAGE_PARTITIONS; lane++) {
        snprintf(line, sizeof line, "\nteller_lane_quarantine_alarm{lane=\"%d\"} %d\n", lane,
                 value);
        count += strstr(metrics, line) != NULL;
    }
    return count;
}

/* It goes on all the same; but somebody has to look at who sends them. */
Test(worker_http, test_quarantine_in_a_row_raises_an_alarm_that_a_good_record_ends,
     .timeout = 120) {
    struct stage stage;
    struct http_probe answer;
    open_serving(&stage, "httpstreak");
    send_poison(&stage, STREAK_ALARM - 1);
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    cr_expect_eq(ask("/readyz", &answer), 200, "%s", answer.text);
    send_poison(&stage, 1);
    expect_said(&stage, "nothing but quarantined records");
    wait_for("alarm", is_unready, &answer, STAGE_TIMEOUT_MS);
    cr_expect_not_null(strstr(answer.text, ": nothing but quarantined records\"]}"), "%s",
                       answer.text);
    cr_expect_eq(ask("/metrics", &answer), 200);
    cr_expect_eq(count_alarms(answer.text, 1), 1, "%s", answer.text);
    cr_expect_eq(count_alarms(answer.text, 0), STAGE_PARTITIONS - 1, "%s", answer.text);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    wait_for("readiness", is_ready, &answer, STAGE_TIMEOUT_MS);
    expect_said(&stage, "no longer quarantined records only");
    stage_close(&stage);
}

/* Nobody is answered for them; that must not hide who sends them. */
Test(worker_http, test_a_flood_of_forged_legs_raises_the_alarm_and_is_counted, .timeout = 120) {
    struct stage stage;
    struct http_probe answer;
    char line[80];
    open_serving(&stage, "httpforged");
    send_forged_legs(&stage, STREAK_ALARM);
    expect_said(&stage, "nothing but quarantined records");
    wait_for("alarm", is_unready, &answer, STAGE_TIMEOUT_MS);
    cr_expect_eq(ask("/metrics", &answer), 200);
    snprintf(line, sizeof line, "\nteller_quarantined_total{reason=\"forged_leg\"} %d\n",
             STREAK_ALARM);
    cr_expect_not_null(strstr(answer.text, line), "%s", answer.text);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    wait_for("readiness", is_ready, &answer, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}

/* It is passed, so that it cannot block the lane; nobody else will ever speak of it. */
Test(worker_http, test_an_output_that_the_broker_refuses_is_counted_and_named, .timeout = 120) {
    struct stage stage;
    struct http_probe answer;
    open_serving(&stage, "httprefused");
    topic_limit(stage.ledger.sandbox.brokers, stage.ledger.dead_letters, "100");
    send_poison(&stage, 1);
    expect_said(&stage, "outputs refused by the broker");
    expect_said(&stage, "Message size too large");
    cr_expect_eq(ask("/metrics", &answer), 200);
    cr_expect_not_null(strstr(answer.text, "\nteller_outbox_refused_total 1\n"), "%s", answer.text);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    stage_close(&stage);
}

/* A bare client's record fits, the leg that it leads to does not. The money stays on its way until
 * the broker takes it, and meanwhile somebody has to be told why. */
Test(worker_http, test_a_leg_that_the_broker_refuses_is_named_until_it_goes, .timeout = 120) {
    struct stage stage;
    struct sender sender;
    struct http_probe answer;
    const char *brokers = stage.ledger.sandbox.brokers;
    open_serving(&stage, "httpleg");
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    stage_apply(&stage.ledger, "open", "shop", "--currency=KRW");
    stage_apply(&stage.ledger, "deposit", "alice", "100");
    topic_limit(brokers, stage.ledger.commands, "240");
    sender_open(&sender, brokers, stage.ledger.commands);
    sender_put_command(&sender, "alice",
                       "{\"v\":1,\"id\":\"0193d0a4-7c7a-7000-8000-000000000001\","
                       "\"type\":\"transfer\",\"account\":\"alice\",\"to\":\"shop\",\"amount\":1}");
    sender_flush(&sender, STAGE_TIMEOUT_MS);
    sender_close(&sender);
    expect_said(&stage, "outputs not sent, taking the lane again");
    expect_said(&stage, "Message size too large");
    cr_expect_eq(ask("/metrics", &answer), 200);
    cr_expect_null(strstr(answer.text, "\nteller_outbox_failed_total 0\n"), "%s", answer.text);
    cr_expect_null(strstr(answer.text, "\nteller_lanes_lost_total 0\n"), "%s", answer.text);
    topic_limit(brokers, stage.ledger.commands, "1048588");
    worker_wait_drained(&stage.ledger, STAGE_TIMEOUT_MS);
    stage_close(&stage);
}

static void open_private(struct stage *stage, struct sandbox *sandbox, const char *name) {
    struct http_probe answer;
    *stage = (struct stage){.workers_count = 0};
    sandbox_up(sandbox, "mortal");
    ledger_open_on(&stage->ledger, sandbox, name, STAGE_PARTITIONS);
    stage_add(stage, &(struct worker_plan){.arguments = with_lanes});
    wait_for("readiness", is_ready, &answer, STAGE_TIMEOUT_MS);
}

static bool names_a_lane_that_cannot_be_read(void *context) {
    struct http_probe *answer = context;
    return ask("/readyz", answer) == 503 &&
           strstr(answer->text, "\"lane 0: cannot read: _") != NULL;
}

/* No record comes before or after: idle lanes must notice both by themselves. */
Test(worker_http, test_a_worker_is_ready_only_while_its_broker_lives, .timeout = 300) {
    struct stage stage;
    struct sandbox sandbox;
    struct http_probe answer;
    open_private(&stage, &sandbox, "httpbroker");
    sandbox_kill_broker(&sandbox);
    wait_for("a lane that cannot be read", names_a_lane_that_cannot_be_read, &answer,
             STAGE_TIMEOUT_MS);
    sandbox_script(&sandbox, "kafka-start");
    wait_for("readiness", is_ready, &answer, STAGE_TIMEOUT_MS);
    stage_apply(&stage.ledger, "open", "alice", "--currency=KRW");
    stage_close(&stage);
    sandbox_down(&sandbox);
}
