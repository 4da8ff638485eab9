#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/command.h"
#include "tests/unit/json_fixture.h"

static struct json_fixture f;

static void set_up(void) {
    json_fixture_init(&f);
}

static void tear_down(void) {
    json_fixture_close(&f);
}

TestSuite(command, .init = set_up, .fini = tear_down);

struct hash {
    uint8_t bytes[COMMAND_HASH_LEN];
};

static struct hash hash_of(const char *json) {
    struct hash hash;
    json_fixture_accept(&f, json);
    command_hash(&f.command, hash.bytes);
    return hash;
}

static bool same(const char *a, const char *b) {
    struct hash first = hash_of(a);
    struct hash second = hash_of(b);
    return memcmp(first.bytes, second.bytes, sizeof first.bytes) == 0;
}

static void expect_hash(const char *json, const char *expected) {
    char hex[2 * COMMAND_HASH_LEN + 1];
    struct hash hash = hash_of(json);
    for (int i = 0; i < COMMAND_HASH_LEN; i++) {
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)hash.bytes[i]);
    }
    cr_assert_str_eq(hex, expected);
}

Test(command, test_every_type_leads_back_from_word_and_number) {
#define TYPE_ROW(symbol, number, word)                                                             \
    {                                                                                              \
        enum command_type type;                                                                    \
        cr_assert(command_type_parse(word, strlen(word), &type) && (int)type == (number));         \
        cr_assert(command_type_from_number(number, &type) && (int)type == (number));               \
        cr_assert_str_eq(command_type_word(type), word);                                           \
    }
    COMMAND_TYPES(TYPE_ROW)
#undef TYPE_ROW
}

Test(command, test_unknown_types_are_told) {
    enum command_type type;
    cr_assert_not(command_type_parse("deposi", 6, &type));
    cr_assert_not(command_type_parse("deposits", 8, &type));
    cr_assert_not(command_type_parse("", 0, &type));
    cr_assert_not(command_type_from_number(0, &type));
    cr_assert_not(command_type_from_number(12, &type));
}

/* From the encoding that command.c describes, laid out and hashed by other code (Python). */
Test(command, test_stored_hashes_never_change) {
    expect_hash(HEAD("deposit") ",\"amount\":100}", "6ededc2bd2ade574e116c3e848639af3");
    expect_hash(HEAD("group") ",\"memo\":\"m\",\"commands\":["
                              "{\"type\":\"hold\",\"amount\":7,\"expires_in_s\":60},"
                              "{\"type\":\"release\",\"hold\":\"" OTHER_ID "\"}]}",
                "d7a8e3e1a6460b40a992eef4590b8899");
}

Test(command, test_spelling_does_not_change_the_hash) {
    cr_assert(same(HEAD("deposit") ",\"amount\":100}", HEAD("deposit") ",\"amount\":\"100\"}"));
    cr_assert(same(HEAD("deposit") ",\"amount\":100}",
                   "{ \"amount\":100, \"account\":\"\\u0061lice\", \"type\":\"deposit\",\n"
                   "\"id\":\"0193E4A0-7B1C-7DEF-8ABC-0123456789AB\", \"v\":1 }"));
}

Test(command, test_client_time_does_not_change_the_hash) {
    cr_assert(same(HEAD("deposit") ",\"amount\":100}",
                   HEAD("deposit") ",\"amount\":100,\"at\":\"yesterday\"}"));
}

Test(command, test_every_other_field_changes_the_hash) {
    const char *base = HEAD("deposit") ",\"amount\":100}";
    cr_assert_not(same(base, HEAD("withdraw") ",\"amount\":100}"));
    cr_assert_not(same(base, HEAD("deposit") ",\"amount\":101}"));
    cr_assert_not(same(base, HEAD("deposit") ",\"amount\":100,\"memo\":\"\"}"));
    cr_assert_not(same(base, HEAD("deposit") ",\"amount\":100,\"currency\":\"KRW\"}"));
    cr_assert_not(same(base, HEAD("deposit") ",\"amount\":100,\"expected_version\":0}"));
    cr_assert_not(same(HEAD("account.open") ",\"currency\":\"KRW\"}",
                       HEAD("account.open") ",\"currency\":\"KRW\",\"floor\":0}"));
    cr_assert_not(same(HEAD("capture") ",\"hold\":\"" ID "\"}",
                       HEAD("release") ",\"hold\":\"" ID "\"}"));
}

Test(command, test_members_change_the_hash) {
    const char *two = HEAD("group") ",\"commands\":[{\"type\":\"deposit\",\"amount\":1},"
                                    "{\"type\":\"withdraw\",\"amount\":2}]}";
    cr_assert_not(same(two, HEAD("group") ",\"commands\":[{\"type\":\"withdraw\",\"amount\":2},"
                                          "{\"type\":\"deposit\",\"amount\":1}]}"));
    cr_assert_not(same(two, HEAD("group") ",\"commands\":[{\"type\":\"deposit\",\"amount\":1}]}"));
}

Test(command, test_longest_command_can_be_hashed) {
    char json[COMMAND_JSON_MAX];
    int len = snprintf(json, sizeof json, HEAD("group") ",\"currency\":\"ABCDEFGH\",\"memo\":\""
                                                        "%0140d\",\"commands\":[", 0);
    for (int i = 0; i < COMMAND_GROUP_MAX; i++) {
        len += snprintf(json + len, sizeof json - (size_t)len,
                        "%s{\"type\":\"capture\",\"hold\":\"" ID "\",\"amount\":1}",
                        i > 0 ? "," : "");
    }
    snprintf(json + len, sizeof json - (size_t)len, "]}");
    hash_of(json);
    cr_assert_eq(f.command.members_count, COMMAND_GROUP_MAX);
}
