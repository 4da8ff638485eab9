#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/rt/options.h"

struct values {
    bool flag;
    int64_t number;
    const char *text;
    const char *secret;
    const char *config;
    struct option_list items;
};

#define AT(field) offsetof(struct values, field)
static const struct option table[] = {
    {"flag", 'f', OPTION_FLAG, AT(flag), NULL, "TT_FLAG", NULL, 0, 0, false, "A flag"},
    {"number", 'n', OPTION_INT, AT(number), "N", "TT_NUMBER", "5", -1, 10, false, "A number"},
    {"text", 0, OPTION_TEXT, AT(text), "WORD", "TT_TEXT", "initial", 0, 0, false,
     "A text with a help so long that it must break into two lines"},
    {"secret", 0, OPTION_INT, AT(secret), "N", NULL, NULL, 0, 1, true, "Never shown"},
    {"config", 0, OPTION_TEXT, AT(config), "FILE", NULL, NULL, 0, 0, false, "Settings"},
    {"item", 'X', OPTION_LIST, AT(items), "K=V", "TT_ITEM", NULL, 0, 0, false, "Repeatable"},
};
enum { COUNT = sizeof table / sizeof table[0] };

static struct values values;
static enum option_origin origins[COUNT];
static struct err err;
static int operands;
static char path[] = "/tmp/teller-options-XXXXXX";

/* A copy that may be permuted and outlives the test. */
static char *word(const char *text) {
    static char copies[16][64];
    static int used;
    char *copy = copies[used++];
    snprintf(copy, sizeof copies[0], "%s", text);
    return copy;
}

/* Parses up to eight words behind a program's name. */
static bool parse(char *words[8]) {
    char *argv[10] = {(char[]){"program"}};
    int argc = 1;
    for (; argc < 9 && words[argc - 1] != NULL; argc++) {
        argv[argc] = words[argc - 1];
    }
    values = (struct values){.flag = false};
    err = (struct err)ERR_INIT;
    return options_parse(table, COUNT, argc, argv, &values, origins, &operands, &err);
}

#define PARSE(...) parse((char *[8]){__VA_ARGS__})
#define W(text) word(text)

static void expect_refusal(bool parsed, const char *text) {
    cr_assert_not(parsed);
    cr_assert_eq(err.kind, ERR_USAGE);
    cr_assert_str_eq(err.text, text);
}

static void write_file(const char *content) {
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    cr_assert_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
}

Test(options, test_defaults_stand_where_nothing_was_said) {
    cr_assert(PARSE(NULL));
    cr_assert_eq(values.number, 5);
    cr_assert_str_eq(values.text, "initial");
    cr_assert_not(values.flag);
    cr_assert_eq(origins[1], ORIGIN_DEFAULT);
}

Test(options, test_flags_stand_before_and_behind_operands) {
    cr_assert(PARSE(W("-f"), W("one"), W("--number=7"), W("two"), W("-Xa=b"), W("-X"), W("c")));
    cr_assert(values.flag);
    cr_assert_eq(values.number, 7);
    cr_assert_eq(values.items.count, 2);
    cr_assert_str_eq(values.items.items[1], "c");
    cr_assert_eq(operands, 6);
}

Test(options, test_two_dashes_end_the_options) {
    cr_assert(PARSE(W("--"), W("-f")));
    cr_assert_not(values.flag);
    cr_assert_eq(operands, 2);
}

Test(options, test_flag_wins_over_environment_over_file_over_default) {
    write_file("# comment\nnumber = 1\ntext = from file; all of it\nitem=f1\nitem=f2\n");
    setenv("TT_NUMBER", "2", 1);
    setenv("TT_ITEM", "e", 1);
    cr_assert(PARSE(W("--config"), path, W("--number"), W("3")), "%s", err.text);
    cr_assert_eq(values.number, 3);
    cr_assert_str_eq(values.text, "from file; all of it");
    cr_assert_eq(values.items.count, 1);
    cr_assert_str_eq(values.items.items[0], "e");
    cr_assert_eq(origins[1], ORIGIN_FLAG);
    cr_assert_eq(origins[2], ORIGIN_FILE);
    cr_assert_eq(origins[5], ORIGIN_ENV);
    unlink(path);
}

Test(options, test_list_of_the_file_is_kept_whole) {
    write_file("item=f1\nitem=f2\nflag = yes\n");
    cr_assert(PARSE(W("--config"), path), "%s", err.text);
    cr_assert_eq(values.items.count, 2);
    cr_assert(values.flag);
    unlink(path);
}

Test(options, test_empty_variable_is_none) {
    setenv("TT_NUMBER", "", 1);
    cr_assert(PARSE(NULL));
    cr_assert_eq(values.number, 5);
}

Test(options, test_long_line_of_a_file_is_read_whole) {
    char content[2100];
    memset(content, 'x', sizeof content);
    memcpy(content, "text = ", 7);
    content[2007] = '\0';
    write_file(content);
    cr_assert(PARSE(W("--config"), path), "%s", err.text);
    cr_assert_eq(strlen(values.text), 2000);
    unlink(path);
}

Test(options, test_mistakes_in_a_file_name_the_line) {
    char expected[200];
    write_file("flag = true\nother_command = 1\nnumbr = 1\n");
    snprintf(expected, sizeof expected, "%s:3: unknown option numbr; did you mean number?", path);
    expect_refusal(PARSE(W("--config"), path), expected);
    unlink(path);
}

Test(options, test_file_that_is_not_there_is_named) {
    expect_refusal(PARSE(W("--config"), W("/nowhere/at.all")),
                   "cannot read /nowhere/at.all: No such file or directory");
}

Test(options, test_numbers_have_bounds) {
    const char *must = "--number: number: must be an integer, -1 .. 10, not 11";
    expect_refusal(PARSE(W("-n"), W("11")), must);
    expect_refusal(PARSE(W("--number"), W("0x1")),
                   "--number: number: must be an integer, -1 .. 10, not 0x1");
    cr_assert(PARSE(W("--number"), W("-1")));
    cr_assert_eq(values.number, -1);
}

Test(options, test_environment_is_named_in_its_mistakes) {
    setenv("TT_FLAG", "maybe", 1);
    expect_refusal(PARSE(NULL), "TT_FLAG: flag: must be true or false, not maybe");
}

Test(options, test_unknown_options_are_told_with_a_guess) {
    expect_refusal(PARSE(W("--numbre=4")),
                   "unknown option --numbre=4; did you mean --number?");
    expect_refusal(PARSE(W("--zzzzzz")), "unknown option --zzzzzz");
    expect_refusal(PARSE(W("-z")), "unknown option -z");
}

Test(options, test_arguments_missing_or_too_many_are_told) {
    expect_refusal(PARSE(W("--number")), "--number needs an argument: N");
    expect_refusal(PARSE(W("-n")), "--number needs an argument: N");
    expect_refusal(PARSE(W("--flag=1")), "--flag=1: this option takes no argument");
}

Test(options, test_secrets_are_not_repeated) {
    expect_refusal(PARSE(W("--secret"), W("hunter2")),
                   "--secret: secret: must be an integer, 0 .. 1");
}

Test(options, test_help_is_wrapped) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    options_help(table, 3, out);
    fclose(out);
    cr_assert_str_eq(text,
                     "  -f, --flag                A flag ($TT_FLAG)\n"
                     "  -n, --number N            A number [5] ($TT_NUMBER)\n"
                     "      --text WORD           "
                     "A text with a help so long that it must break into\n"
                     "                            two lines [initial] ($TT_TEXT)\n");
    free(text);
}
