#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/harness/codec_pair.h"
#include "tests/harness/mutator.h"
#include "tests/unit/json_fixture.h"

static struct codec_pair pair;

static void set_up(void) {
    codec_pair_init(&pair);
}

static void tear_down(void) {
    codec_pair_close(&pair);
}

TestSuite(command_scan, .init = set_up, .fini = tear_down);

static void decode(const char *json, size_t len) {
    const char *fault = codec_pair_fault(&pair, json, len);
    cr_assert_null(fault, "%s: %.*s", fault, (int)len, json);
}

static void expect_plain(const char *json) {
    decode(json, strlen(json));
    cr_expect(pair.is_plain, "%s", json);
}

static void expect_unusual(const char *json) {
    decode(json, strlen(json));
    cr_expect_not(pair.is_plain, "%s", json);
}

/* A deposit of 1 with something more behind it. */
static const char *deposit_with(const char *rest) {
    static char json[256];
    snprintf(json, sizeof json, HEAD("deposit") ",\"amount\":1%s", rest);
    return json;
}

Test(command_scan, test_what_clients_send_is_plain) {
    expect_plain(deposit_with("}"));
    expect_plain(deposit_with(",\"currency\":\"KRW\",\"expected_version\":0,\"at\":\"now\"}"));
    expect_plain(HEAD("withdraw") ",\"amount\":\"9223372036854775807\"}");
    expect_plain(HEAD("hold") ",\"amount\":1,\"expires_in_s\":31536000}");
    expect_plain(HEAD("capture") ",\"hold\":\"" OTHER_ID "\"}");
    expect_plain(HEAD("reverse") ",\"of\":\"" OTHER_ID "\"}");
    expect_plain(HEAD("account.open") ",\"currency\":\"KRW\",\"floor\":-5,\"ceiling\":\"7\"}");
}

Test(command_scan, test_fields_may_stand_in_any_order_and_with_blanks) {
    expect_plain("\r\n\t {\"amount\" : 1 ,\"account\":\"alice\",\n\"memo\":\"m\",\"id\":\"" ID
                 "\",\"type\":\"deposit\",\"v\":1 } ");
}

Test(command_scan, test_memo_may_be_any_text_without_escapes) {
    expect_plain(deposit_with(",\"memo\":\"\"}"));
    expect_plain(deposit_with(",\"memo\":\"\xec\x9b\x94\xea\xb8\x89 \xf0\x9f\x92\xb0 \x7f\"}"));
    cr_assert_eq(pair.scanned.memo.len, 13);
    expect_unusual(deposit_with(",\"memo\":\"\\u00e9\"}"));
    expect_unusual(deposit_with(",\"memo\":\"\xed\xa0\x80\"}"));
    expect_unusual(deposit_with(",\"memo\":\"\x1f\"}"));
    expect_unusual(deposit_with(",\"memo\":null}"));
}

Test(command_scan, test_memo_does_not_live_in_the_input) {
    expect_plain(deposit_with(",\"memo\":\"rent\"}"));
    cr_assert_eq(memcmp(pair.scanned.memo.at, "rent", 4), 0);
}

Test(command_scan, test_texts_end_at_their_longest) {
    char json[512];
    snprintf(json, sizeof json, HEAD("deposit") ",\"amount\":1,\"memo\":\"%0140d\"}", 0);
    expect_plain(json);
    snprintf(json, sizeof json, HEAD("deposit") ",\"amount\":1,\"memo\":\"%0141d\"}", 0);
    expect_unusual(json);
    snprintf(json, sizeof json, HEAD("deposit") ",\"amount\":1,\"at\":\"%065d\"}", 0);
    expect_unusual(json);
}

Test(command_scan, test_numbers_are_digits_within_bounds) {
    const char *const amounts[] = {"0",
                                   "-1",
                                   "-0",
                                   "01",
                                   "1.0",
                                   "1e0",
                                   "+1",
                                   "1x",
                                   "-",
                                   "",
                                   "0x1",
                                   "null",
                                   "true",
                                   "[1]",
                                   "\"\"",
                                   "\"-1\"",
                                   "\"01\"",
                                   "\" 1\"",
                                   "{}",
                                   "\"1e0\"",
                                   "9223372036854775808",
                                   "\"9223372036854775808\""};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        char json[256];
        snprintf(json, sizeof json, HEAD("deposit") ",\"amount\":%s}", amounts[i]);
        expect_unusual(json);
    }
    expect_unusual(deposit_with(",\"expected_version\":\"1\"}"));
    expect_unusual(HEAD("hold") ",\"amount\":1,\"expires_in_s\":4294967297}");
}

