/* Outcomes in their order: where two rules refuse, the one that stands first in common/outcome.h
 * answers. Each row is a small world and its last answer. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/fakes/world.h"

#define LINES_MAX 8

struct row {
    const char *name;
    const char *commands[LINES_MAX]; /* type and fields; the id is the line's number */
    const char *answer;              /* of the last one */
};

#define OPEN "account.open\",\"currency\":\"EUR"
#define FUND "deposit\",\"amount\":\"100"

/* A row's line is completed to {"v":1,"id":"$N","account":"alice","type":"<line>"}. */
static const struct row rows[] = {
    {"no account",
     {"deposit\",\"amount\":5,\"expected_version\":7,\"memo\":\"x"},
     "no_such_account"},
    {"no account before no hold", {"release\",\"hold\":\"$9"}, "no_such_account"},
    {"exists before version",
     {OPEN, OPEN "\",\"expected_version\":7,\"memo\":\"x"},
     "account_exists"},
    {"closed before anything", {OPEN, "account.close", OPEN}, "account_closed"},
    {"closed before frozen rules",
     {OPEN, "account.freeze", "account.close", "deposit\",\"amount\":\"5"},
     "account_closed"},
    {"closed before currency",
     {OPEN, "account.close", "deposit\",\"amount\":5,\"currency\":\"USD"},
     "account_closed"},
    {"frozen before currency",
     {OPEN, "account.freeze", "deposit\",\"amount\":5,\"currency\":\"USD"},
     "account_frozen"},
    {"frozen before funds",
     {OPEN, "account.freeze", "withdraw\",\"amount\":\"5"},
     "account_frozen"},
    {"frozen hold", {OPEN, FUND, "account.freeze", "hold\",\"amount\":\"5"}, "account_frozen"},
    {"frozen capture",
     {OPEN, FUND, "hold\",\"amount\":\"5", "account.freeze", "capture\",\"hold\":\"$3"},
     "account_frozen"},
    {"frozen release goes on",
     {OPEN, FUND, "hold\",\"amount\":\"5", "account.freeze", "release\",\"hold\":\"$3"},
     "applied"},
    {"frozen reverse", {OPEN, FUND, "account.freeze", "reverse\",\"of\":\"$2"}, "account_frozen"},
    {"freeze twice", {OPEN, "account.freeze", "account.freeze"}, "applied"},
    {"unfreeze an open one", {OPEN, "account.unfreeze"}, "applied"},
    {"not empty before currency",
     {OPEN, FUND, "account.close\",\"currency\":\"USD"},
     "account_not_empty"},
    {"close with a hold",
     {OPEN, FUND, "hold\",\"amount\":\"100", "account.close"},
     "account_not_empty"},
    {"currency before version",
     {OPEN, "deposit\",\"amount\":5,\"expected_version\":7,\"currency\":\"USD"},
     "currency_mismatch"},
    {"version before funds",
     {OPEN, "withdraw\",\"expected_version\":7,\"amount\":\"5"},
     "version_mismatch"},
    {"funds", {OPEN, FUND, "withdraw\",\"amount\":\"101"}, "insufficient_funds"},
    {"held money is not available",
     {OPEN, FUND, "hold\",\"amount\":\"60", "withdraw\",\"amount\":\"41"},
     "insufficient_funds"},
    {"the floor",
     {OPEN "\",\"floor\":\"-50", "withdraw\",\"amount\":\"50", "withdraw\",\"amount\":\"1"},
     "insufficient_funds"},
    {"more than the hold",
     {OPEN, FUND, "hold\",\"amount\":\"5", "capture\",\"amount\":6,\"hold\":\"$3"},
     "insufficient_funds"},
    {"the ceiling", {OPEN "\",\"ceiling\":\"99", FUND}, "ceiling_exceeded"},
    {"ceiling before overflow",
     {OPEN "\",\"ceiling\":\"99", "deposit\",\"amount\":\"9223372036854775807"},
     "ceiling_exceeded"},
    {"overflow of the balance",
     {OPEN, FUND, "deposit\",\"amount\":\"9223372036854775807"},
     "overflow"},
    {"overflow of what is available",
     {OPEN "\",\"floor\":\"-1", "deposit\",\"amount\":\"9223372036854775807"},
     "overflow"},
    {"the largest balance", {OPEN, "deposit\",\"amount\":\"9223372036854775807"}, "applied"},
    {"no hold", {OPEN, "capture\",\"hold\":\"$9"}, "no_such_hold"},
    {"a deposit is no hold", {OPEN, FUND, "capture\",\"hold\":\"$2"}, "no_such_hold"},
    {"settled",
     {OPEN, FUND, "hold\",\"amount\":\"5", "release\",\"hold\":\"$3",
      "capture\",\"amount\":9,\"hold\":\"$3"},
     "hold_settled"},
    {"nothing to reverse", {OPEN, "reverse\",\"of\":\"$9"}, "no_such_command"},
    {"reversed before funds",
     {OPEN, FUND, "reverse\",\"of\":\"$2", "reverse\",\"of\":\"$2"},
     "already_reversed"},
    {"reverse without funds",
     {OPEN, FUND, "withdraw\",\"amount\":\"1", "reverse\",\"of\":\"$2"},
     "insufficient_funds"},
    {"reverse into the ceiling",
     {OPEN "\",\"ceiling\":\"100", FUND, "withdraw\",\"amount\":\"9", "deposit\",\"amount\":\"9",
      "reverse\",\"of\":\"$3"},
     "ceiling_exceeded"},
    {"a refusal is not reversible",
     {OPEN, "withdraw\",\"amount\":\"9", "reverse\",\"of\":\"$2"},
     "not_reversible"},
    {"a hold is not reversible",
     {OPEN, FUND, "hold\",\"amount\":\"9", "reverse\",\"of\":\"$3"},
     "not_reversible"},
    {"a reverse is not reversible",
     {OPEN, FUND, "reverse\",\"of\":\"$2", "reverse\",\"of\":\"$3"},
     "not_reversible"},
    {"a group fails whole",
     {OPEN, FUND,
      "group\",\"commands\":[{\"type\":\"deposit\",\"amount\":1},"
      "{\"type\":\"withdraw\",\"amount\":900}],\"memo\":\"x"},
     "group_failed (commands[1]: insufficient_funds)"},
    {"frozen before its members",
     {OPEN, "account.freeze",
      "group\",\"commands\":[{\"type\":\"withdraw\",\"amount\":9}],"
      "\"memo\":\"x"},
     "account_frozen"},
};

