#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/json_fixture.h"

#define GROUP(members) HEAD("group") ",\"commands\":" members "}"
#define DEPOSIT "{\"type\":\"deposit\",\"amount\":1}"
#define HOLD "{\"type\":\"hold\",\"amount\":1}"

static struct json_fixture f;

static void set_up(void) {
    json_fixture_init(&f);
}

static void tear_down(void) {
    json_fixture_close(&f);
}

TestSuite(command_group, .init = set_up, .fini = tear_down);

static void expect_field(const char *json, const char *detail) {
    json_fixture_refuse(&f, json, OUTCOME_INVALID_FIELD, detail);
}

static const char *group_of(int deposits) {
    static char json[COMMAND_JSON_MAX];
    int len = snprintf(json, sizeof json, HEAD("group") ",\"commands\":[");
    for (int i = 0; i < deposits; i++) {
        len += snprintf(json + len, sizeof json - (size_t)len, "%s" DEPOSIT, i > 0 ? "," : "");
    }
    snprintf(json + len, sizeof json - (size_t)len, "]}");
    return json;
}

Test(command_group, test_members_are_read_in_order) {
    json_fixture_accept(&f, GROUP("[{\"type\":\"hold\",\"amount\":\"7\",\"expires_in_s\":60},"
                                  "{\"type\":\"capture\",\"hold\":\"" OTHER_ID "\"},"
                                  "{\"type\":\"withdraw\",\"amount\":3}]"));
    cr_assert_eq(f.command.members_count, 3);
    const struct command_member *members = f.command.members;
    cr_assert_eq(members[0].type, COMMAND_HOLD);
    cr_assert_eq(members[0].amount, 7);
    cr_assert_eq(members[0].expires_in_s, 60);
    cr_assert_eq(members[1].hold.bytes[15], 0xac);
    cr_assert_eq(members[1].given, 0);
    cr_assert_eq(members[2].type, COMMAND_WITHDRAW);
    cr_assert_eq(members[2].amount, 3);
}

Test(command_group, test_one_to_sixteen_members) {
    const char *must = "commands: must be an array of 1 .. 16 objects";
    json_fixture_accept(&f, group_of(1));
    json_fixture_accept(&f, group_of(16));
    cr_assert_eq(f.command.members_count, 16);
    expect_field(group_of(0), must);
    expect_field(group_of(17), must);
    expect_field(GROUP("{}"), must);
    expect_field(GROUP("[1]"), must);
    expect_field(GROUP("[" DEPOSIT ",[]]"), must);
}

Test(command_group, test_member_types_are_a_closed_list) {
    const char *must = "commands[1].type: must be deposit, withdraw, hold, capture or release";
    expect_field(GROUP("[" DEPOSIT ",{\"type\":\"group\",\"commands\":[]}]"), must);
    expect_field(GROUP("[" DEPOSIT ",{\"type\":\"account.open\"}]"), must);
    expect_field(GROUP("[" DEPOSIT ",{\"type\":\"reverse\"}]"), must);
    expect_field(GROUP("[" DEPOSIT ",{\"type\":1}]"), must);
    expect_field(GROUP("[" DEPOSIT ",{}]"), "commands[1].type: is missing");
}

Test(command_group, test_at_most_one_hold) {
    json_fixture_accept(&f, GROUP("[" HOLD "," DEPOSIT "]"));
    expect_field(GROUP("[" HOLD "," DEPOSIT "," HOLD "]"),
                 "commands[2].type: a group may have one hold");
}

Test(command_group, test_member_mistakes_name_member_and_field) {
    expect_field(GROUP("[" DEPOSIT ",{\"type\":\"deposit\"}]"), "commands[1].amount: is missing");
    expect_field(GROUP("[{\"type\":\"deposit\",\"amount\":0}]"),
                 "commands[0].amount: must be an integer of minor units, 1 .. 9223372036854775807");
    expect_field(GROUP("[{\"type\":\"release\",\"hold\":\"x\"}]"),
                 "commands[0].hold: must be a UUID of 36 characters");
    expect_field(GROUP("[" DEPOSIT ",{\"type\":\"deposit\",\"amount\":1,\"amount\":1}]"),
                 "commands[1].amount: is given twice");
    expect_field(GROUP("[" DEPOSIT "," DEPOSIT ",{\"amount\":9223372036854775808}]"),
                 "commands[2].amount: is a number beyond 64 bits");
}

Test(command_group, test_members_have_no_ids_of_their_own) {
    const char *keys[] = {"id", "v", "account", "memo", "currency", "at"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char json[512];
        char detail[64];
        snprintf(json, sizeof json,
                 GROUP("[{\"type\":\"deposit\",\"amount\":1,\"%s\":\"" ID "\"}]"), keys[i]);
        snprintf(detail, sizeof detail, "commands[0].%s: unknown field", keys[i]);
        expect_field(json, detail);
    }
}