Test(command_scan, test_fields_unknown_doubled_or_missing_are_unusual) {
    expect_unusual(deposit_with(",\"amount\":1}"));
    expect_unusual(deposit_with(",\"memo\":\"a\",\"memo\":\"a\"}"));
    expect_unusual(deposit_with(",\"type\":\"deposit\"}"));
    expect_unusual(deposit_with(",\"memos\":\"a\"}"));
    expect_unusual(deposit_with(",\"mem\":\"a\"}"));
    expect_unusual(deposit_with(",\"\":1}"));
    expect_unusual(deposit_with(",\"am\\u006funt\":1}"));
    expect_unusual(HEAD("deposit") "}");
    expect_unusual("{}");
}

Test(command_scan, test_only_version_1_of_known_types_is_plain) {
    const char *rest = "\"id\":\"" ID "\",\"account\":\"alice\",\"amount\":1}";
    const char *const heads[] = {
        "\"v\":2,\"type\":\"deposit\",", "\"v\":\"1\",\"type\":\"deposit\",",
        "\"type\":\"deposit\",",         "\"v\":1,\"type\":\"transfr\",",
        "\"v\":1,\"type\":5,",           "\"v\":1,"};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        char json[256];
        snprintf(json, sizeof json, "{%s%s", heads[i], rest);
        expect_unusual(json);
    }
}

Test(command_scan, test_group_is_left_to_the_tree) {
    expect_unusual(HEAD("group") ",\"commands\":[{\"type\":\"deposit\",\"amount\":1}]}");
    cr_assert(pair.is_valid);
}

Test(command_scan, test_anything_but_one_whole_object_is_unusual) {
    const char *const texts[] = {
        "",       " ",       "[]",       "1",         "\"\"",           "{",
        "{\"v\"", "{\"v\":", "{\"v\":1", "{\"v\":1,", "\xef\xbb\xbf{}", "{,}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_unusual(texts[i]);
    }
    expect_unusual(deposit_with(",}"));
    expect_unusual(deposit_with("}}"));
    expect_unusual(deposit_with("} x"));
    expect_unusual(deposit_with(" \"memo\":\"a\"}"));
    const char with_nul[] = HEAD("deposit") ",\"amount\":1}\0";
    decode(with_nul, sizeof with_nul - 1);
    cr_assert_not(pair.is_plain);
}

Test(command_scan, test_no_prefix_of_a_command_is_plain) {
    const char *json = deposit_with(",\"memo\":\"\xec\x9b\x94\",\"at\":\"now\"}");
    for (size_t len = 0; len < strlen(json); len++) {
        decode(json, len);
        cr_expect_not(pair.is_plain, "%zu bytes", len);
    }
}

Test(command_scan, test_size_ends_where_the_codec_ends) {
    char json[COMMAND_JSON_MAX + 1];
    memset(json, ' ', sizeof json);
    const char *command = deposit_with("}");
    memcpy(json, command, strlen(command));
    decode(json, COMMAND_JSON_MAX);
    cr_assert(pair.is_plain);
    decode(json, COMMAND_JSON_MAX + 1);
    cr_assert_not(pair.is_plain);
}

Test(command_scan, test_many_fields_are_unusual) {
    char json[COMMAND_JSON_MAX] = HEAD("deposit") ",\"amount\":1";
    for (size_t i = 0; i < 100; i++) {
        snprintf(json + strlen(json), sizeof json - strlen(json), ",\"f%zu\":1", i);
    }
    snprintf(json + strlen(json), sizeof json - strlen(json), "}");
    expect_unusual(json);
}

/* The seed is fixed: a mutant that fails here fails again. */
Test(command_scan, test_mutants_are_read_as_the_tree_reads_them) {
    static struct mutator mutator;
    size_t plain = 0;
    prng_seed(&mutator.prng, 5);
    mutator_add_files(&mutator, "schemas/examples/valid/*.json");
    mutator_add_files(&mutator, "schemas/examples/invalid/*.json");
    for (int i = 0; i < 100000; i++) {
        mutator_next(&mutator);
        decode(mutator.text, mutator.len);
        plain += pair.is_plain;
    }
    cr_assert_gt(plain, 1000, "only %zu plain mutants test little", plain);
}
