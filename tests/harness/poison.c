#include "tests/harness/poison.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/harness/commands.h"
#include "tests/harness/must.h"

#define DEEP 100000
#define HUGE_BYTES 900000
#define ROOM (HUGE_BYTES + COMMAND_TEXT_MAX)

/* In `form`, %I is a new id and %A the account. NULL: made by code, see `fill`. */
static const struct kind {
    const char *name;
    const char *expect;
    const char *form;
} kinds[] = {
    {"tombstone", "malformed", NULL},
    {"empty value", "malformed", ""},
    {"truncated object", "malformed", "{\"v\":1,\"id\":\"%I\",\"type\":\"depo"},
    {"array", "malformed", "[1,2,3]"},
    {"number", "malformed", "42"},
    {"two objects", "malformed",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1}{}"},
    {"byte order mark", "malformed",
     "\xef\xbb\xbf{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1}"},
    {"bytes that are not UTF-8", "malformed", "{\"v\":1,\"\xff\xfe\":1}"},
    {"lone surrogate", "malformed",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1,"
     "\"memo\":\"\\ud800\"}"},
    {"depth of 100,000", "too_large", NULL},
    {"value of 900 kB", "too_large", NULL},
    {"duplicate key", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1,\"amount\":2}"},
    {"2^63", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\","
     "\"amount\":9223372036854775808}"},
    {"zero", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":0}"},
    {"negative amount", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"withdraw\",\"account\":\"%A\",\"amount\":-5}"},
    {"float", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1.0}"},
    {"exponent", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1e2}"},
    {"NUL in a text", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1,"
     "\"memo\":\"a\\u0000b\"}"},
    {"misspelt field", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"ammount\":1}"},
    {"missing field", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\"}"},
    {"wrong type of field", "invalid_field",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":[\"%A\"],\"amount\":1}"},
    {"id that is no UUID", "invalid_field",
     "{\"v\":1,\"id\":\"7\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1}"},
    {"version 2", "unsupported_version",
     "{\"v\":2,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1}"},
    {"unknown type", "unknown_type",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"steal\",\"account\":\"%A\",\"amount\":1}"},
    {"key of another account", "misrouted",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"not-%A\",\"amount\":1}"},
    {"no key", "misrouted",
     "{\"v\":1,\"id\":\"%I\",\"type\":\"deposit\",\"account\":\"%A\",\"amount\":1}"},
    {"forged leg", "forged_leg", ""},
};

size_t poison_kinds(void) {
    return sizeof kinds / sizeof *kinds;
}

const char *poison_name(size_t kind) {
    return kinds[kind].name;
}

/* Replaces %I and %A. */
static size_t fill_form(char *text, const char *form, const char *account, struct prng *prng) {
    char id[UUID_TEXT_LEN + 1];
    commands_new_id(prng, id);
    size_t len = 0;
    for (const char *at = form; *at != '\0'; at++) {
        const char *word = at[0] == '%' && at[1] == 'I'   ? id
                           : at[0] == '%' && at[1] == 'A' ? account
                                                          : NULL;
        if (word == NULL) {
            text[len++] = *at;
        } else {
            memcpy(text + len, word, strlen(word));
            len += strlen(word);
            at++;
        }
        must(len + UUID_TEXT_LEN + 64 < ROOM, "poison is too long");
    }
    return len;
}

static size_t fill(char *text, size_t kind, const char *account, struct prng *prng) {
    if (strcmp(kinds[kind].name, "depth of 100,000") == 0) {
        memset(text, '[', DEEP);
        memset(text + DEEP, ']', DEEP);
        return 2 * DEEP;
    }
    if (strcmp(kinds[kind].name, "value of 900 kB") == 0) {
        memset(text, ' ', HUGE_BYTES);
        return HUGE_BYTES;
    }
    return kinds[kind].form != NULL ? fill_form(text, kinds[kind].form, account, prng) : 0;
}

void poison_send(struct sender *sender, size_t kind, const char *account, struct prng *prng) {
    static const uint8_t forged[44] = {1, 0xee};
    must(kind < poison_kinds(), "no poison of kind %zu", kind);
    char *text = malloc(ROOM);
    must(text != NULL, "out of memory");
    size_t len = fill(text, kind, account, prng);
    struct parcel parcel = {
        .key = slice_of(account),
        .value = {(const uint8_t *)text, len},
        .partition = -1,
        .expect = kinds[kind].expect,
    };
    if (strcmp(kinds[kind].name, "tombstone") == 0) {
        parcel.value.at = NULL;
    } else if (strcmp(kinds[kind].name, "no key") == 0) {
        parcel.key = (struct slice){NULL, 0};
        parcel.partition = 0;
    } else if (strcmp(kinds[kind].name, "forged leg") == 0) {
        parcel.leg = (struct slice){forged, sizeof forged};
    }
    sender_put(sender, &parcel);
    free(text);
}
