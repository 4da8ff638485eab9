#include <criterion/criterion.h>
#include <string.h>

#include "common/result.h"

static struct result example(void) {
    struct result result = {.has_id = true, .type = COMMAND_DEPOSIT, .outcome = OUTCOME_APPLIED,
                            .has_balance = true, .balance = 10, .available = 7, .version = 3,
                            .lane = 5, .offset = 1042, .at_ms = 1709251199999};
    cr_assert(uuid_parse("0193e4a0-7b1c-7def-8abc-0123456789ab", 36, &result.id));
    cr_assert(ident_parse("alice", 5, &result.entity));
    return result;
}

static void expect_json(const struct result *result, const char *json) {
    struct strbuf buf = STRBUF_INIT;
    result_encode(result, &buf);
    cr_assert_str_eq(buf.text, json);
    strbuf_close(&buf);
}

static bool decode(const char *json, struct result *out, struct err *err) {
    const struct slice slice = {.at = (const uint8_t *)json, .len = strlen(json)};
    return result_decode(slice, out, err);
}

/* What is written reads back as what writes the same again. */
static void expect_round_trip(const struct result *result) {
    struct strbuf buf = STRBUF_INIT;
    struct result back;
    struct err err = ERR_INIT;
    result_encode(result, &buf);
    cr_assert(decode(buf.text, &back, &err), "%s: %s", buf.text, err.text);
    expect_json(&back, buf.text);
    strbuf_close(&buf);
}

Test(result, test_applied_has_every_field_in_order) {
    struct result result = example();
    expect_json(&result,
                "{\"v\":1,\"id\":\"0193e4a0-7b1c-7def-8abc-0123456789ab\",\"type\":\"deposit\","
                "\"account\":\"alice\",\"state\":\"applied\",\"balance\":10,\"available\":7,"
                "\"version\":3,\"lane\":5,\"offset\":1042,\"duplicate\":false,"
                "\"at\":\"2024-02-29T23:59:59.999Z\"}");
}

Test(result, test_rejection_has_reason_and_detail) {
    struct result result = example();
    result.outcome = OUTCOME_INSUFFICIENT_FUNDS;
    memcpy(result.detail, "say \"what\"", sizeof "say \"what\"");
    result.has_balance = false;
    result.duplicate = true;
    expect_json(&result,
                "{\"v\":1,\"id\":\"0193e4a0-7b1c-7def-8abc-0123456789ab\",\"type\":\"deposit\","
                "\"account\":\"alice\",\"state\":\"rejected\",\"reason\":\"insufficient_funds\","
                "\"detail\":\"say \\\"what\\\"\",\"lane\":5,\"offset\":1042,\"duplicate\":true,"
                "\"at\":\"2024-02-29T23:59:59.999Z\"}");
}

Test(result, test_quarantine_says_what_little_it_knows) {
    const struct result result = {.outcome = OUTCOME_MALFORMED, .lane = 1, .offset = 2};
    expect_json(&result, "{\"v\":1,\"state\":\"quarantined\",\"reason\":\"malformed\",\"lane\":1,"
                         "\"offset\":2,\"duplicate\":false,\"at\":\"1970-01-01T00:00:00.000Z\"}");
}

Test(result, test_every_outcome_round_trips) {
#define OUTCOME_TRIP(symbol, number, word, state)                                                  \
    {                                                                                              \
        struct result result = example();                                                          \
        result.outcome = OUTCOME_##symbol;                                                         \
        expect_round_trip(&result);                                                                \
    }
    OUTCOMES(OUTCOME_TRIP)
#undef OUTCOME_TRIP
}

Test(result, test_extreme_numbers_round_trip) {
    struct result result = example();
    result.balance = INT64_MIN;
    result.available = INT64_MAX;
    result.version = INT64_MAX;
    result.lane = UINT16_MAX;
    expect_round_trip(&result);
}

Test(result, test_newer_fields_and_types_are_passed_over) {
    struct result result;
    struct err err = ERR_INIT;
    cr_assert(decode("{\"v\":1,\"type\":\"loan\",\"state\":\"applied\",\"new\":[{}],\"lane\":0,"
                     "\"offset\":0,\"at\":\"1970-01-01T00:00:00.000Z\"}", &result, &err));
    cr_assert_eq(result.type, 0);
    cr_assert_not(result.has_id);
}

Test(result, test_what_is_no_result_names_the_field) {
    const struct {
        const char *json;
        const char *text;
    } rows[] = {
        {"[]", "result: not a JSON object"},
        {"", "result: not a JSON object"},
        {"{}", "result: v is missing or not valid"},
        {"{\"v\":1,\"id\":5}", "result: id is missing or not valid"},
        {"{\"v\":1,\"account\":\"@\"}", "result: account or product is missing or not valid"},
        {"{\"v\":1}", "result: state is missing or not valid"},
        {"{\"v\":1,\"state\":\"applied\",\"reason\":\"overflow\"}",
         "result: state is missing or not valid"},
        {"{\"v\":1,\"state\":\"rejected\",\"reason\":\"moon_phase\"}",
         "result: a newer Teller gave the reason \"moon_phase\""},
        {"{\"v\":1,\"state\":\"applied\",\"balance\":1}",
         "result: balance, available or version is missing or not valid"},
        {"{\"v\":1,\"state\":\"applied\",\"lane\":65536}", "result: lane is missing or not valid"},
        {"{\"v\":1,\"state\":\"applied\",\"lane\":1}", "result: offset is missing or not valid"},
        {"{\"v\":1,\"state\":\"applied\",\"lane\":1,\"offset\":1,\"at\":\"now\"}",
         "result: at is missing or not valid"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct result result;
        struct err err = ERR_INIT;
        cr_assert_not(decode(rows[i].json, &result, &err), "%s", rows[i].json);
        cr_assert_eq(err.kind, ERR_DATA);
        cr_assert_str_eq(err.text, rows[i].text);
    }
}
