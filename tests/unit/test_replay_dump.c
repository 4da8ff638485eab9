/* A dump of records: what was written is read again, however long it is. And what a disk does to it
 * is told: neither a file that is full nor one that cannot be read may look like a dump that
 * ends. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "consumer/verbs/replay_dump.h"

enum { LONGEST = 5000 };

static const uint8_t *some_bytes(void) {
    static uint8_t bytes[LONGEST];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 31 + i / 256);
    }
    return bytes;
}

static void expect_same(struct slice got, struct slice wrote) {
    cr_assert_eq(got.len, wrote.len);
    cr_expect((got.at == NULL) == (wrote.at == NULL));
    cr_expect(wrote.len == 0 || memcmp(got.at, wrote.at, wrote.len) == 0, "of %zu bytes",
              wrote.len);
}

static void expect_round_trip(size_t len) {
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    const struct record wrote = {
        .offset = 7,
        .timestamp_ms = 1000,
        .key = {.at = some_bytes(), .len = 3},
        .value = {.at = some_bytes(), .len = len},
    };
    cr_assert(replay_dump_write(file, 5, &wrote));
    rewind(file);
    uint64_t number = 0;
    struct replay_line line;
    struct err err = ERR_INIT;
    cr_assert_eq(replay_dump_read(file, &number, &line, &err), REPLAY_LINE, "%s", err.text);
    cr_expect_eq(line.lane, 5);
    cr_expect_eq(line.record.offset, 7);
    cr_expect_eq(line.record.timestamp_ms, 1000);
    expect_same(line.record.key, wrote.key);
    expect_same(line.record.value, wrote.value);
    expect_same(line.record.leg, wrote.leg);
    replay_line_close(&line);
    cr_expect_eq(replay_dump_read(file, &number, &line, &err), REPLAY_END);
    cr_expect_eq(number, 1);
    fclose(file);
}

Test(replay_dump, test_what_was_written_is_read_again_whatever_its_length) {
    static const size_t lengths[] = {0, 1, 511, 512, 513, 1024, LONGEST};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        expect_round_trip(lengths[i]);
    }
}

static const struct record sample = {
    .offset = 7,
    .timestamp_ms = 1000,
    .key = {(const uint8_t *)"alice", 5},
    .value = {(const uint8_t *)"{}", 2},
};

Test(replay_dump, test_a_record_for_which_there_is_no_room_is_told) {
    FILE *full = fopen("/dev/full", "w");
    cr_assert_not_null(full);
    cr_assert_eq(setvbuf(full, NULL, _IONBF, 0), 0);
    errno = 0;
    cr_expect_not(replay_dump_write(full, 0, &sample));
    cr_expect_eq(errno, ENOSPC);
    fclose(full);
}

Test(replay_dump, test_a_file_that_cannot_be_read_is_no_end_of_one) {
    struct replay_line line;
    struct err err = ERR_INIT;
    uint64_t number = 0;
    FILE *directory = fopen("/", "r");
    cr_assert_not_null(directory);
    cr_expect_eq(replay_dump_read(directory, &number, &line, &err), REPLAY_BAD);
    cr_expect_eq(err.kind, ERR_UNREACHABLE);
    cr_expect_not_null(strstr(err.text, strerror(EISDIR)), "%s", err.text);
    fclose(directory);
}
