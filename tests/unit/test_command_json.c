#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/money.h"
#include "tests/unit/json_fixture.h"

static struct json_fixture f;

static void set_up(void) {
    json_fixture_init(&f);
}

static void tear_down(void) {
    json_fixture_close(&f);
}

TestSuite(command_json, .init = set_up, .fini = tear_down);

static void expect_field(const char *json, const char *detail) {
    json_fixture_refuse(&f, json, OUTCOME_INVALID_FIELD, detail);
}

static void expect_malformed(const char *json) {
    cr_assert_not(json_fixture_decode(&f, json, strlen(json)), "%s", json);
    cr_assert_eq(f.why.reason, OUTCOME_MALFORMED, "%s: %s", json, f.why.detail);
    cr_assert_not(f.why.has_id);
}

/* A deposit with that JSON as its amount. */
static const char *with_amount(const char *amount) {
    static char json[256];
    snprintf(json, sizeof json, HEAD("deposit") ",\"amount\":%s}", amount);
    return json;
}

static const char *const bad_amount =
    "amount: must be an integer of minor units, 1 .. 9223372036854775807";

Test(command_json, test_deposit_is_read_whole) {
    json_fixture_accept(&f, HEAD("deposit") ",\"amount\":5,\"currency\":\"KRW\","
                            "\"expected_version\":0,\"memo\":\"r\\u00e9nt\",\"at\":\"now\"}");
    cr_assert_eq(f.command.type, COMMAND_DEPOSIT);
    cr_assert_eq(f.command.id.bytes[15], 0xab);
    cr_assert_str_eq(f.command.entity.text, "alice");
    cr_assert_eq(f.command.amount, 5);
    cr_assert_str_eq(f.command.currency.text, "KRW");
    cr_assert_eq(f.command.expected_version, 0);
    cr_assert_eq(f.command.memo.len, 5);
    cr_assert_eq(memcmp(f.command.memo.at, "r\xc3\xa9nt", 5), 0);
    cr_assert_eq(f.command.given, (uint32_t)(GIVEN_AMOUNT | GIVEN_CURRENCY | GIVEN_MEMO |
                                             GIVEN_EXPECTED_VERSION));
}

Test(command_json, test_open_has_its_defaults) {
    json_fixture_accept(&f, HEAD("account.open") ",\"currency\":\"KRW\"}");
    cr_assert_eq(f.command.floor, 0);
    cr_assert_eq(f.command.ceiling, MONEY_MAX);
    cr_assert_eq(f.command.given, (uint32_t)GIVEN_CURRENCY);
}

Test(command_json, test_open_takes_its_limits_to_their_bounds) {
    json_fixture_accept(&f, HEAD("account.open") ",\"currency\":\"KRW\","
                            "\"floor\":-9223372036854775807,\"ceiling\":\"0\"}");
    cr_assert_eq(f.command.floor, MONEY_MIN);
    cr_assert_eq(f.command.ceiling, 0);
    expect_field(HEAD("account.open") ",\"currency\":\"KRW\",\"floor\":-9223372036854775808}",
                 "floor: must be an integer of minor units, -9223372036854775807 .. 0");
    expect_field(HEAD("account.open") ",\"currency\":\"KRW\",\"floor\":1}",
                 "floor: must be an integer of minor units, -9223372036854775807 .. 0");
    expect_field(HEAD("account.open") ",\"currency\":\"KRW\",\"ceiling\":-1}",
                 "ceiling: must be an integer of minor units, 0 .. 9223372036854775807");
}

Test(command_json, test_capture_without_amount_takes_all) {
    json_fixture_accept(&f, HEAD("capture") ",\"hold\":\"" OTHER_ID "\"}");
    cr_assert_eq(f.command.given, 0);
    cr_assert_eq(f.command.reference.bytes[15], 0xac);
    json_fixture_accept(&f, HEAD("capture") ",\"hold\":\"" OTHER_ID "\",\"amount\":3}");
    cr_assert_eq(f.command.given, (uint32_t)GIVEN_AMOUNT);
}

