/* What a worker says of itself over HTTP. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "consumer/adapters/http_probe.h"
#include "tests/harness/stage.h"
#include "tests/harness/wait.h"

#define PROBE_MS 3000

/* A port of this test's own, outside the range that the kernel gives to clients. */
#define ADDRESS "127.0.0.1:18473"

static const char *const with_http[] = {"--http", ADDRESS, NULL};

static int ask(const char *path, struct http_probe *answer) {
    struct err err = ERR_INIT;
    return http_probe(ADDRESS, path, PROBE_MS, answer, &err) ? answer->status : -1;
}

static bool is_ready(void *context) {
    return ask("/readyz", context) == 200;
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
