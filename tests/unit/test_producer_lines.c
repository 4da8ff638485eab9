#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "producer/lines.h"

/* A file that holds the text, at its beginning. */
static FILE *file_of(const char *text, size_t len) {
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, len, file), len);
    cr_assert_eq(fflush(file), 0);
    cr_assert_eq(lseek(fileno(file), 0, SEEK_SET), 0);
    return file;
}

static void expect_line(struct lines *lines, const char *expected) {
    struct slice line;
    cr_assert_eq(lines_next(lines, -1, &line), LINES_LINE);
    cr_assert_eq(line.len, strlen(expected));
    cr_assert_eq(memcmp(line.at, expected, line.len), 0);
}

static void expect_end(struct lines *lines) {
    struct slice line;
    cr_assert_eq(lines_next(lines, -1, &line), LINES_END);
}

static void expect_lines(const char *text, const char *const *expected, int count) {
    static struct lines lines;
    FILE *file = file_of(text, strlen(text));
    lines_init(&lines, fileno(file), 10);
    for (int i = 0; i < count; i++) {
        expect_line(&lines, expected[i]);
    }
    cr_assert_eq(lines.number, count);
    expect_end(&lines);
    fclose(file);
}

Test(producer_lines, test_every_line_is_handed_out_in_order) {
    expect_lines("one\ntwo\n\nfour\n", (const char *[]){"one", "two", "", "four"}, 4);
}

Test(producer_lines, test_last_line_without_newline_counts) {
    expect_lines("one\ntwo", (const char *[]){"one", "two"}, 2);
}

Test(producer_lines, test_empty_file_has_no_line) {
    expect_lines("", NULL, 0);
}

Test(producer_lines, test_long_line_is_cut_one_byte_beyond_the_limit) {
    expect_lines("0123456789ABC\nnext\n", (const char *[]){"0123456789A", "next"}, 2);
}

Test(producer_lines, test_line_longer_than_the_buffer_is_cut_once) {
    static struct lines lines;
    static char text[3 * LINES_BUFFER];
    memset(text, 'x', sizeof text);
    memcpy(text + sizeof text - 5, "\nend\n", 5);
    FILE *file = file_of(text, sizeof text);
    lines_init(&lines, fileno(file), 10);
    expect_line(&lines, "xxxxxxxxxxx");
    expect_line(&lines, "end");
    expect_end(&lines);
    fclose(file);
}

Test(producer_lines, test_line_over_the_edge_of_the_buffer_is_whole) {
    static struct lines lines;
    static char text[LINES_BUFFER + 8];
    memset(text, '\n', sizeof text);
    memcpy(text + LINES_BUFFER - 3, "edge-it", 7);
    FILE *file = file_of(text, sizeof text);
    lines_init(&lines, fileno(file), 10);
    for (int i = 0; i < LINES_BUFFER - 3; i++) {
        expect_line(&lines, "");
    }
    expect_line(&lines, "edge-it");
    fclose(file);
}

Test(producer_lines, test_silent_pipe_does_not_block) {
    static struct lines lines;
    struct slice line;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    lines_init(&lines, ends[0], 10);
    cr_assert_eq(lines_next(&lines, 0, &line), LINES_NOTHING);
    cr_assert_eq(write(ends[1], "hal", 3), 3);
    cr_assert_eq(lines_next(&lines, 0, &line), LINES_NOTHING);
    cr_assert_eq(write(ends[1], "f\n", 2), 2);
    expect_line(&lines, "half");
    close(ends[1]);
    expect_end(&lines);
    close(ends[0]);
}

Test(producer_lines, test_unreadable_input_is_an_error_and_no_end_of_file) {
    static struct lines lines;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    lines_init(&lines, ends[1], 10); /* the writing end cannot be read */
    close(ends[0]);
    expect_end(&lines);
    cr_assert_neq(lines.error, 0);
    close(ends[1]);
}
