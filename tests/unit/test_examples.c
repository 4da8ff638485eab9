#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "common/result.h"
#include "tests/unit/json_fixture.h"

static struct json_fixture f;

static void set_up(void) {
    json_fixture_init(&f);
}

static void tear_down(void) {
    json_fixture_close(&f);
}

TestSuite(examples, .init = set_up, .fini = tear_down);

static bool decode_file(const char *path) {
    char json[COMMAND_JSON_MAX];
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    size_t len = fread(json, 1, sizeof json, file);
    fclose(file);
    return json_fixture_decode(&f, json, len);
}

/* Calls `check` for each file; the test fails if there are fewer than `least`. */
static void each_file(const char *pattern, size_t least, void (*check)(const char *path)) {
    glob_t found;
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0, "run me from the root of the repository");
    cr_assert(found.gl_pathc >= least);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check(found.gl_pathv[i]);
    }
    globfree(&found);
}

static void expect_stable(const char *path) {
    cr_assert(decode_file(path), "%s: %s", path, f.why.detail);
    uint8_t hash[COMMAND_HASH_LEN];
    uint8_t again[COMMAND_HASH_LEN];
    struct strbuf first = STRBUF_INIT;
    struct strbuf second = STRBUF_INIT;
    command_hash(&f.command, hash);
    command_encode(&f.command, &first);
    json_fixture_accept(&f, first.text);
    command_hash(&f.command, again);
    command_encode(&f.command, &second);
    cr_assert_str_eq(first.text, second.text);
    cr_assert_eq(memcmp(hash, again, sizeof hash), 0, "%s", path);
    strbuf_close(&first);
    strbuf_close(&second);
}

static void expect_same_result(const char *path) {
    char json[COMMAND_JSON_MAX];
    struct result result;
    struct err err = ERR_INIT;
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    size_t len = fread(json, 1, sizeof json - 1, file) - 1; /* without the newline */
    json[len] = '\0';
    fclose(file);
    cr_assert(result_decode((struct slice){(const uint8_t *)json, len}, &result, &err), "%s: %s",
              path, err.text);
    struct strbuf again = STRBUF_INIT;
    result_encode(&result, &again);
    cr_assert_str_eq(again.text, json, "%s", path);
    strbuf_close(&again);
}

/* A file is named after the reason: invalid/REASON.what-is-wrong.json */
static void expect_named_reason(const char *path) {
    cr_assert_not(decode_file(path), "%s", path);
    const char *name = strrchr(path, '/') + 1;
    enum outcome reason;
    cr_assert(outcome_parse(name, strcspn(name, "."), &reason), "%s", path);
    cr_assert_eq(f.why.reason, reason, "%s: %s", path, f.why.detail);
}

Test(examples, test_valid_ones_encode_to_the_same_command) {
    each_file("schemas/examples/valid/*.json", 29, expect_stable);
}

Test(examples, test_invalid_ones_get_the_reason_in_their_name) {
    each_file("schemas/examples/invalid/*.json", 53, expect_named_reason);
}

Test(examples, test_results_are_read_and_written_byte_by_byte) {
    each_file("schemas/examples/results/*.json", 9, expect_same_result);
}
