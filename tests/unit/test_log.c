#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/rt/log.h"

static int reader;
static int writer;

/* Standard error becomes a pipe. */
static void set_up(void) {
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    reader = ends[0];
    writer = ends[1];
    cr_assert_eq(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
    cr_assert_eq(dup2(writer, STDERR_FILENO), STDERR_FILENO);
}

TestSuite(log, .init = set_up);

static char line[4096];

static const char *logged(void) {
    ssize_t len = read(reader, line, sizeof line - 1);
    line[len > 0 ? len : 0] = '\0';
    return line;
}

static void expect_after_time(const char *expected) {
    const char *text = logged();
    cr_assert_eq(strncmp(text, "ts=20", 5), 0, "%s", text);
    cr_assert_str_eq(strchr(text, ' ') + 1, expected);
}

Test(log, test_a_pipe_gets_logfmt) {
    log_event(LOG_WARN, "lane fenced", "lane=%d epoch=%lld", 3, 7LL);
    expect_after_time("level=warn msg=\"lane fenced\" lane=3 epoch=7\n");
}

Test(log, test_pairs_may_be_missing) {
    log_event(LOG_INFO, "started", NULL);
    expect_after_time("level=info msg=\"started\"\n");
}

Test(log, test_levels_below_the_set_one_are_silent) {
    log_event(LOG_DEBUG, "x", NULL);
    log_set_level(LOG_ERROR);
    log_event(LOG_WARN, "x", NULL);
    cr_assert_str_eq(logged(), "");
}

Test(log, test_control_and_foreign_bytes_are_escaped) {
    log_event(LOG_INFO, "m", "key=%s", "a\nb\x1b[31m\xe2\x80\xae");
    expect_after_time("level=info msg=\"m\" key=a\\x0ab\\x1b[31m\\xe2\\x80\\xae\n");
}

Test(log, test_a_value_cannot_end_its_quotes) {
    log_event(LOG_INFO, "m", "error=\"%s\" lane=%d", "no \"x\"\\\" level=error\n", 3);
    expect_after_time(
        "level=info msg=\"m\" error=\"no \\\"x\\\"\\\\\\\" level=error\\x0a\" lane=3\n");
}

Test(log, test_a_value_without_quotes_cannot_begin_another_pair) {
    log_event(LOG_INFO, "m", "reason=%s lane=%d", "x lane=7", 3);
    expect_after_time("level=info msg=\"m\" reason=x\\x20lane=7 lane=3\n");
}

Test(log, test_numbers_of_every_width_are_as_printf_writes_them) {
    log_event(LOG_INFO, "m", "a=%d b=%u c=%ld d=%lu e=%lld f=%llu", INT_MIN, UINT_MAX, LONG_MIN,
              ULONG_MAX, LLONG_MIN, ULLONG_MAX);
    expect_after_time("level=info msg=\"m\" a=-2147483648 b=4294967295 c=-9223372036854775808 "
                      "d=18446744073709551615 e=-9223372036854775808 f=18446744073709551615\n");
}

Test(log, test_long_lines_are_cut_and_ended) {
    char text[5000];
    memset(text, '\n', sizeof text);
    text[sizeof text - 1] = '\0';
    log_event(LOG_INFO, "m", "%s", text);
    size_t len = strlen(logged());
    cr_assert(len > 1000 && len <= 2048);
    cr_assert_eq(line[len - 1], '\n');
    cr_assert_eq(strchr(line, '\n'), line + len - 1);
}

Test(log, test_full_pipe_blocks_nobody_and_losses_are_told, .timeout = 10) {
    for (int i = 0; i < 2000; i++) {
        log_event(LOG_INFO, "filling a pipe that nobody reads, line by line", "i=%d", i);
    }
    while (strlen(logged()) > 0) {
        continue;
    }
    log_event(LOG_INFO, "after", NULL);
    cr_assert_not_null(strstr(logged(), "msg=\"after\" lines_lost="));
    log_event(LOG_INFO, "next", NULL);
    cr_assert_null(strstr(logged(), "lines_lost"));
}

Test(log, test_level_words) {
    enum log_level level;
    cr_assert(log_level_parse("warn", &level) && level == LOG_WARN);
    cr_assert_not(log_level_parse("warning", &level));
}