Test(command_json, test_hold_expiry_has_bounds) {
    json_fixture_accept(&f, HEAD("hold") ",\"amount\":1,\"expires_in_s\":31536000}");
    cr_assert_eq(f.command.expires_in_s, 31536000);
    const char *must = "expires_in_s: must be an integer of seconds, 1 .. 31536000";
    expect_field(HEAD("hold") ",\"amount\":1,\"expires_in_s\":31536001}", must);
    expect_field(HEAD("hold") ",\"amount\":1,\"expires_in_s\":4294967297}", must);
    expect_field(HEAD("hold") ",\"amount\":1,\"expires_in_s\":0}", must);
    expect_field(HEAD("hold") ",\"amount\":1,\"expires_in_s\":\"5\"}", must);
}

Test(command_json, test_amounts_are_integers_or_digits) {
    const char *good[] = {"1", "\"1\"", "9223372036854775807", "\"9223372036854775807\""};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        json_fixture_accept(&f, with_amount(good[i]));
        cr_assert_eq(f.command.amount, i < 2 ? 1 : INT64_MAX);
    }
}

Test(command_json, test_other_amounts_name_the_field) {
    const char *bad[] = {"0",     "-0",   "-1",     "1.0",    "1e2",    "\"+1\"",
                         "\"01\"", "\"\"", "\"-0\"", "\"1.0\"", "\"1e2\"", "\" 1\"", "null",
                         "true",  "[1]",  "{}",     "\"9223372036854775808\"", "\"\xd9\xa1\""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_field(with_amount(bad[i]), bad_amount);
        cr_assert(f.why.has_id);
    }
}

Test(command_json, test_numbers_beyond_64_bits_name_the_field) {
    const char *bad[] = {"9223372036854775808", "-9223372036854775809", "1e400",
                         "99999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_field(with_amount(bad[i]), "amount: is a number beyond 64 bits");
    }
    expect_field(with_amount("9223372036854775808"), "amount: is a number beyond 64 bits");
    cr_assert(f.why.has_id);
    cr_assert_eq(f.why.id.bytes[15], 0xab);
}

Test(command_json, test_numbers_that_are_no_json_are_malformed) {
    const char *bad[] = {"+1", "01", ".5", "1.", "1e", "0x1", "NaN", "Infinity", "-", "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_malformed(with_amount(bad[i]));
    }
}

Test(command_json, test_duplicate_names_the_field) {
    expect_field(HEAD("deposit") ",\"amount\":1,\"amount\":1}", "amount: is given twice");
    cr_assert(f.why.has_id);
    expect_field(HEAD("deposit") ",\"amount\":1,\"am\\u006funt\":1}",
                 "am\\u006funt: is given twice");
    expect_field(HEAD("deposit") ",\"expected_version_that_is_long\":1"
                                 ",\"expected_version_that_is_long\":1}",
                 "expected_version_that_is_long: is given twice");
}

Test(command_json, test_duplicate_id_is_no_id) {
    expect_field(HEAD("deposit") ",\"id\":\"" OTHER_ID "\",\"amount\":1}", "id: is given twice");
    cr_assert_not(f.why.has_id);
}

Test(command_json, test_unknown_field_is_named_before_a_missing_one) {
    expect_field(HEAD("deposit") ",\"amout\":1}", "amout: unknown field");
    expect_field(HEAD("deposit") ",\"Amount\":1}", "Amount: unknown field");
    expect_field(HEAD("release") ",\"hold\":\"" OTHER_ID "\",\"to\":\"bob\"}",
                 "to: unknown field");
    expect_field(HEAD("deposit") ",\"amount\":1,\"b\":1,\"a\":1}", "b: unknown field");
}

Test(command_json, test_hostile_field_names_are_made_harmless) {
    expect_field(HEAD("deposit") ",\"\\u202e\\n\xf0\x9f\x92\xb0\":1}", "????????: unknown field");
    expect_field(HEAD("deposit") ",\"\":1}", ": unknown field");
    expect_field(HEAD("deposit") ",\"0123456789012345678901234567890123456789\":1}",
                 "01234567890123456789012345678901: unknown field");
}

