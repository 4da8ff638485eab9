#include "tests/unit/json_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void json_fixture_init(struct json_fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    cr_assert(arena_init(&fixture->arena, COMMAND_JSON_ARENA));
}

void json_fixture_close(struct json_fixture *fixture) {
    arena_close(&fixture->arena);
}

bool json_fixture_decode(struct json_fixture *fixture, const void *json, size_t len) {
    arena_reset(&fixture->arena);
    uint8_t *copy = malloc(len); /* exact, so that a sanitiser sees a read behind the end */
    cr_assert(copy != NULL || len == 0);
    if (len > 0) {
        memcpy(copy, json, len);
    }
    bool valid = command_decode((struct slice){.at = copy, .len = len}, COMMAND_JSON_RULES,
                                &fixture->arena, &fixture->command, &fixture->why);
    free(copy);
    return valid;
}

void json_fixture_accept(struct json_fixture *fixture, const char *json) {
    cr_assert(json_fixture_decode(fixture, json, strlen(json)), "%s: %s", json,
              fixture->why.detail);
}

void json_fixture_refuse(struct json_fixture *fixture, const char *json, enum outcome reason,
                         const char *detail) {
    cr_assert_not(json_fixture_decode(fixture, json, strlen(json)), "%s", json);
    cr_assert_eq(fixture->why.reason, reason, "%s: %s, not %s (%s)", json,
                 outcome_word(fixture->why.reason), outcome_word(reason), fixture->why.detail);
    cr_assert_str_eq(fixture->why.detail, detail, "%s: %s", json, fixture->why.detail);
}
