#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "producer/batch_input.h"
#include "producer/tally.h"

#define DEPOSIT "\"v\":1,\"type\":\"deposit\",\"account\":\"a\",\"amount\":5}"
#define WITH_ID "{\"id\":\"0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c\"," DEPOSIT

static char path[] = "/tmp/teller-batch-XXXXXX";

static void write_file(const char *text) {
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void remove_file(void) {
    unlink(path);
}

static enum batch_answer read_one(struct batch_input *input, struct command *command,
                                  struct slice *json, struct refusal *why) {
    return batch_input_next(input, -1, command, json, why);
}

static enum batch_answer first_of(const char *text, const struct settings *settings,
                                  struct command *command, struct refusal *why) {
    static struct batch_input input;
    struct err err = ERR_INIT;
    struct slice json;
    write_file(text);
    cr_assert(batch_input_open(&input, path, settings, &err), "%s", err.text);
    enum batch_answer answer = read_one(&input, command, &json, why);
    batch_input_close(&input);
    return answer;
}

Test(producer_batch, test_valid_line_becomes_a_command, .fini = remove_file) {
    struct settings settings = {.json = false};
    struct command command;
    struct refusal why;
    cr_assert_eq(first_of(WITH_ID "\n", &settings, &command, &why), BATCH_COMMAND);
    cr_assert_eq(command.amount, 5);
}

Test(producer_batch, test_line_without_id_is_refused_by_its_field, .fini = remove_file) {
    struct settings settings = {.json = false};
    struct command command;
    struct refusal why;
    cr_assert_eq(first_of("{" DEPOSIT, &settings, &command, &why), BATCH_REFUSED);
    cr_assert_eq(strncmp(why.detail, "id:", 3), 0);
}

Test(producer_batch, test_id_is_made_where_asked, .fini = remove_file) {
    struct settings settings = {.idempotency_key = "run"};
    struct command command;
    struct refusal why;
    cr_assert_eq(first_of("{" DEPOSIT, &settings, &command, &why), BATCH_COMMAND);
    struct uuid expected = uuid_v5("run:1", 5);
    cr_assert(uuid_equal(&command.id, &expected));
}

Test(producer_batch, test_bad_id_is_not_replaced, .fini = remove_file) {
    struct settings settings = {.make_ids = true};
    struct command command;
    struct refusal why;
    cr_assert_eq(first_of("{\"id\":7," DEPOSIT, &settings, &command, &why), BATCH_REFUSED);
}

Test(producer_batch, test_own_id_is_kept, .fini = remove_file) {
    struct settings settings = {.make_ids = true};
    struct command command;
    struct refusal why;
    char id[UUID_TEXT_LEN + 1];
    cr_assert_eq(first_of(WITH_ID, &settings, &command, &why), BATCH_COMMAND);
    uuid_format(&command.id, id);
    cr_assert_str_eq(id, "0193d0a4-7c7a-7000-8000-5b1c1c1c1c1c");
}

Test(producer_batch, test_line_of_4097_bytes_is_too_large, .fini = remove_file) {
    static char text[COMMAND_JSON_MAX + 2];
    struct settings settings = {.json = false};
    struct command command;
    struct refusal why;
    memset(text, ' ', COMMAND_JSON_MAX + 1);
    memcpy(text, WITH_ID, strlen(WITH_ID));
    text[COMMAND_JSON_MAX] = '.';
    cr_assert_eq(first_of(text, &settings, &command, &why), BATCH_REFUSED);
    cr_assert_eq(why.reason, OUTCOME_TOO_LARGE);
}

Test(producer_batch, test_blank_lines_are_passed_over_but_counted, .fini = remove_file) {
    static struct batch_input input;
    struct settings settings = {.json = false};
    struct command command;
    struct refusal why;
    struct slice json;
    struct err err = ERR_INIT;
    write_file("\n \t\r\n" WITH_ID "\r\n");
    cr_assert(batch_input_open(&input, path, &settings, &err));
    cr_assert_eq(read_one(&input, &command, &json, &why), BATCH_COMMAND);
    cr_assert_eq(input.lines.number, 3);
    cr_assert_eq(read_one(&input, &command, &json, &why), BATCH_END);
    batch_input_close(&input);
}

Test(producer_batch, test_file_can_be_read_again) {
    static struct batch_input input;
    struct settings settings = {.json = false};
    struct command command;
    struct refusal why;
    struct slice json;
    struct err err = ERR_INIT;
    write_file(WITH_ID);
    cr_assert(batch_input_open(&input, path, &settings, &err));
    cr_assert_eq(read_one(&input, &command, &json, &why), BATCH_COMMAND);
    cr_assert(batch_input_rewind(&input, &err));
    cr_assert_eq(read_one(&input, &command, &json, &why), BATCH_COMMAND);
    cr_assert_eq(input.lines.number, 1);
    batch_input_close(&input);
    remove_file();
}

Test(producer_batch, test_missing_file_is_bad_data) {
    static struct batch_input input;
    struct settings settings = {.json = false};
    struct err err = ERR_INIT;
    cr_assert_not(batch_input_open(&input, "/nonexistent/file", &settings, &err));
    cr_assert_eq(err.kind, ERR_DATA);
    batch_input_close(&input);
}

Test(producer_batch, test_worst_line_decides_the_exit_code) {
    struct tally tally = {.total = 0};
    static const enum report_state states[] = {REPORT_APPLIED, REPORT_UNKNOWN, REPORT_REJECTED};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct report report = {.state = states[i]};
        tally_add(&tally, &report);
    }
    cr_assert_eq(tally_code(&tally), 75);
    cr_assert_eq(tally_count(&tally, REPORT_REJECTED), 1);
}