/* The story of the last result line, from its outcome on. */
static const char *last_answer(const struct strbuf *story) {
    const char *last = NULL;
    for (const char *at = strstr(story->text, "result @"); at != NULL;
         at = strstr(at + 1, "result @"))
        last = at;
    cr_assert_not_null(last);
    last = strchr(last, ' ') + 1;
    last = strchr(last, ' ') + 1;
    return strchr(last, ' ') + 1;
}

static void play(const struct row *row) {
    struct world *world = world_new();
    struct strbuf story = STRBUF_INIT;
    world_do(world, "take", &story);
    for (int i = 0; i < LINES_MAX && row->commands[i] != NULL; i++) {
        char line[1024];
        snprintf(line, sizeof line,
                 "at 1000 alice {\"v\":1,\"id\":\"$%d\",\"account\":\"alice\",\"type\":\"%s\"}",
                 i + 1, row->commands[i]);
        world_do(world, line, &story);
    }
    world_do(world, "run", &story);
    const char *answer = last_answer(&story);
    size_t len = strlen(row->answer);
    cr_expect(strncmp(answer, row->answer, len) == 0 && strchr(" \n", answer[len]) != NULL,
              "%s: %.60s", row->name, answer);
    strbuf_close(&story);
    world_free(world);
}

Test(precedence, test_the_first_rule_that_refuses_answers) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        play(&rows[i]);
}
