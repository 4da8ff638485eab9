#include "tests/harness/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/partition.h"
#include "common/rt/clock.h"

void commands_new_id(struct prng *prng, char id[UUID_TEXT_LEN + 1]) {
    uint64_t random[2] = {prng_next(prng), prng_next(prng)};
    uint8_t bytes[10];
    memcpy(bytes, random, sizeof bytes);
    struct uuid uuid = uuid_v7(clock_unix_ms(), bytes);
    uuid_format(&uuid, id);
}

void commands_open(char text[COMMAND_TEXT_MAX], const char *id, const char *account) {
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"account.open\",\"account\":\"%s\","
             "\"currency\":\"KRW\"}",
             id, account);
}

void commands_open_owing(char text[COMMAND_TEXT_MAX], const char *id, const char *account) {
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"account.open\",\"account\":\"%s\","
             "\"currency\":\"KRW\",\"floor\":-1000000}",
             id, account);
}

void commands_amount(char text[COMMAND_TEXT_MAX], const char *id, const char *type,
                     const char *account, int64_t amount) {
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"%s\",\"account\":\"%s\",\"amount\":%" PRId64 "}",
             id, type, account, amount);
}

void commands_reference(char text[COMMAND_TEXT_MAX], const char *id, const char *type,
                        const char *account, const char *field, const char *reference) {
    snprintf(text, COMMAND_TEXT_MAX,
             "{\"v\":1,\"id\":\"%s\",\"type\":\"%s\",\"account\":\"%s\",\"%s\":\"%s\"}", id, type,
             account, field, reference);
}

void commands_name_in_lane(char name[COMMAND_NAME_MAX], const char *prefix, uint16_t lane,
                           uint16_t lanes) {
    for (int i = 0;; i++) {
        int len = snprintf(name, COMMAND_NAME_MAX, "%s-%d", prefix, i);
        if (partition_of(name, (size_t)len, lanes) == lane) {
            return;
        }
    }
}
