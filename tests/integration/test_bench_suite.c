/* The benchmark at its smallest, so that it cannot rot; its figures mean nothing here. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/must.h"
#include "tests/harness/process.h"

#define PATH_SIZE 128
#define FILE_SIZE 65536
#define SUITE_TIMEOUT_MS 240000

struct suite {
    char directory[PATH_SIZE];
    struct captured said;
};

static void run_python(struct captured *said, const char *const *arguments) {
    char python[PROGRAM_PATH_MAX];
    const char *argv[PROCESS_ARGS_MAX] = {python};
    program_path("venv-bench/bin/python", python);
    for (size_t i = 0; arguments[i] != NULL; i++) {
        argv[i + 1] = arguments[i];
    }
    captured_run(said, &(struct process_plan){.argv = argv}, NULL, SUITE_TIMEOUT_MS);
}

static void run_suite(struct suite *suite, const char *parts, const char *spoiled) {
    snprintf(suite->directory, sizeof suite->directory, "/tmp/teller-bench-XXXXXX");
    must(mkdtemp(suite->directory) != NULL, "no directory in /tmp");
    run_python(&suite->said,
               (const char *const[]){"tests/bench/suite.py", "--length", "smoke", "--out",
                                     suite->directory, "--only", parts, "--spoil", spoiled, NULL});
}

static void end_suite(struct suite *suite) {
    struct captured removed;
    const char *const argv[] = {"rm", "-rf", suite->directory, NULL};
    captured_run(&removed, &(struct process_plan){.argv = argv}, NULL, SUITE_TIMEOUT_MS);
    captured_close(&removed);
    captured_close(&suite->said);
}

static void read_result(const struct suite *suite, const char *name, char text[FILE_SIZE]) {
    char path[PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/%s", suite->directory, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "no %s: %s", name, suite->said.err);
    text[fread(text, 1, FILE_SIZE - 1, file)] = '\0';
    fclose(file);
}

/* The line of that system in a part's file; the caller releases it. */
static json_t *row_of(const struct suite *suite, const char *part, const char *system) {
    static char text[FILE_SIZE];
    read_result(suite, part, text);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        json_t *row = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        cr_assert_not_null(row, "no JSON: %s", line);
        if (strcmp(json_string_value(json_object_get(row, "system")), system) == 0) {
            return row;
        }
        json_decref(row);
    }
    must(false, "%s has no line of %s", part, system);
    return NULL;
}

static double number_in(const json_t *row, const char *object, const char *field) {
    const json_t *at = object != NULL ? json_object_get(row, object) : row;
    const json_t *value = json_object_get(at, field);
    cr_assert(json_is_number(value), "no %s", field);
    return json_number_value(value);
}

Test(bench_suite, test_figures_tables_and_plots_come_out, .timeout = 300) {
    static char text[FILE_SIZE];
    struct suite suite;
    run_suite(&suite, "W1,L", "none");
    cr_assert_eq(suite.said.status, 0, "%s%s", suite.said.out, suite.said.err);
    json_t *drained = row_of(&suite, "W1.json", "teller");
    json_t *floor = row_of(&suite, "W1.json", "floor");
    json_t *flown = row_of(&suite, "L.json", "teller");
    cr_expect_gt(number_in(drained, NULL, "per_s"), 0);
    cr_expect_gt(number_in(drained, NULL, "wal_bytes"), 100);
    cr_expect_gt(number_in(floor, NULL, "per_s"), 0);
    cr_expect_geq(number_in(flown, "latency_us", "max"), number_in(flown, "latency_us", "p50"));
    cr_expect_gt(number_in(flown, "visible_us", "p50"), 0);
    read_result(&suite, "report.md", text);
    cr_expect_not_null(strstr(text, "| W1 uniform | "));
    cr_expect_not_null(strstr(text, "share of its floor | at least 0.6 | "));
    read_result(&suite, "throughput.svg", text);
    cr_expect_not_null(strstr(text, ">W1 uniform, floor</text>"), "text is drawn as curves");
    read_result(&suite, "latency.svg", text);
    json_decref(drained);
    json_decref(floor);
    json_decref(flown);
    end_suite(&suite);
}

Test(bench_suite, test_a_fast_wrong_run_scores_nothing, .timeout = 300) {
    struct suite suite;
    run_suite(&suite, "W1", "W1");
    cr_assert_eq(suite.said.status, 1, "%s", suite.said.err);
    json_t *row = row_of(&suite, "W1.json", "teller");
    cr_expect_eq(number_in(row, NULL, "per_s"), 0);
    cr_expect(json_is_false(json_object_get(row, "verified")));
    cr_expect_not_null(strstr(json_string_value(json_object_get(row, "error")), "verify ended"));
    json_decref(row);
    end_suite(&suite);
}

Test(bench_suite, test_report_counts_as_it_says, .timeout = 120) {
    struct captured said;
    run_python(&said, (const char *const[]){"tests/bench/test_report.py", NULL});
    cr_expect_eq(said.status, 0, "%s", said.err);
    captured_close(&said);
}

Test(bench_suite, test_parts_are_measured_as_often_as_it_says, .timeout = 120) {
    struct captured said;
    run_python(&said, (const char *const[]){"tests/bench/test_parts.py", NULL});
    cr_expect_eq(said.status, 0, "%s", said.err);
    captured_close(&said);
}