Test(command_json, test_missing_fields_are_named_in_order) {
    expect_field("{}", "v: is missing");
    expect_field("{\"v\":1}", "type: is missing");
    expect_field("{\"v\":1,\"type\":\"deposit\"}", "id: is missing");
    expect_field("{\"v\":1,\"type\":\"deposit\",\"id\":\"" ID "\"}", "account: is missing");
    expect_field(HEAD("deposit") "}", "amount: is missing");
    expect_field(HEAD("account.open") "}", "currency: is missing");
    expect_field(HEAD("capture") "}", "hold: is missing");
    expect_field(HEAD("reverse") "}", "of: is missing");
    expect_field(HEAD("group") "}", "commands: is missing");
}

Test(command_json, test_version_comes_before_everything_else) {
    json_fixture_refuse(&f, "{\"v\":2,\"type\":\"no\",\"new\":[],\"id\":\"" ID "\"}",
                        OUTCOME_UNSUPPORTED_VERSION, "v: must be 1, is 2");
    cr_assert(f.why.has_id);
    json_fixture_refuse(&f, "{\"v\":-1}", OUTCOME_UNSUPPORTED_VERSION, "v: must be 1, is -1");
    expect_field("{\"v\":\"1\"}", "v: must be the integer 1");
    expect_field("{\"v\":1.0}", "v: must be the integer 1");
}

Test(command_json, test_type_comes_before_other_fields) {
    json_fixture_refuse(&f, "{\"v\":1,\"type\":\"transfr\",\"x\":1}", OUTCOME_UNKNOWN_TYPE,
                        "type: no command is called \"transfr\"");
    json_fixture_refuse(&f, "{\"v\":1,\"type\":\"Deposit\"}", OUTCOME_UNKNOWN_TYPE,
                        "type: no command is called \"Deposit\"");
    expect_field("{\"v\":1,\"type\":5,\"x\":1}", "type: must be the name of a command");
}

