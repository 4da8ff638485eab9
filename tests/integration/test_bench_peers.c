/* What Teller is compared with: every peer does its work and keeps its books, and one that does not
 * is found out. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/harness/must.h"
#include "tests/harness/process.h"

#define PATH_ROOM 64
#define RUN_TIMEOUT_MS 400000 /* the first time Django is installed */
#define LINE_MAX 2048

static const char *const peers[] = {
    "pg_for_update",        "pg_atomic", "pg_cte", "django_for_update",
    "kafka_tx_per_command", "redis_lock"};
#define PEERS (sizeof peers / sizeof *peers)

/* What the lines of one run say; [0] uniform, [1] hot. */
struct tally {
    int status;
    int lines;
    int verified[PEERS][2];
    int wrong;
};

static void take_line(struct tally *tally, const char *line) {
    json_t *object = json_loads(line, 0, NULL);
    must(object != NULL, "not JSON: %s", line);
    const char *system = json_string_value(json_object_get(object, "system"));
    const char *workload = json_string_value(json_object_get(object, "workload"));
    must(system != NULL && workload != NULL, "incomplete: %s", line);
    bool is_verified = json_is_true(json_object_get(object, "verified"));
    bool has_work = json_integer_value(json_object_get(object, "commands")) > 0 &&
                    json_real_value(json_object_get(object, "per_s")) > 0 &&
                    json_number_value(json_object_get(object, "wal_bytes")) > 0;
    tally->lines++;
    tally->wrong += !is_verified;
    for (size_t i = 0; i < PEERS; i++) {
        if (strcmp(system, peers[i]) == 0) {
            tally->verified[i][strcmp(workload, "W3") == 0] += is_verified && has_work;
        }
    }
    json_decref(object);
}

static void run_peers(struct tally *tally, const char *only) {
    char path[PATH_ROOM] = "/tmp/teller-peers-XXXXXX";
    char line[LINE_MAX];
    int fd = mkstemp(path);
    must(fd >= 0, "no file in /tmp");
    FILE *file = fdopen(fd, "r");
    must(file != NULL, "cannot read %s", path);
    const char *const argv[] = {"tests/bench/peers/run",        "--out", path, "--length", "smoke",
                                only != NULL ? "--only" : NULL, only,    NULL};
    struct captured captured;
    captured_run(&captured, &(struct process_plan){.argv = argv}, NULL, RUN_TIMEOUT_MS);
    *tally = (struct tally){.status = captured.status};
    while (fgets(line, sizeof line, file) != NULL) {
        take_line(tally, line);
    }
    cr_log_info("%s%s", captured.out, captured.err);
    captured_close(&captured);
    (void)fclose(file);
    (void)unlink(path);
}

Test(bench_peers, test_every_peer_keeps_its_books, .timeout = 420) {
    struct tally tally;
    run_peers(&tally, NULL);
    cr_expect_eq(tally.status, 0);
    cr_expect_eq(tally.lines, (int)PEERS * 2);
    for (size_t i = 0; i < PEERS; i++) {
        cr_expect_eq(tally.verified[i][0], 1, "%s, uniform", peers[i]);
        cr_expect_eq(tally.verified[i][1], 1, "%s, hot row", peers[i]);
    }
}

Test(bench_peers, test_naive_code_on_a_hot_row_is_found_out, .timeout = 120) {
    struct tally tally;
    run_peers(&tally, "naive");
    cr_expect_eq(tally.status, 1);
    cr_expect_eq(tally.lines, 1);
    cr_expect_eq(tally.wrong, 1);
}
