/* Decodes texts for the tests of the codec: one arena, the last command and the last refusal. */
#ifndef TELLER_TESTS_UNIT_JSON_FIXTURE_H
#define TELLER_TESTS_UNIT_JSON_FIXTURE_H

#include "common/command_json.h"

#define ID "0193e4a0-7b1c-7def-8abc-0123456789ab"
#define OTHER_ID "0193e4a0-7b1c-7def-8abc-0123456789ac"

/* The start of a command of that type on the account alice, up to its own fields. */
#define HEAD(type) "{\"v\":1,\"type\":\"" type "\",\"id\":\"" ID "\",\"account\":\"alice\""

struct json_fixture {
    struct arena arena;
    struct command command;
    struct refusal why;
};

void json_fixture_init(struct json_fixture *fixture);
void json_fixture_close(struct json_fixture *fixture);

/* Decodes into fixture->command or fixture->why; the arena holds the last command only. */
bool json_fixture_decode(struct json_fixture *fixture, const void *json, size_t len);

/* The test fails unless the text decodes, or is refused with that reason and detail. */
void json_fixture_accept(struct json_fixture *fixture, const char *json);
void json_fixture_refuse(struct json_fixture *fixture, const char *json, enum outcome reason,
                         const char *detail);

#endif