Test(command_json, test_names_follow_their_patterns) {
    expect_field("{\"v\":1,\"type\":\"account.close\",\"id\":\"" ID "\",\"account\":\"@world\"}",
                 "account: must match [A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    expect_field("{\"v\":1,\"type\":\"account.close\",\"id\":\"1\",\"account\":\"a\"}",
                 "id: must be a UUID of 36 characters");
    cr_assert_not(f.why.has_id);
    expect_field(HEAD("account.open") ",\"currency\":\"krw\"}",
                 "currency: must match [A-Z][A-Z0-9]{2,7}");
}

Test(command_json, test_expected_version_has_bounds) {
    const char *must = "expected_version: must be an integer, 0 .. 9223372036854775807";
    json_fixture_accept(&f, HEAD("account.close") ",\"expected_version\":9223372036854775807}");
    expect_field(HEAD("account.close") ",\"expected_version\":-1}", must);
    expect_field(HEAD("account.close") ",\"expected_version\":\"1\"}", must);
}

/* "{"v":1,...,"field":"xxx..."}" with that many bytes of text. */
static bool takes_text(const char *field, int len) {
    char json[512];
    char text[256];
    memset(text, 'x', sizeof text);
    snprintf(json, sizeof json, HEAD("account.close") ",\"%s\":\"%.*s\"}", field, len, text);
    return json_fixture_decode(&f, json, strlen(json));
}

Test(command_json, test_texts_are_limited_in_bytes) {
    cr_assert(takes_text("memo", 0));
    cr_assert(takes_text("memo", COMMAND_MEMO_MAX));
    cr_assert_not(takes_text("memo", COMMAND_MEMO_MAX + 1));
    cr_assert_str_eq(f.why.detail, "memo: must be text of at most 140 bytes, without NUL");
    cr_assert(takes_text("at", COMMAND_AT_MAX));
    cr_assert_not(takes_text("at", COMMAND_AT_MAX + 1));
    cr_assert_str_eq(f.why.detail, "at: must be text of at most 64 bytes");
}

Test(command_json, test_nul_names_the_field) {
    expect_field(HEAD("account.close") ",\"memo\":\"a\\u0000b\"}", "memo: has a NUL in it");
    cr_assert(f.why.has_id);
}

Test(command_json, test_broken_unicode_is_malformed) {
    expect_malformed(HEAD("account.close") ",\"memo\":\"\\ud800\"}");
    expect_malformed(HEAD("account.close") ",\"memo\":\"\\udc00\\ud800\"}");
    expect_malformed(HEAD("account.close") ",\"memo\":\"\xff\"}");
    expect_malformed(HEAD("account.close") ",\"memo\":\"\xc0\x80\"}");
    expect_malformed(HEAD("account.close") ",\"memo\":\"\xed\xa0\x80\"}");
}

Test(command_json, test_what_is_no_json_object_is_malformed) {
    const char *bad[] = {"", " ", "null", "1", "\"x\"", "[]", "[1e400]", "{", "{}{}", "{} x",
                         "\xef\xbb\xbf{}", "{\"v\":1", "{'v':1}", "{\"v\":1,}", "// c\n{}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_malformed(bad[i]);
    }
    const char trailing_nul[] = HEAD("account.close") "}";
    cr_assert_not(json_fixture_decode(&f, trailing_nul, sizeof trailing_nul));
    cr_assert_eq(f.why.reason, OUTCOME_MALFORMED);
}

Test(command_json, test_tombstone_is_malformed) {
    cr_assert_not(command_decode((struct slice){0}, 1, &f.arena, &f.command, &f.why));
    cr_assert_eq(f.why.reason, OUTCOME_MALFORMED);
    cr_assert_str_eq(f.why.detail, "no value");
}

Test(command_json, test_details_quote_no_payload) {
    expect_malformed("{\"secret\x01\":1}");
    cr_assert_null(strstr(f.why.detail, "secret"));
}

Test(command_json, test_size_comes_before_syntax) {
    char json[COMMAND_JSON_MAX + 1];
    memset(json, ' ', sizeof json);
    memcpy(json, HEAD("account.close") "}", strlen(HEAD("account.close") "}"));
    cr_assert(json_fixture_decode(&f, json, COMMAND_JSON_MAX));
    cr_assert_not(json_fixture_decode(&f, json, COMMAND_JSON_MAX + 1));
    cr_assert_eq(f.why.reason, OUTCOME_TOO_LARGE);
    cr_assert_str_eq(f.why.detail, "4097 bytes, at most 4096");
}

static void expect_depth(int depth, enum outcome reason, const char *detail) {
    char json[COMMAND_JSON_MAX];
    int len = snprintf(json, sizeof json, HEAD("account.close") ",\"memo\":");
    memset(json + len, '[', (size_t)depth);
    memset(json + len + depth, ']', (size_t)depth);
    json[len + 2 * depth] = '}';
    cr_assert_not(json_fixture_decode(&f, json, (size_t)(len + 2 * depth + 1)));
    cr_assert_eq(f.why.reason, reason);
    cr_assert_str_eq(f.why.detail, detail);
}

Test(command_json, test_nesting_names_the_field) {
    expect_depth(1, OUTCOME_INVALID_FIELD, "memo: must be text of at most 140 bytes, without NUL");
    expect_depth(1900, OUTCOME_INVALID_FIELD,
                 "memo: must be text of at most 140 bytes, without NUL");
    char json[COMMAND_JSON_MAX];
    memset(json, '[', sizeof json);
    memcpy(json, "{\"memo\":", 8);
    cr_assert_not(json_fixture_decode(&f, json, sizeof json));
    cr_assert_eq(f.why.reason, OUTCOME_INVALID_FIELD);
    cr_assert_str_eq(f.why.detail, "memo[0][0]: is nested too deeply");
}

Test(command_json, test_every_prefix_of_a_command_is_malformed) {
    const char *json = HEAD("deposit") ",\"amount\":\"5\",\"memo\":\"\\u00e9\"}";
    for (size_t len = 0; len < strlen(json); len++) {
        cr_assert_not(json_fixture_decode(&f, json, len));
        cr_assert_eq(f.why.reason, OUTCOME_MALFORMED);
    }
    cr_assert(json_fixture_decode(&f, json, strlen(json)));
}
