#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/integration/test_cli_fake.h"

#define RUN(captured, input, ...)                                                                  \
    fake_teller(fake, captured, input, (const char *const[]){__VA_ARGS__, NULL})

static struct fake *fake;

static void set_up(void) {
    fake = fake_open();
}

static void tear_down(void) {
    fake_close(fake);
}

TestSuite(cli_apply, .init = set_up, .fini = tear_down, .timeout = 60);

/* Ids end in the line's number; the last line has no amount where `is_bad`. */
static void write_lines(char *text, size_t size, const char *account, int count, bool is_bad) {
    size_t len = 0;
    for (int i = 1; i <= count; i++) {
        len += (size_t)snprintf(text + len, size - len,
                                "{\"v\":1,\"id\":\"0193d0a4-7c7a-7000-8000-%012d\",\"type\":"
                                "\"deposit\",\"account\":\"%s\",\"amount\":%d}\n",
                                i, account, is_bad && i == count ? 0 : i);
    }
}

static int lines_of(const char *text) {
    int count = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        count++;
    }
    return count;
}

/* Lines 1 .. count, each in the state and in this order. */
static void expect_order(const char *out, int count, const char *state) {
    cr_assert_eq(lines_of(out), count, "%s", out);
    for (int i = 1; i <= count; i++) {
        char begin[80];
        snprintf(begin, sizeof begin, "%d %s 0193d0a4-7c7a-7000-8000-%012d ", i, state, i);
        cr_assert_eq(strncmp(out, begin, strlen(begin)), 0, "%s", out);
        out = strchr(out, '\n') + 1;
    }
}

Test(cli_apply, test_outcomes_come_in_the_order_of_the_input) {
    struct captured captured;
    char text[8192];
    write_lines(text, sizeof text, "backwards-1", 4 * FAKE_BACKWARDS, false);
    RUN(&captured, text, "apply", "-", "--wait");
    cr_assert_eq(captured.status, 0, "%s", captured.err);
    expect_order(captured.out, 4 * FAKE_BACKWARDS, "applied");
    captured_close(&captured);
}

Test(cli_apply, test_bad_line_on_stdin_is_reported_in_its_place_and_the_others_go) {
    struct captured captured;
    char text[2048];
    write_lines(text, sizeof text, "silent-1", 3, true);
    RUN(&captured, text, "apply", "-");
    cr_assert_eq(captured.status, 65);
    cr_assert_not_null(strstr(captured.out, "\n3 invalid "), "%s", captured.out);
    cr_assert_not_null(strstr(captured.out, "(amount: "), "%s", captured.out);
    captured_close(&captured);
    cr_assert_eq(fake_records(fake), 2);
}

Test(cli_apply, test_file_with_one_bad_line_sends_nothing) {
    struct captured captured;
    char text[2048];
    char path[] = "/tmp/teller-apply-XXXXXX";
    write_lines(text, sizeof text, "silent-1", 3, true);
    int fd = mkstemp(path);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    RUN(&captured, NULL, "apply", path);
    unlink(path);
    cr_assert_eq(captured.status, 65);
    cr_assert_not_null(strstr(captured.err, "1 of 3 lines are invalid"), "%s", captured.err);
    captured_close(&captured);
    cr_assert_eq(fake_records(fake), 0);
}

Test(cli_apply, test_same_id_twice_is_answered_twice) {
    struct captured captured;
    char text[2048];
    char twice[2048];
    write_lines(text, sizeof text, "applied-1", 1, false);
    snprintf(twice, sizeof twice, "%.900s%.900s", text, text);
    RUN(&captured, twice, "apply", "-", "--wait", "--json");
    cr_assert_eq(captured.status, 0, "%s", captured.err);
    cr_assert_eq(lines_of(captured.out), 2, "%s", captured.out);
    cr_assert_not_null(strstr(captured.out, "\"line\":2,\"state\":\"applied\""));
    captured_close(&captured);
}

Test(cli_apply, test_unanswered_line_makes_the_whole_run_unknown) {
    struct captured captured;
    char text[2048];
    write_lines(text, sizeof text, "silent-1", 2, false);
    RUN(&captured, text, "apply", "-", "--wait", "--timeout", "1");
    cr_assert_eq(captured.status, 75, "%s", captured.err);
    expect_order(captured.out, 2, "unknown");
    cr_assert_not_null(strstr(captured.err, "run the same command again"), "%s", captured.err);
    captured_close(&captured);
}
